//! How the parts hang together: which stages families get to, that they can leave, and that someone
//! is there for them.
//!
//! Consumes a scenario whose parts each stand; only notes faults. Two graphs are looked at. *Named*
//! ways are all that the scenario writes, even with a share of 0 (which is how one switches a way
//! off). *Open* ways are those that a family can take in an area.

use std::collections::BTreeMap;

use super::super::faults::words;
use super::super::model::{
    AreaId, Destination, Duration, Holder, Moment, Parameter, Quantity, Route, Scenario, Share, Stage,
    StageId, Unit,
};
use super::super::tree::Path;
use super::Context;

impl Context<'_> {
    /// Checks everything that concerns several parts at once, as far as the parts stand.
    pub(super) fn connections(&mut self, scenario: &Scenario) {
        let broken = |tables: &[&str]| tables.iter().any(|table| self.is_touched(&Path::of(&[table])));
        if self.disconnected
            || scenario.stages.is_empty()
            || scenario.sources.is_empty()
            || broken(&["stages", "ends", "sources", "pathway", "initial"])
        {
            return;
        }
        let people_known = !broken(&["areas", "teams", "desks"]) && !scenario.areas.is_empty();
        let figures = Figures::of(self);
        self.unreachable_stages(scenario);
        self.places_without_way_out(scenario, &figures);
        self.circles_without_time(scenario, &figures);
        self.moments_out_of_reach(scenario);
        if people_known {
            let reached: Vec<Vec<bool>> =
                (0..scenario.areas.len()).map(|area| figures.open_reach(scenario, area)).collect();
            self.unserved_areas(scenario, &reached);
            self.units_without_workers(scenario, &figures, &reached);
            self.desks_without_people(scenario, &figures, &reached);
        }
    }

    fn unreachable_stages(&mut self, scenario: &Scenario) {
        let reached =
            spread(scenario.stages.len(), starts(scenario, None), |stage| named_ways(scenario, stage));
        for (stage, _) in scenario.stages.iter().zip(&reached).filter(|(_, reached)| !**reached) {
            let help = "name it in another stage's `next`, or take it away (without = [\"stages.…\"])"
                .replace('…', &stage.id);
            self.fault_at_key(
                &Path::of(&["stages", &stage.id]),
                words("no family can get to this stage", help),
            );
        }
    }

    /// A stage from which no end can be reached keeps its families for ever.
    fn places_without_way_out(&mut self, scenario: &Scenario, figures: &Figures) {
        let count = scenario.stages.len();
        let mut can_end = vec![false; count];
        let mut changed = true;
        while changed {
            changed = false;
            for stage in 0..count {
                if can_end[stage] {
                    continue;
                }
                let out = figures.open_ways_anywhere(scenario, stage).into_iter().any(|to| match to {
                    Destination::End(_) => true,
                    Destination::Stage(next) => can_end[next],
                });
                if out {
                    can_end[stage] = true;
                    changed = true;
                }
            }
        }
        for (stage, _) in scenario.stages.iter().zip(&can_end).filter(|(_, can_end)| !**can_end) {
            let path = Path::of(&["stages", &stage.id, "next"]);
            let help = "give a share over 0 to an end, here or in a stage that this leads to";
            self.fault_at_key(&path, words("families that get here can never leave the pathway", help));
        }
    }

    fn unserved_areas(&mut self, scenario: &Scenario, reached: &[Vec<bool>]) {
        for (index, stage) in scenario.stages.iter().enumerate() {
            let path = Path::of(&["stages", &stage.id]);
            for (keys, holder, table) in needed_at(stage) {
                let (id, served): (&str, Vec<AreaId>) = if table == "teams" {
                    let units = scenario.units.iter().filter(|unit| unit.team == holder);
                    (&scenario.teams[holder].id, units.flat_map(|unit| unit.areas.clone()).collect())
                } else {
                    let units = scenario.desk_units.iter().filter(|unit| unit.desk == holder);
                    (&scenario.desks[holder].id, units.flat_map(|unit| unit.areas.clone()).collect())
                };
                let without: Vec<&str> = (0..scenario.areas.len())
                    .filter(|area| reached[*area][index] && !served.contains(area))
                    .map(|area| scenario.areas[area].id.as_str())
                    .collect();
                if !without.is_empty() {
                    let message = format!(
                        "families of {} get here, but `{id}` does not serve them",
                        without.join(", ")
                    );
                    let help = format!(
                        "add them to `serves` in [{table}.{id}], or give them other `routes` before this stage"
                    );
                    let path = keys.iter().fold(path.clone(), |path, key| path.key(key));
                    self.fault(&path, words(message, help));
                }
            }
        }
    }

    fn units_without_workers(&mut self, scenario: &Scenario, figures: &Figures, reached: &[Vec<bool>]) {
        let staffed = |unit: &Unit| unit.workers.iter().any(|group| figures.may_be_positive(group.fte));
        for (team, given) in scenario.teams.iter().enumerate() {
            let path = Path::of(&["teams", &given.id]);
            let stages_where = |wanted: &dyn Fn(&Stage) -> bool| -> Vec<StageId> {
                (0..scenario.stages.len()).filter(|stage| wanted(&scenario.stages[*stage])).collect()
            };
            let held = stages_where(&|stage| stage.holder.team() == Some(team));
            let overseen = stages_where(&|stage| stage.oversight.is_some_and(|other| other.team == team));
            let supported = stages_where(&|stage| stage.support.is_some_and(|other| other.team == team));
            if held.is_empty() && overseen.is_empty() && supported.is_empty() {
                self.notes.push(format!("{path}: no stage is held by this team"));
            }
            let lacks = |index: usize, unit: &Unit| {
                let reaches = |stages: &[StageId]| {
                    unit.areas.iter().any(|area| stages.iter().any(|stage| reached[*area][*stage]))
                };
                let helped =
                    scenario.units.iter().any(|other| other.helps.contains(&index) && staffed(other));
                !staffed(unit) && (reaches(&held) && !helped || reaches(&overseen))
                    // That nobody supports may be wanted: the case's worker then does it.
                    || unit.workers.is_empty() && reaches(&supported)
            };
            let units = scenario.units.iter().enumerate().filter(|(_, unit)| unit.team == team);
            let empty: Vec<&str> =
                units.filter(|(index, unit)| lacks(*index, unit)).map(|(_, unit)| unit.id.as_str()).collect();
            if !empty.is_empty() {
                let who = if held.is_empty() { "other teams count on" } else { "families wait for" };
                let message = if empty == [given.id.as_str()] {
                    format!("{who} this team, which has no workers")
                } else {
                    format!("{who} this team in {}, where it has no workers", empty.join(", "))
                };
                let help =
                    format!("give `fte` here, or in [areas.{}.teams.{}]", scenario.areas[0].id, given.id);
                self.fault_at_key(&path, words(message, help));
            }
        }
    }

    fn desks_without_people(&mut self, scenario: &Scenario, figures: &Figures, reached: &[Vec<bool>]) {
        for (desk, given) in scenario.desks.iter().enumerate() {
            let path = Path::of(&["desks", &given.id]);
            let stages: Vec<usize> = (0..scenario.stages.len())
                .filter(|stage| match &scenario.stages[*stage].holder {
                    Holder::Desk(holder) => *holder == desk,
                    Holder::Checks(checks) => checks.iter().any(|(holder, _, _)| *holder == desk),
                    _ => false,
                })
                .collect();
            if stages.is_empty() {
                self.notes.push(format!("{path}: no stage uses this desk"));
            }
            let empty: Vec<&str> = scenario
                .desk_units
                .iter()
                .filter(|unit| unit.desk == desk)
                .filter(|unit| !unit.people.iter().any(|group| figures.may_be_positive(group.fte)))
                .filter(|unit| {
                    unit.areas.iter().any(|area| stages.iter().any(|stage| reached[*area][*stage]))
                })
                .map(|unit| unit.id.as_str())
                .collect();
            if !empty.is_empty() {
                let message = if empty == [given.id.as_str()] {
                    "families wait for this desk, which has no people".to_owned()
                } else {
                    format!("families wait for this desk in {}, where it has no people", empty.join(", "))
                };
                self.fault_at_key(&path, words(message, "give `fte`, or `people`"));
            }
        }
    }

    /// A circle of stages that take no time would go round for ever in one moment.
    fn circles_without_time(&mut self, scenario: &Scenario, figures: &Figures) {
        let instant: Vec<bool> = scenario
            .stages
            .iter()
            .map(|stage| match &stage.holder {
                Holder::Checks(checks) => checks.iter().all(|(_, _, task)| matches!(task, Duration::Zero)),
                _ => matches!(stage.duration, Duration::Zero),
            })
            .collect();
        for (index, stage) in scenario.stages.iter().enumerate().filter(|(index, _)| instant[*index]) {
            let onward = |from: StageId| -> Vec<StageId> {
                let ways = scenario.stages[from].routes.iter().flat_map(|route| figures.open_shares(route));
                ways.filter_map(|to| match to {
                    Destination::Stage(next) if instant[next] => Some(next),
                    _ => None,
                })
                .collect()
            };
            if spread(scenario.stages.len(), onward(index), onward)[index] {
                let help = "give a stage of the circle a duration over 0";
                let words = words("families can go round through this stage without any time passing", help);
                self.fault_at_key(&Path::of(&["stages", &stage.id]), words);
            }
        }
    }

    fn moments_out_of_reach(&mut self, scenario: &Scenario) {
        for clock in &scenario.clocks {
            let (Some((first, first_rank)), Some((last, last_rank))) =
                (stage_and_rank(clock.starts), stage_and_rank(clock.stops))
            else {
                continue;
            };
            if first == last && first_rank < last_rank {
                continue;
            }
            let onward = |stage: StageId| named_ways(scenario, stage);
            if !spread(scenario.stages.len(), onward(first), onward)[last] {
                let message = format!(
                    "no way leads from `{}` to `{}`",
                    scenario.stages[first].id, scenario.stages[last].id
                );
                let help = "let the clock stop at a moment that comes after its start";
                self.fault(&Path::of(&["clocks", &clock.id, "stops"]), words(message, help));
            }
        }
    }
}

/// Whom a stage needs: the keys of the stage that say so, the index of the team or desk, and its table.
fn needed_at(stage: &Stage) -> Vec<(Vec<&'static str>, usize, &'static str)> {
    let mut needs = match &stage.holder {
        Holder::Team(team) => vec![(vec!["team"], *team, "teams")],
        Holder::Desk(desk) => vec![(vec!["desk"], *desk, "desks")],
        Holder::Checks(checks) => {
            checks.iter().map(|(desk, _, _)| (vec!["checks"], *desk, "desks")).collect()
        }
        Holder::Nobody => Vec::new(),
    };
    needs.extend(stage.support.map(|support| (vec!["support", "team"], support.team, "teams")));
    needs.extend(stage.oversight.map(|oversight| (vec!["oversight", "team"], oversight.team, "teams")));
    needs
}

/// The parameters as far as they are known, by the index of their quantity.
struct Figures(BTreeMap<u32, Parameter>);

impl Figures {
    fn of(context: &Context<'_>) -> Self {
        let known = context.parameters.iter();
        Figures(
            known.filter_map(|(path, figure)| Some((*context.order.get(path)?, figure.clone()))).collect(),
        )
    }

    /// Whether the central value, or the highest, is over 0; a faulty figure is taken to be.
    fn may_be_positive(&self, quantity: Quantity) -> bool {
        self.0.get(&quantity.0).is_none_or(|figure| figure.high.unwrap_or(figure.value) > 0.0)
    }

    fn central(&self, quantity: Quantity) -> f64 {
        self.0.get(&quantity.0).map_or(1.0, |figure| figure.value)
    }

    fn open_ways_anywhere(&self, scenario: &Scenario, stage: StageId) -> Vec<Destination> {
        let given = &scenario.stages[stage];
        let mut ways: Vec<Destination> =
            given.routes.iter().flat_map(|route| self.open_shares(route)).collect();
        ways.extend(self.open_hazards(scenario, stage));
        ways
    }

    fn open_hazards(&self, scenario: &Scenario, stage: StageId) -> Vec<Destination> {
        let stage = &scenario.stages[stage];
        let all = stage.hazards.iter().chain(&stage.waiting_hazards);
        all.filter(|hazard| self.may_be_positive(hazard.rate_per_week)).map(|hazard| hazard.to).collect()
    }

    fn open_shares(&self, route: &Route) -> Vec<Destination> {
        let given: f64 = route
            .shares
            .iter()
            .filter_map(|(_, share)| match share {
                Share::Of(quantity) => Some(self.central(*quantity)),
                Share::Rest => None,
            })
            .sum();
        route
            .shares
            .iter()
            .filter(|(_, share)| match share {
                Share::Of(quantity) => self.may_be_positive(*quantity),
                Share::Rest => given < 1.0 - 1e-9,
            })
            .map(|(to, _)| *to)
            .collect()
    }

    /// Stages that families of an area can get to.
    fn open_reach(&self, scenario: &Scenario, area: AreaId) -> Vec<bool> {
        spread(scenario.stages.len(), starts(scenario, Some(area)), |stage| {
            let mut ways = self.open_hazards(scenario, stage);
            for route in scenario.stages[stage].routes.iter().rev() {
                if route.areas.as_ref().is_some_and(|areas| !areas.contains(&area)) {
                    continue;
                }
                ways.extend(self.open_shares(route));
                let always = route.from_day == i64::MIN && route.to_day == i64::MAX;
                if always && route.sources.is_none() {
                    // The last route that applies is taken, so none before it is.
                    break;
                }
            }
            ways.into_iter().flat_map(|to| stages_from(scenario, to)).collect()
        })
    }
}

/// Stages that one leads to by ways that are written, whatever their share.
fn named_ways(scenario: &Scenario, stage: StageId) -> Vec<StageId> {
    let stage = &scenario.stages[stage];
    let routes = stage.routes.iter().flat_map(|route| route.shares.iter().map(|(to, _)| *to));
    let hazards = stage.hazards.iter().chain(&stage.waiting_hazards).map(|hazard| hazard.to);
    routes.chain(hazards).flat_map(|to| stages_from(scenario, to)).collect()
}

/// The stage that a destination is, or the one to which families return from an end.
fn stages_from(scenario: &Scenario, to: Destination) -> Option<StageId> {
    match to {
        Destination::Stage(stage) => Some(stage),
        Destination::End(end) => scenario.ends[end].return_to.map(|back| back.to),
    }
}

fn starts(scenario: &Scenario, area: Option<AreaId>) -> Vec<StageId> {
    let entries = scenario.sources.iter().map(|source| source.entry);
    let initial = scenario
        .initial
        .iter()
        .filter(|cases| area.is_none_or(|area| cases.area == area))
        .map(|cases| cases.stage);
    entries.chain(initial).collect()
}

/// The stage of a moment, and the order of the moments of a stage.
fn stage_and_rank(moment: Moment) -> Option<(StageId, u8)> {
    match moment {
        Moment::Enter(stage) => Some((stage, 0)),
        Moment::Start(stage) => Some((stage, 1)),
        Moment::Leave(stage) => Some((stage, 2)),
        Moment::Arrival | Moment::Decided => None,
    }
}

/// All that can be got to from the starts, the starts included.
fn spread(count: usize, starts: Vec<StageId>, onward: impl Fn(StageId) -> Vec<StageId>) -> Vec<bool> {
    let mut reached = vec![false; count];
    let mut open = starts;
    while let Some(stage) = open.pop() {
        if !std::mem::replace(&mut reached[stage], true) {
            open.extend(onward(stage));
        }
    }
    reached
}
