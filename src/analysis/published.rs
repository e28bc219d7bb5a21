//! What stands for published figures in the instant answer.
//!
//! Consumes a scenario, a draw and its [`Analysis`]; produces, for each published figure, its expected
//! value, or `None` where only a simulation can tell (waits, shares on time, re-referrals). Averages
//! over all reported weeks, whatever the figure's own dates. Invariant: none of it is an input.

use super::offered_load::{Analysis, TeamLoad};
use super::supply::{Period, Staffing};
use crate::calendar::RunCalendar;
use crate::scenario::{Draw, Published, PublishedOf, Scenario, Stage, TeamId};

/// Weeks in a year.
const WEEKS: f64 = 365.25 / 7.0;

/// The instant answer to each of [`Scenario::published`].
pub fn expected(scenario: &Scenario, draw: &Draw, analysis: &Analysis) -> Vec<Option<f64>> {
    let calendar = RunCalendar::new(scenario.first_day(), scenario.total_weeks() as usize * 7);
    let answers = Answers {
        scenario,
        draw,
        analysis,
        period: Period::horizon(scenario, &calendar),
        children: scenario.demand.children.mean(draw),
    };
    scenario.published.iter().map(|published| answers.of(published)).collect()
}

struct Answers<'a> {
    scenario: &'a Scenario,
    draw: &'a Draw,
    analysis: &'a Analysis,
    period: Period,
    children: f64,
}

impl Answers<'_> {
    fn of(&self, published: &Published) -> Option<f64> {
        if published.weeks.is_empty() {
            return None;
        }
        let mut figure = self.sum(published, &published.measures)?;
        if !published.over.is_empty() {
            figure /= self.sum(published, &published.over)?;
        }
        if published.as_children {
            figure *= self.children;
        }
        Some(figure * published.per.weeks()).filter(|figure| figure.is_finite())
    }

    /// Measures added up over those whom the figure is of.
    fn sum(&self, published: &Published, measures: &[String]) -> Option<f64> {
        let each = |of: &dyn Fn(&str) -> Option<f64>| -> Option<f64> {
            measures.iter().map(|measure| of(measure)).sum()
        };
        match &published.of {
            PublishedOf::Council => each(&|measure| self.of_council(measure)),
            PublishedOf::Teams(teams) => {
                teams.iter().map(|team| each(&|measure| self.of_team(*team, measure))).sum()
            }
            PublishedOf::Desks(desks) => {
                let of_desk = |desk: usize, measure: &str| {
                    let id = &self.scenario.desks[desk].id;
                    let units = self.analysis.desks.iter().filter(|unit| unit.desk == *id);
                    (measure == "arrivals").then(|| units.map(|unit| unit.tasks_per_week).sum())
                };
                desks.iter().map(|desk| each(&|measure| of_desk(*desk, measure))).sum()
            }
        }
    }

    /// A measure of the whole council: a level, or events a week.
    fn of_council(&self, measure: &str) -> Option<f64> {
        let flow = &self.analysis.flow;
        let stage = |id: &str| self.scenario.stages.iter().position(|stage| stage.id == id);
        let held = |stages: &[usize]| {
            let held = flow.held();
            stages.iter().map(|stage| held.column(*stage).sum()).sum::<f64>()
        };
        if let Some(stage) = measure.strip_prefix("open_families_").and_then(stage) {
            return Some(held(&[stage]));
        }
        if let Some(stage) = measure.strip_prefix("open_children_").and_then(stage) {
            return Some(held(&[stage]) * self.children);
        }
        if let Some(stage) = measure.strip_prefix("entries_").and_then(stage) {
            return Some(flow.entries.column(stage).sum());
        }
        if let Some(id) = measure.strip_prefix("ends_") {
            let end = self.scenario.ends.iter().position(|end| end.id == id)?;
            return Some(flow.ends.column(end).sum());
        }
        let stages = self.scenario.stages.iter().enumerate();
        let of_teams: Vec<usize> =
            stages.filter(|(_, stage)| stage.holder.team().is_some()).map(|(index, _)| index).collect();
        match measure {
            "arrivals" => Some(self.analysis.demand.arrivals.sum() + self.returns(|_| true)),
            "referrals" => Some(self.referrals()),
            "open_families" => Some(held(&of_teams)),
            "open_children" => Some(held(&of_teams) * self.children),
            "step_ups" => Some(self.moves(|from, to| from.level < to.level)),
            "step_downs" => Some(self.moves(|from, to| from.level > to.level)),
            _ => None,
        }
    }

    /// Families a week who come back after closure to a stage of some kind.
    fn returns(&self, to: impl Fn(&Stage) -> bool) -> f64 {
        let ends = self.scenario.ends.iter().enumerate();
        ends.filter_map(|(end, described)| {
            let back = described.return_to.filter(|back| to(&self.scenario.stages[back.to]))?;
            Some(self.analysis.flow.ends.column(end).sum() * self.draw[back.share])
        })
        .sum()
    }

    /// Families a week who move between stages of some kind.
    fn moves(&self, between: impl Fn(&Stage, &Stage) -> bool) -> f64 {
        let stages = &self.scenario.stages;
        let moves = self.analysis.flow.moves.indexed_iter();
        moves.filter(|((_, from, to), _)| between(&stages[*from], &stages[*to])).map(|(_, count)| count).sum()
    }

    /// Families a week who enter a stage that is a referral from elsewhere.
    fn referrals(&self) -> f64 {
        let sources = self.scenario.sources.iter().enumerate();
        let at_once: f64 = sources
            .filter(|(_, source)| self.scenario.stages[source.entry].referral)
            .map(|(index, _)| self.analysis.demand.arrivals.column(index).sum())
            .sum();
        at_once + self.returns(|stage| stage.referral) + self.moves(|from, to| to.referral && !from.referral)
    }

    /// A measure of a team, all its units together.
    fn of_team(&self, team: TeamId, measure: &str) -> Option<f64> {
        let described = &self.scenario.teams[team];
        let rows = || self.analysis.teams.iter().filter(|row| row.team == described.id);
        let sum = |of: fn(&TeamLoad) -> f64| Some(rows().map(of).sum::<f64>());
        match measure {
            // In the long run as many leave as come.
            "arrivals" | "completions" => return sum(|row| row.families_per_week),
            "open_families" => return sum(|row| row.open_families),
            "open_children" => return sum(|row| row.open_children),
            "hours_needed" => return sum(|row| row.hours_needed),
            "hours_available" => return sum(|row| row.hours_available),
            _ => {}
        }
        let units = self.scenario.units.iter().filter(|unit| unit.team == team);
        let posts: f64 = units.flat_map(|unit| &unit.workers).map(|group| self.draw[group.fte]).sum();
        let staffing = described
            .workforce
            .as_ref()
            .map(|workforce| Staffing::of_workforce(workforce, self.draw, &self.period));
        let filled = staffing.map_or(1.0, |staffing| 1.0 - staffing.vacant);
        let holding =
            staffing.map_or(1.0, |staffing| staffing.holding * (1.0 - staffing.vacant + staffing.agency));
        match measure {
            "fte_in_post" => Some(posts * filled),
            "fte_holding" => Some(posts * holding),
            "families_per_fte" => Some(sum(|row| row.open_families)? / (posts * holding)),
            "children_per_fte" => Some(sum(|row| row.open_children)? / (posts * holding)),
            "fte_vacant" => Some(posts * staffing?.vacant),
            "fte_agency" => Some(posts * staffing?.agency),
            "fte_sick" => staffing.map(|one| posts * (1.0 - one.vacant + one.agency) * one.sick),
            "leavers" => staffing.map(|one| posts * (1.0 - one.vacant) * one.leavers / WEEKS),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::offered_load::analyse;
    use super::*;
    use crate::scenario::load_text;

    /// 520 families a year of two children; half go on to six months of casework, a tenth return. Ten
    /// posts, filled for two years and vacant for half a year, sick for a tenth of the time.
    const TEXT: &str = r#"
        name = "published"
        start = 2024-01-01
        warm_up_weeks = 520
        horizon_weeks = 520
        [areas.town]
        families_per_year = { any = 520 }
        [sources.any]
        entry = "first"
        [demand.children]
        shares = [0, 1]
        [stages.first]
        duration = 7
        next = { casework = 0.5, out = 0.5 }
        [stages.casework]
        team = "social_work"
        referral = true
        hours_per_week = 1
        duration = { value = 182.625 }
        next = { closed = 1 }
        [ends.out]
        [ends.closed]
        returns = { share = 0.1, to = "casework" }
        [teams.social_work]
        serves = "all_areas"
        fte = 10
        [teams.social_work.workforce]
        vacant_share = 0.2
        leavers = 0.5
        time_to_hire = { distribution = "exponential", mean = 182.625 }
        agency_share = 0.5
        agency_delay_days = 0
        sickness_spells = 2
        sickness_short_share = 1
        sickness_short_days = 20.29166666666667
    "#;

    fn answer(lines: &str) -> Option<f64> {
        let text = format!("{TEXT}\n[published.one]\nvalue = 1\nsource = \"made up\"\n{lines}");
        let scenario = load_text("published.toml", &text).expect("valid");
        let draw = scenario.central_draw();
        expected(&scenario, &draw, &analyse(&scenario, &draw).expect("families leave"))[0]
    }

    fn near(lines: &str, exact: f64) {
        let found = answer(lines).expect(lines);
        assert!((found / exact - 1.0).abs() < 1e-9, "{lines}: {found} for {exact}");
    }

    #[test]
    fn flows_and_stocks_follow_from_the_traffic_equations() {
        // Referrals: half of 520, and a tenth of them again, for ever: 260 / 0.9.
        near("measure = \"referrals\"", 260.0 / 0.9);
        near("measure = \"referrals\"\ncounts = \"children\"\nper = \"month\"", 520.0 / 0.9 / 12.0);
        near("measure = \"entries_casework\"", 260.0 / 0.9);
        near("measure = \"arrivals\"", 520.0 + 26.0 / 0.9);
        near("measure = \"ends_out\"", 260.0);
        near("measure = \"open_children_casework\"", 260.0 / 0.9);
        near("measure = \"open_families_casework\"\nover = \"open_children_casework\"", 0.5);
    }

    #[test]
    fn posts_are_filled_vacant_covered_and_sick_as_renewals_have_it() {
        let of = |measure: &str| format!("team = \"social_work\"\nmeasure = \"{measure}\"");
        near(&of("fte_vacant"), 2.0);
        near(&of("fte_in_post"), 8.0);
        near(&of("fte_agency"), 1.0);
        near(&of("fte_holding"), 9.0);
        near(&of("fte_sick"), 0.9);
        near(&of("leavers"), 4.0);
        near(&of("children_per_fte"), 260.0 / 0.9 / 9.0);
        near(&format!("{}\nover = \"fte_in_post\"", of("leavers")), 0.5);
        near(&format!("{}\nover = [\"fte_vacant\", \"fte_in_post\"]", of("fte_vacant")), 0.2);
    }

    #[test]
    fn what_only_a_simulation_tells_is_not_guessed() {
        assert_eq!(answer("measure = \"re_referrals\"\nover = \"referrals\""), None);
        assert_eq!(answer("measure = \"waiting_families\""), None);
        assert_eq!(answer("measure = \"arrivals\"\nto = 2024-01-01"), None);
    }
}
