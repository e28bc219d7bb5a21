//! Where families go from each stage, and how often they come back.
//!
//! Consumes linked cases and the base's splits; produces shares with the intervals of a Dirichlet posterior under Jeffreys'
//! prior (each share alone is a Beta). Destinations that the lists cannot tell apart form one [`Group`], whose estimate is
//! divided in the base's proportions. A stage of which some way on is in no list stays as it is.

use super::figure::{Figure, Kind, NORMAL_95, share_interval};
use super::maximise::maximise;
use super::roles::{Roles, outcome_of_end};
use super::stays::{Case, Cases};
use crate::extracts::records::{List, Outcome};
use crate::scenario::{Destination, EndId, Scenario, Share, StageId};

/// Effective cases below which a split stays as it is.
pub const LEAST_CASES: f64 = 10.0;
/// Days before the extract's end after which an enquiry may still be without its outcome.
pub const ENQUIRY_DAYS: i64 = 75;

/// Ways on that an extract can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// On to the stage of a list.
    To(List),
    /// To the initial conference.
    Conference,
    /// Closed, in this way where the list says how.
    Closed(Option<Outcome>),
    /// Early help stepped up.
    SteppedUp,
    /// Any other way.
    Other,
}

/// What the extracts are asked about a stage.
pub struct Split<'s> {
    /// The base.
    pub scenario: &'s Scenario,
    /// Its names.
    pub roles: &'s Roles,
    /// The stage.
    pub stage: StageId,
    /// The list of which it is asked.
    pub list: List,
}

/// Counts of one split.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Children by group, in order of the groups.
    pub groups: Vec<(Group, usize)>,
    /// Children who went a way that the base does not know.
    pub elsewhere: usize,
}

impl Counted {
    /// Children in all groups.
    pub fn all(&self) -> usize {
        self.groups.iter().map(|(_, count)| count).sum()
    }
}

impl Split<'_> {
    /// The stage's only split, and each destination's group; else why it is not estimated.
    pub fn groups(&self) -> Result<Vec<(Destination, f64, Group)>, String> {
        let stage = &self.scenario.stages[self.stage];
        let [route] = stage.routes.as_slice() else {
            return Err("the base has splits of its own for some sources, areas or dates".to_owned());
        };
        let central = self.scenario.central_draw();
        let given = |share: &Share| match share {
            Share::Of(quantity) => central[*quantity],
            Share::Rest => 0.0,
        };
        let rest = (1.0 - route.shares.iter().map(|(_, share)| given(share)).sum::<f64>()).max(0.0);
        let mut groups = Vec::new();
        for (to, share) in &route.shares {
            let value = if *share == Share::Rest { rest } else { given(share) };
            groups.push((*to, value, self.group(*to)?));
        }
        let taken = |hazard: &crate::scenario::Hazard| {
            self.group(hazard.to).is_ok_and(|group| groups.iter().any(|(_, _, other)| *other == group))
        };
        if stage.hazards.iter().any(taken) {
            return Err(
                "a hazard and the split lead the same way, and dates do not tell which it was".to_owned()
            );
        }
        Ok(groups)
    }

    /// The group of a destination.
    pub fn group(&self, to: Destination) -> Result<Group, String> {
        match (self.list, to) {
            (List::Section47, Destination::Stage(stage)) if Some(stage) == self.roles.conference => {
                Ok(Group::Conference)
            }
            (List::Section47, to) if Some(self.stage) == self.roles.conference => {
                let plan = self.roles.leads_to(to) == Some(List::ProtectionPlan);
                Ok(if plan { Group::To(List::ProtectionPlan) } else { Group::Other })
            }
            (List::Section47, _) => Ok(Group::Other),
            (List::EarlyHelp, Destination::Stage(_)) => Ok(Group::SteppedUp),
            (_, Destination::Stage(stage)) => match self.roles.list_of[stage] {
                Some(list) => Ok(Group::To(list)),
                None => Err(format!("no list shows who goes on to \"{}\"", self.scenario.stages[stage].id)),
            },
            (list, Destination::End(end)) => {
                let told = matches!(list, List::EarlyHelp | List::Assessment | List::Referral);
                Ok(Group::Closed(told.then(|| self.told(outcome_of_end(self.scenario, end)))))
            }
        }
    }

    /// What the list's rows say of an outcome: only early help says whether a family left early.
    fn told(&self, outcome: Outcome) -> Outcome {
        match (self.list, outcome) {
            (List::EarlyHelp, Outcome::Disengaged) => Outcome::Disengaged,
            (List::EarlyHelp, _) => Outcome::OutcomesMet,
            (_, Outcome::NoFurtherAction) => Outcome::NoFurtherAction,
            _ => Outcome::WentOn,
        }
    }

    /// The way a case went, if its row tells.
    pub fn way(&self, case: &Case, last: i64) -> Option<Group> {
        if self.list == List::Section47 {
            return self.way_of_enquiry(case, last);
        }
        if self.list == List::EarlyHelp {
            case.end?;
            return Some(match case.outcome? {
                Outcome::SteppedUp => Group::SteppedUp,
                outcome => Group::Closed(Some(self.told(outcome))),
            });
        }
        match case.next? {
            Some(list) => Some(Group::To(list)),
            None if matches!(self.list, List::Assessment | List::Referral) => {
                let outcome = case.outcome.unwrap_or(Outcome::WentOn);
                Some(Group::Closed(Some(self.told(outcome))))
            }
            None => Some(Group::Closed(None)),
        }
    }

    fn way_of_enquiry(&self, case: &Case, last: i64) -> Option<Group> {
        if case.start + ENQUIRY_DAYS >= last {
            return None;
        }
        let conference = Some(self.stage) == self.roles.conference;
        match (conference, case.outcome?) {
            (false, Outcome::WentOn | Outcome::ConferenceWithoutPlan) => Some(Group::Conference),
            (false, _) => Some(Group::Other),
            (true, Outcome::WentOn) => Some(Group::To(List::ProtectionPlan)),
            (true, Outcome::ConferenceWithoutPlan) => Some(Group::Other),
            (true, _) => None,
        }
    }

    /// Counts the ways of a list's cases.
    pub fn count(&self, cases: &Cases, groups: &[(Destination, f64, Group)]) -> Counted {
        let (first, last) = cases.window(self.list).unwrap_or((0, 0));
        let mut known: Vec<(Group, usize)> = groups.iter().map(|(_, _, group)| (*group, 0)).collect();
        known.sort();
        known.dedup();
        let closed: Vec<Group> =
            known.iter().map(|(group, _)| *group).filter(|group| matches!(group, Group::Closed(_))).collect();
        let mut elsewhere = 0;
        for case in cases.of(self.list) {
            let begun_before = matches!(self.list, List::Section47) && case.start < first;
            let Some(way) = self.way(case, last).filter(|_| !begun_before) else { continue };
            // With one way to be closed it is that, whatever the row says of it.
            let way = match (way, closed.as_slice()) {
                (Group::Closed(_), [only]) => *only,
                (way, _) => way,
            };
            match known.iter_mut().find(|(group, _)| *group == way) {
                Some((_, count)) => *count += 1,
                None => elsewhere += 1,
            }
        }
        Counted { groups: known, elsewhere }
    }
}

/// The figures of a split.
pub fn figures(
    split: &Split,
    groups: &[(Destination, f64, Group)],
    counted: &Counted,
    inflation: f64,
    source: &str,
) -> Result<Vec<Figure>, String> {
    let all = counted.all() as f64 / inflation;
    if all < LEAST_CASES {
        return Err(format!("only {} children left it in view", counted.all()));
    }
    let prior = 0.5 * counted.groups.len() as f64;
    let stage = &split.scenario.stages[split.stage].id;
    let mut found = Vec::new();
    for (to, base, group) in groups {
        let Some((_, count)) = counted.groups.iter().find(|(known, _)| known == group) else { continue };
        let part = *count as f64 / inflation;
        let (low, high) = share_interval(part, all);
        let value = (part + 0.5) / (all + prior);
        let alike: Vec<f64> =
            groups.iter().filter(|(_, _, other)| other == group).map(|(_, base, _)| *base).collect();
        let total: f64 = alike.iter().sum();
        let within = if total > 0.0 { base / total } else { 1.0 / alike.len() as f64 };
        found.push(Figure {
            path: format!("stages.{stage}.next.{}", name(split.scenario, *to)),
            kind: Kind::Share,
            base: *base,
            value: value * within,
            low: low.min(value) * within,
            high: high.max(value) * within,
            rows: counted.all(),
            method: if alike.len() > 1 {
                "Dirichlet, Jeffreys' prior; divided in the base's proportions"
            } else {
                "Dirichlet, Jeffreys' prior"
            },
            source: source.to_owned(),
            derived: alike.len() > 1,
        });
    }
    Ok(found)
}

/// The identifier of a destination.
pub fn name(scenario: &Scenario, to: Destination) -> &str {
    match to {
        Destination::Stage(stage) => &scenario.stages[stage].id,
        Destination::End(end) => &scenario.ends[end].id,
    }
}

/// A closure and what came after it. Days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closure {
    /// Which end.
    pub end: EndId,
    /// Days until the child was contacted again, if that was seen.
    pub back: Option<i64>,
    /// Days from the closure to the extract's end.
    pub followed: i64,
}

/// Closures below which a share of returns stays as it is.
const LEAST_CLOSURES: usize = 100;

/// The share of families who come back after an end, given how the base spreads returns over time.
///
/// A closure *f* days before the extract's end was not followed by a return with probability 1 − s G(f), G being the
/// base's distribution of the delay; one that was, after *u* days, counts by s.
pub fn returns(
    scenario: &Scenario,
    end: EndId,
    closures: &[Closure],
    inflation: f64,
    source: &str,
) -> Result<Figure, String> {
    let back = scenario.ends[end].return_to.ok_or("nobody comes back from it in the base")?;
    let central = scenario.central_draw();
    let (mean, within) = (central[back.mean_days], central[back.within_days]);
    let of: Vec<&Closure> = closures.iter().filter(|closure| closure.end == end).collect();
    let is_back = |closure: &Closure| closure.back.is_some_and(|days| days as f64 <= within);
    let count = of.iter().filter(|closure| is_back(closure)).count();
    if of.len() < LEAST_CLOSURES || count < 10 {
        return Err(format!("{count} returns after {} closures in view are too few", of.len()));
    }
    let seen = |days: f64| libm::expm1(-days.min(within) / mean) / libm::expm1(-within / mean);
    let share = |at: &[f64]| 1.0 / (1.0 + libm::exp(-at[0]));
    let likelihood = |at: &[f64]| {
        let share = share(at);
        let one = |closure: &&Closure| match is_back(closure) {
            true => libm::log(share),
            false => libm::log1p(-share * seen(closure.followed as f64)),
        };
        of.iter().map(one).sum::<f64>()
    };
    let found = maximise(likelihood, &[-1.0]).ok_or("the closures do not determine it")?;
    let value = share(&found.at);
    let reach = NORMAL_95 * (found.covariance[0] * inflation).sqrt();
    let at = |sign: f64| share(&[found.at[0] + sign * reach]);
    Ok(Figure {
        path: format!("ends.{}.returns.share", scenario.ends[end].id),
        kind: Kind::Share,
        base: central[back.share],
        value,
        low: at(-1.0),
        high: at(1.0),
        rows: of.len(),
        method: "maximum likelihood, closures followed for less than a year cut off; delays as in the base",
        source: source.to_owned(),
        derived: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_not_yet_seen_are_allowed_for() {
        let scenario = crate::scenario::load_text(
            "back.toml",
            r#"
            name = "back"
            start = 2024-01-01
            warm_up_weeks = 0
            horizon_weeks = 4
            [areas.town]
            families_per_year = { any = 500 }
            [sources.any]
            entry = "first"
            [stages.first]
            duration = 20
            next = { out = 1 }
            [ends.out]
            returns = { share = 0.5, within_days = 365, mean_days = 120, to = "first" }
            "#,
        )
        .expect("valid");
        // Of 1,000 closures followed for 100 days each, 0.4 G(100) return, spread as the base says.
        let seen = libm::expm1(-100.0 / 120.0) / libm::expm1(-365.0 / 120.0);
        let count = (1000.0 * 0.4 * seen).round() as usize;
        let closures: Vec<Closure> = (0..1000)
            .map(|index| Closure { end: 0, back: (index < count).then_some(30), followed: 100 })
            .collect();
        let figure = returns(&scenario, 0, &closures, 1.0, "").expect("enough");
        assert!((figure.value - count as f64 / 1000.0 / seen).abs() < 1e-4, "{}", figure.value);
        assert!(figure.low < 0.4 && 0.4 < figure.high);
        // The naive share of closures seen to return is far below.
        assert!((count as f64) / 1000.0 < figure.low);
    }
}
