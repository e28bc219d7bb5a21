//! A scenario in the plain numbers of one draw: what one replication believes.

use super::demand::Rates;
use super::duration::{Sampler, cumulative, pick};
use super::frame::Frame;
use crate::scenario::{
    ChildrenPerFamily, Destination, Draw, Hazard, Holder, Oversight, Return, Route, Share, Stage, Support,
    Team, Work, Workforce,
};

/// Every number the engine needs, drawn.
pub(super) struct Terms {
    /// How much need there is and how much of it is seen.
    pub rates: Rates,
    pub stages: Vec<StageTerms>,
    pub returns: Vec<Option<ReturnTerms>>,
    /// For each clock, its limit in days or working days.
    pub limits: Vec<f64>,
    /// For each team.
    pub teams: Vec<TeamTerms>,
    /// For each area, what multiplies the hours of its cases.
    pub effort: Vec<f64>,
    /// For each unit, what its workers' hours are worth.
    pub productivity: Vec<f64>,
    /// Cumulative shares of families with 1, 2, 3, … children.
    pub children: Vec<f64>,
}

/// A stage.
pub(super) struct StageTerms {
    pub holder: HolderTerms,
    pub duration: Sampler,
    pub points: f64,
    pub points_extra: f64,
    pub work: f64,
    /// `work` is hours over the whole stage, not hours a week.
    pub work_is_total: bool,
    pub work_extra: f64,
    pub routes: Vec<RouteTerms>,
    pub hazards: Vec<HazardTerms>,
    pub waiting_hazards: Vec<HazardTerms>,
    pub review: Option<ReviewTerms>,
    pub transfer_delay: f64,
    pub handover_hours: f64,
    /// Days for which the worker of another team goes on holding a family who steps down to here.
    pub overlap: f64,
    /// Hours a week that contacts about an open family take.
    pub contact_hours: f64,
    pub support: Option<SupportTerms>,
    pub oversight: Option<OversightTerms>,
    pub urgent: bool,
    pub keep_worker: bool,
    pub front_door: bool,
    pub referral: bool,
    pub level: i32,
}

/// Work of another team's pool.
pub(super) struct SupportTerms {
    pub team: usize,
    /// Hours a week for each child.
    pub hours_per_child: f64,
    pub spill_share: f64,
}

/// Oversight by another team.
pub(super) struct OversightTerms {
    pub team: usize,
    /// Hours a week for each family.
    pub hours: f64,
}

/// Who holds a stage.
pub(super) enum HolderTerms {
    Nobody,
    Desk(usize),
    Team(usize),
    /// Desk, share of families, task in days of staff time.
    Checks(Vec<(usize, f64, Sampler)>),
}

/// A split of families.
pub(super) struct RouteTerms {
    sources: Option<Vec<bool>>,
    areas: Option<Vec<bool>>,
    from: f64,
    to: f64,
    cumulative: Vec<f64>,
    destinations: Vec<Destination>,
}

/// A constant hazard.
pub(super) struct HazardTerms {
    /// Mean days until it strikes; infinite when its rate is zero.
    pub mean_days: f64,
    pub to: Destination,
}

/// Reviews that gate exits. Days.
pub(super) struct ReviewTerms {
    pub first: f64,
    pub then: f64,
    pub early_share: f64,
}

impl ReviewTerms {
    /// Age of the stage at the first review from a given age on.
    #[inline]
    pub fn at_or_after(&self, age: f64) -> f64 {
        let later = ((age - self.first) / self.then).ceil().max(0.0);
        self.first + later * self.then
    }
}

/// Return after closure. Days.
pub(super) struct ReturnTerms {
    pub share: f64,
    /// Probability that the exponential falls within the period at risk.
    pub within: f64,
    pub mean: f64,
    pub to: usize,
}

/// A kind of team.
pub(super) struct TeamTerms {
    /// Points a full-time worker may hold; infinite for no limit.
    pub points_per_fte: f64,
    /// Hours a week that a full-time worker has for cases when present on every working day.
    pub hours_per_fte: f64,
    /// Share of days present, where there is no workforce to say it.
    pub present_share: f64,
    pub stretch: f64,
    pub workforce: Option<WorkforceTerms>,
}

/// Absence and turnover of a team's people. Days unless said otherwise; see the scenario's fields.
pub(super) struct WorkforceTerms {
    pub case_holding_share: f64,
    pub vacant_share: f64,
    pub leave_days: f64,
    pub leave_holiday_weight: f64,
    pub training_days: f64,
    pub sickness_spells: f64,
    pub sickness_short_share: f64,
    pub sickness_short_days: f64,
    pub sickness_long_days: f64,
    pub sickness_elasticity: f64,
    pub leavers: f64,
    pub leaving_elasticity: f64,
    pub time_to_hire: Sampler,
    pub agency_share: f64,
    pub agency_delay: f64,
    pub agency_productivity: f64,
    pub ramp_weeks: f64,
    pub ramp_from: f64,
    pub newly_qualified_share: f64,
    pub newly_qualified_weeks: f64,
    pub newly_qualified_limit: f64,
    pub newly_qualified_hours: f64,
    pub takeover_hours: f64,
    pub cover: f64,
    pub managers: Option<ManagerTerms>,
}

/// Supervision.
pub(super) struct ManagerTerms {
    pub span: f64,
    pub deputy: bool,
    pub deputy_hours_share: f64,
}

impl WorkforceTerms {
    fn new(workforce: &Workforce, draw: &Draw) -> Self {
        Self {
            case_holding_share: draw[workforce.case_holding_share],
            vacant_share: draw[workforce.vacant_share],
            leave_days: draw[workforce.leave_days],
            leave_holiday_weight: draw[workforce.leave_holiday_weight],
            training_days: draw[workforce.training_days],
            sickness_spells: draw[workforce.sickness_spells],
            sickness_short_share: draw[workforce.sickness_short_share],
            sickness_short_days: draw[workforce.sickness_short_days],
            sickness_long_days: draw[workforce.sickness_long_days],
            sickness_elasticity: draw[workforce.sickness_elasticity],
            leavers: draw[workforce.leavers],
            leaving_elasticity: draw[workforce.leaving_elasticity],
            time_to_hire: Sampler::new(&workforce.time_to_hire, draw, 1.0),
            agency_share: draw[workforce.agency_share],
            agency_delay: draw[workforce.agency_delay_days],
            agency_productivity: draw[workforce.agency_productivity],
            ramp_weeks: draw[workforce.ramp_weeks],
            ramp_from: draw[workforce.ramp_from],
            newly_qualified_share: draw[workforce.newly_qualified_share],
            newly_qualified_weeks: draw[workforce.newly_qualified_weeks],
            newly_qualified_limit: draw[workforce.newly_qualified_limit],
            newly_qualified_hours: draw[workforce.newly_qualified_hours],
            takeover_hours: draw[workforce.takeover_hours],
            cover: draw[workforce.cover],
            managers: workforce.managers.as_ref().map(|managers| ManagerTerms {
                span: draw[managers.span],
                deputy: managers.deputy,
                deputy_hours_share: draw[managers.deputy_hours_share],
            }),
        }
    }
}

impl Terms {
    /// The scenario under one draw, in each version that interventions make of it.
    pub fn versions(frame: &Frame, draw: &Draw) -> Vec<Terms> {
        frame.timetable.draws(frame.scenario, draw).map(|draw| Terms::new(frame, &draw)).collect()
    }

    /// The scenario under one draw.
    fn new(frame: &Frame, draw: &Draw) -> Self {
        let scenario = frame.scenario;
        Self {
            rates: Rates::new(scenario, draw),
            stages: scenario.stages.iter().map(|stage| StageTerms::new(stage, frame, draw)).collect(),
            returns: scenario
                .ends
                .iter()
                .map(|end| end.return_to.map(|back| ReturnTerms::new(&back, draw)))
                .collect(),
            limits: scenario.clocks.iter().map(|clock| draw[clock.limit]).collect(),
            teams: scenario.teams.iter().map(|team| TeamTerms::new(team, draw)).collect(),
            effort: scenario.areas.iter().map(|area| draw[area.effort]).collect(),
            productivity: scenario.units.iter().map(|unit| draw[unit.productivity]).collect(),
            children: children_shares(&scenario.demand.children, draw),
        }
    }
}

impl TeamTerms {
    fn new(team: &Team, draw: &Draw) -> Self {
        Self {
            points_per_fte: team.points_per_fte.map_or(f64::INFINITY, |points| draw[points]),
            hours_per_fte: draw[team.hours_per_week] * (1.0 - draw[team.non_case_share]),
            present_share: draw[team.present_share],
            stretch: draw[team.stretch],
            workforce: team.workforce.as_ref().map(|workforce| WorkforceTerms::new(workforce, draw)),
        }
    }
}

impl ReturnTerms {
    fn new(back: &Return, draw: &Draw) -> Self {
        let mean = draw[back.mean_days];
        Self {
            share: draw[back.share],
            within: -libm::expm1(-draw[back.within_days] / mean),
            mean,
            to: back.to,
        }
    }
}

impl StageTerms {
    fn new(stage: &Stage, frame: &Frame, draw: &Draw) -> Self {
        let holder = match &stage.holder {
            Holder::Nobody => HolderTerms::Nobody,
            Holder::Desk(desk) => HolderTerms::Desk(*desk),
            Holder::Team(team) => HolderTerms::Team(*team),
            Holder::Checks(checks) => HolderTerms::Checks(
                checks
                    .iter()
                    .map(|(desk, share, duration)| (*desk, draw[*share], Sampler::new(duration, draw, 1.0)))
                    .collect(),
            ),
        };
        let (work, work_is_total) = match stage.work {
            Work::PerWeek(hours) => (draw[hours], false),
            Work::Total(hours) => (draw[hours], true),
        };
        Self {
            holder,
            duration: Sampler::new(&stage.duration, draw, 1.0),
            points: draw[stage.points],
            points_extra: draw[stage.points_extra_child],
            work,
            work_is_total,
            work_extra: draw[stage.work_extra_child],
            routes: stage.routes.iter().map(|route| RouteTerms::new(route, frame, draw)).collect(),
            hazards: hazards(&stage.hazards, draw),
            waiting_hazards: hazards(&stage.waiting_hazards, draw),
            review: stage.review.map(|review| ReviewTerms {
                first: draw[review.first_days],
                then: draw[review.then_days],
                early_share: draw[review.early_exit_share],
            }),
            transfer_delay: draw[stage.transfer_delay_days],
            handover_hours: draw[stage.handover_hours],
            overlap: draw[stage.overlap_days],
            contact_hours: draw[stage.open_contacts] * draw[stage.open_contact_hours],
            support: stage.support.map(|Support { team, hours_per_child, spill_share }| SupportTerms {
                team,
                hours_per_child: draw[hours_per_child],
                spill_share: draw[spill_share],
            }),
            oversight: stage
                .oversight
                .map(|Oversight { team, hours }| OversightTerms { team, hours: draw[hours] }),
            urgent: stage.urgent,
            keep_worker: stage.keep_worker,
            front_door: stage.front_door,
            referral: stage.referral,
            level: stage.level,
        }
    }

    /// Points that a family with this many children weighs.
    #[inline]
    pub fn points_of(&self, children: u8) -> f64 {
        self.points + self.points_extra * f64::from(children.saturating_sub(1))
    }

    /// Hours a week that a family needs, given its natural duration in days.
    #[inline]
    pub fn hours_of(&self, children: u8, natural_days: f64) -> f64 {
        let hours = self.work * (1.0 + self.work_extra * f64::from(children.saturating_sub(1)));
        let hours = match self.work_is_total {
            false => hours,
            true if natural_days > 0.0 => hours * 7.0 / natural_days,
            true => 0.0,
        };
        hours + self.contact_hours
    }

    /// Hours a week of another team's work that a family needs.
    #[inline]
    pub fn support_of(&self, children: u8) -> f64 {
        self.support.as_ref().map_or(0.0, |support| support.hours_per_child * f64::from(children))
    }

    /// Where a family goes on completion: the last route that applies decides.
    #[inline]
    pub fn route(&self, source: usize, area: usize, now: f64, u: f64) -> Destination {
        let applies = |route: &&RouteTerms| route.applies(source, area, now);
        let route =
            self.routes.iter().rev().find(applies).expect("validated: the first route is unconditional");
        route.destinations[pick(&route.cumulative, u)]
    }
}

impl RouteTerms {
    fn new(route: &Route, frame: &Frame, draw: &Draw) -> Self {
        let given: f64 = route.shares.iter().filter_map(|(_, share)| share_value(share, draw)).sum();
        let weights =
            route.shares.iter().map(|(_, share)| share_value(share, draw).unwrap_or((1.0 - given).max(0.0)));
        let mask = |chosen: &Option<Vec<usize>>, count: usize| {
            chosen.as_ref().map(|chosen| (0..count).map(|index| chosen.contains(&index)).collect())
        };
        Self {
            sources: mask(&route.sources, frame.scenario.sources.len()),
            areas: mask(&route.areas, frame.scenario.areas.len()),
            from: route.from_day as f64,
            to: route.to_day as f64,
            cumulative: cumulative(weights),
            destinations: route.shares.iter().map(|(destination, _)| *destination).collect(),
        }
    }

    #[inline]
    fn applies(&self, source: usize, area: usize, now: f64) -> bool {
        self.sources.as_ref().is_none_or(|mask| mask[source])
            && self.areas.as_ref().is_none_or(|mask| mask[area])
            && self.from <= now
            && now < self.to
    }
}

fn share_value(share: &Share, draw: &Draw) -> Option<f64> {
    match share {
        Share::Of(quantity) => Some(draw[*quantity]),
        Share::Rest => None,
    }
}

fn hazards(list: &[Hazard], draw: &Draw) -> Vec<HazardTerms> {
    list.iter()
        .map(|hazard| HazardTerms { mean_days: 7.0 / draw[hazard.rate_per_week], to: hazard.to })
        .collect()
}

/// Cumulative shares of families with 1, 2, 3, … children, under a draw.
pub fn children_shares(children: &ChildrenPerFamily, draw: &Draw) -> Vec<f64> {
    match children {
        ChildrenPerFamily::Shares(shares) => cumulative(shares.iter().map(|share| draw[*share])),
        ChildrenPerFamily::NegativeBinomial { mean, shape, max } => {
            cumulative(truncated_negative_binomial(draw[*mean], draw[*shape], *max).into_iter())
        }
    }
}

/// Probabilities of 1..=max under a negative binomial without its zero, cut at `max`, whose mean
/// after both is `mean`: the success odds are found by bisection, the mean being increasing in them.
fn truncated_negative_binomial(mean: f64, shape: f64, max: u8) -> Vec<f64> {
    // p(k) is proportional to C(k + shape - 1, k) q^k, so successive terms have ratio q (k + shape) / (k + 1).
    let weights = |q: f64| {
        let mut weight = 1.0;
        (1..=max)
            .map(|k| {
                let this = weight;
                weight *= q * (f64::from(k) + shape) / f64::from(k + 1);
                this
            })
            .collect::<Vec<f64>>()
    };
    let mean_of = |weights: &[f64]| {
        let total: f64 = weights.iter().sum();
        weights.iter().zip(1..).map(|(weight, k)| weight * f64::from(k)).sum::<f64>() / total
    };
    // Above q = 1 the untruncated law would not exist, but the cut one does.
    let (mut low, mut high) = (0.0, 64.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if mean_of(&weights(middle)) < mean { low = middle } else { high = middle }
    }
    weights(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_have_the_stated_mean_number_of_children() {
        for (mean, shape, max) in [(1.9, 2.0, 8_u8), (2.5, 5.0, 8), (1.0001, 1.0, 4), (1.3, 0.5, 12)] {
            let weights = truncated_negative_binomial(mean, shape, max);
            let total: f64 = weights.iter().sum();
            let got = weights.iter().zip(1..).map(|(weight, k)| weight * f64::from(k)).sum::<f64>() / total;
            assert!((got - mean).abs() < 1e-9, "{mean}: {got}");
            assert_eq!(weights.len(), usize::from(max));
        }
    }
}
