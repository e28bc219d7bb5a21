//! What happened to each family of one replication, for whoever asks to see it.
//!
//! Purpose: extracts like a council's, made from a run whose truth is known. Consumes the moments that the
//! engine passes on; produces a [`Chronicle`]. **Invariant:** nothing is drawn and nothing decided here, so
//! that a replication that is watched gives the very bits of one that is not.

use super::family::{Family, NOBODY};
use crate::scenario::{AreaId, Destination, SourceId, StageId};

/// All families of one replication, in order of their first appearance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chronicle {
    /// The families.
    pub stories: Vec<Story>,
    /// For each place of the engine's slab, whose story is being told there.
    at_place: Vec<usize>,
}

/// One family's way. Times are days from the run's first day; what was open then has times before 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// Where it lives.
    pub area: AreaId,
    /// Who made its first contact.
    pub source: SourceId,
    /// Its children.
    pub children: u8,
    /// When it made contact: the first time, and on each return. Empty for a family open at the start.
    pub contacts: Vec<f64>,
    /// The stages it went through, in order.
    pub visits: Vec<Visit>,
}

/// One stay in a stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visit {
    /// The stage.
    pub stage: StageId,
    /// When it joined.
    pub entered: f64,
    /// When work began: allocated to a worker, taken up at the desk; `None` if it had not, or it left before.
    pub began: Option<f64>,
    /// The post that held it, counted over the whole council, where a worker did.
    pub worker: Option<u32>,
    /// When it left and where it went; `None` if it was there on the last day.
    pub left: Option<(f64, Destination)>,
}

impl Chronicle {
    /// A family appears in a place of the slab.
    pub(super) fn appear(&mut self, place: usize, family: &Family) {
        if self.at_place.len() <= place {
            self.at_place.resize(place + 1, 0);
        }
        self.at_place[place] = self.stories.len();
        self.stories.push(Story {
            area: usize::from(family.area),
            source: usize::from(family.source),
            children: family.children,
            contacts: Vec::new(),
            visits: Vec::new(),
        });
    }

    pub(super) fn contact(&mut self, place: usize, now: f64) {
        self.story(place).contacts.push(now);
    }

    pub(super) fn enter(&mut self, place: usize, stage: StageId, now: f64) {
        let visit = Visit { stage, entered: now, began: None, worker: None, left: None };
        self.story(place).visits.push(visit);
    }

    pub(super) fn begin(&mut self, place: usize, worker: u32, now: f64) {
        if let Some(visit) = self.story(place).visits.last_mut() {
            visit.began = Some(now);
            visit.worker = (worker != NOBODY).then_some(worker);
        }
    }

    /// A case open on the first day began before it.
    pub(super) fn backdate(&mut self, place: usize, began: f64) {
        if let Some(visit) = self.story(place).visits.last_mut() {
            (visit.entered, visit.began) = (began, Some(began));
        }
    }

    pub(super) fn leave(&mut self, place: usize, to: Destination, now: f64) {
        if let Some(visit) = self.story(place).visits.last_mut() {
            visit.left = Some((now, to));
        }
    }

    fn story(&mut self, place: usize) -> &mut Story {
        &mut self.stories[self.at_place[place]]
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::load_text;
    use crate::simulation::Simulator;

    const SCENARIO: &str = r#"
        name = "watched"
        start = 2024-01-01
        warm_up_weeks = 0
        horizon_weeks = 26
        [areas.town]
        families_per_year = { any = 400 }
        [sources.any]
        entry = "first"
        [stages.first]
        duration = 20
        next = { second = 0.5, out = 0.5 }
        [stages.second]
        duration = { distribution = "exponential", mean = 10 }
        next = { out = 1 }
        [ends.out]
        returns = { share = 0.5, within_days = 100, mean_days = 20, to = "first" }
    "#;

    #[test]
    fn being_watched_changes_nothing_and_the_story_agrees_with_the_counts() {
        let scenario = load_text("watched.toml", SCENARIO).expect("valid");
        let simulator = Simulator::new(&scenario, 1);
        let mut workspace = simulator.workspace();
        let alone = simulator.replicate(0, &mut workspace).expect("laws hold");
        let draw = simulator.draw(0);
        let (record, chronicle) = simulator.chronicle(0, &draw, &mut workspace).expect("laws hold");
        assert!(alone.weekly.iter().zip(&record.weekly).all(|(a, b)| a.to_bits() == b.to_bits()));
        let after = simulator.replicate(0, &mut workspace).expect("laws hold");
        assert!(alone.horizon.iter().zip(&after.horizon).all(|(a, b)| a.to_bits() == b.to_bits()));
        let total = |measure: &str| {
            let row = simulator.layout().series.iter().position(|series| series.measure == measure);
            record.horizon[row.expect("the series")]
        };
        let contacts: usize = chronicle.stories.iter().map(|story| story.contacts.len()).sum();
        assert_eq!(contacts as f64, total("arrivals"));
        let second = scenario.stages.iter().position(|stage| stage.id == "second").unwrap();
        let visits = chronicle.stories.iter().flat_map(|story| &story.visits);
        assert_eq!(visits.filter(|visit| visit.stage == second).count() as f64, total("entries_second"));
        assert!(chronicle.stories.iter().any(|story| story.contacts.len() > 1), "some come back");
        for story in &chronicle.stories {
            for pair in story.visits.windows(2) {
                assert!(pair[0].left.is_some_and(|(time, _)| time <= pair[1].entered));
            }
        }
    }
}
