//! The answer, put together.

use serde::{Deserialize, Serialize};

use crate::scenario::{Draw, Formula, FundingRules, Objective, Scenario};
use crate::simulation::{Layout, Simulator};
use crate::summary::Estimate;

use super::super::staffing::{
    Aims, DRAWS, Evaluator, Ground, Group, Keeper, Outcome, Seat, Spot, Standing, Unanswered, Workshop,
    analytic_posts, payments, rule_out, seats_of_roles,
};
use super::best::Search;
use super::budget::{Budget, Purse, price, purses};
use super::cheapest::{Cheapest, cheapest};
use super::ending::{Ending, endings};
use super::judge::{Bench, Verdict, Weeks};
use super::next::{Next, next};
use super::response::{Response, responses, safest, worths};
use super::rules::{Known, Rule, by_blend, by_formula, by_proposal, whole_posts};
use super::solver::{Payments, Unsolved, allot, pay};

/// The set of replications that judges: the search never sees it.
pub(super) const FRESH: u32 = 1;

/// Totals of the frontier, as parts of the total.
const TOTALS: [f64; 9] = [0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5];

/// Why money could not be shared out.
#[derive(Debug, thiserror::Error)]
pub enum Unfunded {
    /// The simulation, or its plan.
    #[error("{0}")]
    Unanswered(#[from] Unanswered),
    /// The solver.
    #[error("{0}")]
    Unsolved(#[from] Unsolved),
    /// What is wrong with the scenario's money, one fault a line.
    #[error("{}", .0.join("\n"))]
    Money(Vec<String>),
}

/// Money for posts, shared out in several ways.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The places whose posts are shared out.
    pub seats: Vec<Seat>,
    /// What may be spent.
    pub budget: Budget,
    /// Pence a year of a full-time post of each place.
    pub full_price: Vec<i64>,
    /// Full-time equivalents of a step.
    pub step: f64,
    /// The ways, the posts of now first.
    pub splits: Vec<Split>,
    /// Formulas that could not be used, since not every area says what they need.
    pub unknown: Vec<Formula>,
    /// Which of `splits` is the best by the objective asked for.
    pub chosen: usize,
    /// What is best.
    pub objective: Objective,
    /// Cost against risk: the best split of other totals.
    pub frontier: Vec<FrontierPoint>,
    /// What more posts in each place would do, from the posts of now.
    pub next: Vec<Next>,
    /// What happens when each limited pot ends, to the best split.
    pub endings: Vec<Ending>,
    /// The least that meets every standard that posts can meet.
    pub cheapest: Cheapest,
    /// Standards judged that posts shared out bear on, but that no number of them meets.
    pub hopeless: Vec<usize>,
    /// Where standards are judged.
    pub judged: Vec<crate::simulation::Judged>,
    /// Replications behind each figure.
    pub replications: u32,
    /// Replications simulated in all.
    pub simulated: u32,
}

/// A way to share the money out, and what it does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Split {
    /// By which rule.
    pub rule: Rule,
    /// Full-time equivalents of each place.
    pub posts: Vec<f64>,
    /// Who pays for them, pence a year.
    pub payments: Payments,
    /// Whether the solver proved that no whole posts come closer to the rule.
    pub proven: bool,
    /// What it does for families.
    pub verdict: Verdict,
}

/// The best split of another total.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FrontierPoint {
    /// Pence a year that may be spent.
    pub total: i64,
    /// Pence a year that the posts cost.
    pub cost: i64,
    /// Full-time equivalents of each place.
    pub posts: Vec<f64>,
    /// What it does for families.
    pub verdict: Verdict,
}

impl Answer {
    /// Pence of the total that a split leaves unspent.
    pub fn unspent(&self, split: &Split) -> i64 {
        (self.budget.total - split.payments.by_purse.iter().flatten().sum::<i64>()).max(0)
    }
}

impl Split {
    /// Pence a year that the posts cost.
    pub fn cost(&self) -> i64 {
        self.payments.by_purse.iter().flatten().sum::<i64>() + self.payments.nobody.iter().sum::<i64>()
    }
}

/// Full-time equivalents of so many steps, without the noise of multiplying.
pub(super) fn fte(steps: i64, step: f64) -> f64 {
    (steps as f64 * step * 1e6).round() / 1e6
}

/// Full-time equivalents of every place.
pub(super) fn posts(steps: &[i64], step: f64) -> Vec<f64> {
    steps.iter().map(|&steps| fte(steps, step)).collect()
}

/// Shares the money out.
///
/// # Errors
/// If the scenario's money cannot be shared out, the solver fails, or the simulation fails or is stopped.
pub fn share_out(
    scenario: &Scenario,
    replications: u32,
    workshop: &Workshop,
    keeper: &mut dyn Keeper,
) -> Result<Answer, Unfunded> {
    let simulator = Simulator::new(scenario, workshop.seed);
    let layout = simulator.layout().clone();
    let seats = places(scenario, &layout)?;
    let (budget, full_price) = budget(scenario, &seats)?;
    let draws: Vec<Draw> = (0..DRAWS).map(|replication| simulator.draw(replication)).collect();
    let analytic = analytic_posts(scenario, &seats, &layout.judged, &draws).map_err(Unanswered::from)?;
    let lines = payments(&layout);
    let beside = (0..scenario.areas.len()).map(Some).chain([None]).map(Spot::of_all).collect();
    let mut evaluator = Evaluator::new(scenario, &seats, &lines, workshop, keeper).beside(beside);
    evaluator.expected = replications * (45 + 2 * seats.len() as u32);
    let mut aims = Aims::new(scenario, &layout.judged);
    let post_cost: Vec<f64> = full_price.iter().map(|&pence| pence as f64 / 100.0).collect();
    let ground = Ground {
        seats: &seats,
        step: scenario.staffing.step,
        analytic: &analytic,
        post_cost: &post_cost,
        replications,
        fixed: vec![false; seats.len()],
    };
    let ample = rule_out(&ground, &mut aims, &mut evaluator)?;
    let cheapest = cheapest(ground, &mut aims, &mut evaluator, (&budget, &ample))?;
    let unfunded = lines.iter().map(|line| line.funder.is_none()).collect();
    let bench = Bench::new(&seats, &aims, layout.weeks, unfunded);
    let mut work = Work {
        scenario,
        seats: &seats,
        budget: &budget,
        bench: &bench,
        replications,
        evaluator: &mut evaluator,
    };
    let current: Vec<f64> = seats.iter().map(|seat| seat.current).collect();
    let known = work.known(&current, &ample)?;
    let (mut drafts, unknown) = drafts(scenario, &budget, &known)?;
    let need = by_formula(&known, budget.total as f64 / 100.0, Formula::SimulatedNeed).unwrap_or_default();
    let need: Vec<f64> = need.iter().zip(&post_cost).map(|(pounds, price)| pounds / price).collect();
    let step = scenario.staffing.step;
    let weeks = Weeks(layout.weeks);
    let responses = responses(work.evaluator, &seats, (&budget, step), &need, &aims, (weeks, replications))?;
    work.best(&responses, &mut drafts)?;
    work.evaluator.doing = "judging by fresh families";
    let now = work.evaluator.outcomes(&current, FRESH, replications)?.to_vec();
    let splits = work.judge(&current, &now, drafts)?;
    let objective = scenario.funding.objective;
    let best = match objective {
        Objective::WorstArea => Rule::BestForWorstArea,
        Objective::Waiting => Rule::LeastWaiting,
    };
    let chosen = splits.iter().position(|split| split.rule == best).unwrap_or(0);
    let frontier = work.frontier(&responses, &now)?;
    let next = next(scenario, &seats, &full_price, (&bench, &now), work.evaluator, replications)?;
    let endings = endings(
        scenario,
        &seats,
        &splits[chosen],
        (&budget, &full_price),
        &bench,
        work.evaluator,
        replications,
    )?;
    let bears_on = |judged: &usize| seats.iter().any(|seat| seat.standards.contains(judged));
    let hopeless =
        (0..layout.judged.len()).filter(|&judged| aims.hopeless[judged]).filter(bears_on).collect();
    let simulated = evaluator.simulated;
    Ok(Answer {
        seats: seats.clone(),
        full_price,
        step,
        splits,
        unknown,
        chosen,
        objective,
        frontier,
        next,
        endings,
        cheapest,
        hopeless,
        judged: layout.judged,
        replications,
        simulated,
        budget,
    })
}

/// The places whose posts are shared out: of the roles asked for, and of teams alone where none is.
fn places(scenario: &Scenario, layout: &Layout) -> Result<Vec<Seat>, Unfunded> {
    let roles = scenario.funding.roles.as_ref().or(scenario.staffing.roles.as_ref());
    let mut seats = seats_of_roles(scenario, &layout.judged, roles.map(Vec::as_slice));
    seats.retain(|seat| matches!(seat.group, Group::Team(_)));
    match seats.is_empty() {
        true => Err(Unanswered::NothingToDecide.into()),
        false => Ok(seats),
    }
}

/// What may be spent, and what a full-time post of each place costs; or everything that is wrong with the money.
fn budget(scenario: &Scenario, seats: &[Seat]) -> Result<(Budget, Vec<i64>), Unfunded> {
    let mut faults = Vec::new();
    let full_price: Vec<Option<i64>> = seats.iter().map(|seat| price(scenario, seat, 1.0)).collect();
    for (seat, _) in seats.iter().zip(&full_price).filter(|(_, price)| price.is_none()) {
        faults.push(format!(
            "[pay.{}] is missing: nothing says what a post in {} costs",
            seat.role,
            place_name(scenario, seat)
        ));
    }
    let purses = purses(scenario, seats);
    for (at, seat) in seats.iter().enumerate() {
        if !purses.iter().any(|purse| purse.may_pay[at]) {
            faults.push(format!(
                "no pot may pay for {} in {}: widen `roles`, `areas` or `purposes` of a pot, or give it money",
                seat.role,
                place_name(scenario, seat)
            ));
        }
    }
    let holds = purses.iter().map(|purse| purse.holds).sum::<Option<i64>>();
    let cost_now = seats.iter().filter_map(|seat| price(scenario, seat, seat.current)).sum::<i64>();
    let given = scenario.funding.total.map(|pounds| (pounds * 100.0).round() as i64);
    if let (Some(given), Some(holds)) = (given, holds)
        && given > holds
    {
        faults.push(format!(
            "funding.total_per_year is £{}, but the pots that may pay for these posts hold £{}: lower it, or say in \
             [pots] who gives the rest",
            given / 100,
            holds / 100
        ));
    }
    let full_price: Vec<i64> = full_price.into_iter().flatten().collect();
    if !faults.is_empty() {
        return Err(Unfunded::Money(faults));
    }
    let step = scenario.staffing.step;
    let budget = Budget {
        total: given.or(holds).unwrap_or(cost_now),
        price: seats.iter().filter_map(|seat| price(scenario, seat, step)).collect(),
        bounds: bounds(seats, step),
        purses,
    };
    let least: Vec<i64> = budget.bounds.iter().map(|&(least, _)| least).collect();
    if !budget.affords(&least) {
        return Err(Unfunded::Money(vec![format!(
            "£{} a year, with what the pots may be spent on, cannot pay for {step} posts in each of {} places: give \
             more in [pots] or `funding.total_per_year`, or widen what pots may pay for",
            budget.total / 100,
            seats.len()
        )]));
    }
    Ok((budget, full_price))
}

/// Fewest and most steps of each place: never nobody, and at most four times what there is now, or the council's
/// bound.
fn bounds(seats: &[Seat], step: f64) -> Vec<(i64, i64)> {
    let of = |seat: &Seat| {
        let least = ((seat.least / step - 1e-9).ceil() as i64).max(1);
        let ample = ((4.0 * seat.current + 4.0) / step).ceil();
        let most = (seat.most / step + 1e-9).floor().min(ample) as i64;
        (least, most.max(least))
    };
    seats.iter().map(of).collect()
}

/// A place for readers: its areas, or all of them.
fn place_name(scenario: &Scenario, seat: &Seat) -> String {
    match seat.areas.len() == scenario.areas.len() && seat.areas.len() > 1 {
        true => "the whole council".to_owned(),
        false => {
            let names: Vec<&str> =
                seat.areas.iter().map(|&area| scenario.areas[area].name.as_str()).collect();
            names.join(", ")
        }
    }
}

/// A rule's whole posts, before anybody has looked at what they do.
struct Draft {
    rule: Rule,
    steps: Vec<i64>,
    proven: bool,
}

/// Every rule that can be used, and the formulas that cannot.
fn drafts(
    scenario: &Scenario,
    budget: &Budget,
    known: &[Known],
) -> Result<(Vec<Draft>, Vec<Formula>), Unfunded> {
    let FundingRules { blend, splits, .. } = &scenario.funding;
    let total = budget.total as f64 / 100.0;
    let mut wanted: Vec<(Rule, Option<Vec<f64>>)> =
        Formula::ALL.map(|formula| (Rule::Formula(formula), by_formula(known, total, formula))).to_vec();
    wanted.push((Rule::Blend, by_blend(known, total, blend)));
    wanted.extend((0..splits.len()).map(|split| (Rule::Proposed(split), by_proposal(known, total, split))));
    let (mut drafts, mut unknown) = (Vec::new(), Vec::new());
    for (rule, pounds) in wanted {
        match (pounds, &rule) {
            (Some(pounds), _) => {
                if let Some(found) = whole_posts(budget, &pounds)? {
                    drafts.push(Draft { rule, steps: found.steps, proven: found.proven });
                }
            }
            (None, Rule::Formula(formula)) => unknown.push(*formula),
            (None, _) => {}
        }
    }
    Ok((drafts, unknown))
}

/// What the parts of the work share.
struct Work<'w, 'e> {
    scenario: &'w Scenario,
    seats: &'w [Seat],
    budget: &'w Budget,
    bench: &'w Bench<'w>,
    replications: u32,
    evaluator: &'w mut Evaluator<'e>,
}

impl Work<'_, '_> {
    /// What rules know of places: what they cost now, their areas' children, families held with the posts of now, and
    /// hours that families need when there are posts for all (`ample`).
    fn known(&mut self, current: &[f64], ample: &[f64]) -> Result<Vec<Known>, Unfunded> {
        let replications = self.replications;
        let mean = |outcomes: &[Outcome], seat: usize, of: &dyn Fn(&Outcome, usize) -> f64| {
            outcomes.iter().map(|outcome| of(outcome, seat)).sum::<f64>() / outcomes.len() as f64
        };
        let held = |outcome: &Outcome, seat: usize| outcome.loads[seat].open - outcome.loads[seat].waiting;
        let places = 0..self.seats.len();
        self.evaluator.doing = "what rules go by";
        let now = self.evaluator.outcomes(current, 0, replications)?;
        let caseload: Vec<f64> = places.clone().map(|seat| mean(now, seat, &held)).collect();
        let then = self.evaluator.outcomes(ample, 0, replications)?;
        let need: Vec<f64> = places
            .clone()
            .map(|seat| {
                let hours = mean(then, seat, &|outcome, seat| outcome.loads[seat].hours_needed);
                // A place whose people are not measured alone is weighed by the families it holds.
                if hours.is_nan() { mean(then, seat, &held) } else { hours }
            })
            .collect();
        let scenario = self.scenario;
        let draw = scenario.central_draw();
        let of_areas = |seat: &Seat, of: &dyn Fn(&crate::scenario::Area) -> Option<f64>| {
            seat.areas.iter().map(|&area| of(&scenario.areas[area])).sum::<Option<f64>>()
        };
        let children = |area: &crate::scenario::Area| draw[area.population];
        let known = |at: usize| {
            let seat = &self.seats[at];
            let weights = vec![
                Some(seat.areas.len() as f64),
                of_areas(seat, &|area| Some(children(area))),
                of_areas(seat, &|area| Some(children(area) * draw[area.need])),
                of_areas(seat, &|area| Some(children(area) * draw[area.free_school_meals?])),
                Some(caseload[at]),
                Some(need[at]),
            ];
            let Group::Team(team) = seat.group else { unreachable!("places are of teams") };
            Known {
                team,
                now: price(scenario, seat, seat.current).unwrap_or(0) as f64 / 100.0,
                weights,
                proposed: (scenario.funding.splits.iter())
                    .map(|(_, shares)| seat.areas.iter().map(|&area| shares[area]).sum())
                    .collect(),
            }
        };
        Ok(places.map(known).collect())
    }

    /// Adds the best splits for both objectives.
    fn best(&mut self, responses: &[Response], drafts: &mut Vec<Draft>) -> Result<(), Unfunded> {
        let rules: Vec<Vec<i64>> = drafts.iter().map(|draft| draft.steps.clone()).collect();
        for (objective, rule) in
            [(Objective::WorstArea, Rule::BestForWorstArea), (Objective::Waiting, Rule::LeastWaiting)]
        {
            self.evaluator.doing = "looking for the best split";
            let mut beginnings: Vec<Vec<i64>> =
                self.propose(self.budget, responses, objective)?.into_iter().collect();
            beginnings.extend(rules.iter().cloned());
            let mut search = Search {
                budget: self.budget,
                step: self.scenario.staffing.step,
                responses,
                bench: self.bench,
                objective,
                replications: self.replications,
                evaluator: self.evaluator,
            };
            let steps = search.best(&beginnings)?;
            drafts.push(Draft { rule, steps, proven: true });
        }
        Ok(())
    }

    /// What the places' responses alone say is best.
    fn propose(
        &self,
        budget: &Budget,
        responses: &[Response],
        objective: Objective,
    ) -> Result<Option<Vec<i64>>, Unfunded> {
        let budget = match objective {
            Objective::WorstArea => safest(budget, responses),
            Objective::Waiting => budget.clone(),
        };
        Ok(allot(&budget, &worths(&budget, responses))?.map(|found| found.steps))
    }

    /// Judges the posts of now and every draft by families that the search never saw.
    fn judge(
        &mut self,
        current: &[f64],
        now: &[Outcome],
        drafts: Vec<Draft>,
    ) -> Result<Vec<Split>, Unfunded> {
        let mut splits = Vec::new();
        let due = |posts: &[f64]| -> Vec<i64> {
            let of = |(seat, &fte): (&Seat, &f64)| price(self.scenario, seat, fte).unwrap_or(0);
            self.seats.iter().zip(posts).map(of).collect()
        };
        splits.push(Split {
            rule: Rule::Now,
            posts: current.to_vec(),
            payments: pay(self.budget, &due(current))?,
            proven: true,
            verdict: self.bench.verdict(now, now),
        });
        for draft in drafts {
            let posts = posts(&draft.steps, self.scenario.staffing.step);
            let due: Vec<i64> =
                draft.steps.iter().zip(&self.budget.price).map(|(steps, price)| steps * price).collect();
            let outcomes = self.evaluator.outcomes(&posts, FRESH, self.replications)?;
            splits.push(Split {
                rule: draft.rule,
                payments: pay(self.budget, &due)?,
                proven: draft.proven,
                verdict: self.bench.verdict(outcomes, now),
                posts,
            });
        }
        Ok(splits)
    }

    /// The best proposals for other totals, judged by the same fresh families. They are not bettered by trying, so
    /// that the point of the total asked for may lie a little above the best split.
    fn frontier(&mut self, responses: &[Response], now: &[Outcome]) -> Result<Vec<FrontierPoint>, Unfunded> {
        self.evaluator.doing = "cost against risk";
        let mut points: Vec<FrontierPoint> = Vec::new();
        for part in TOTALS {
            let budget = self.budget.with_total((self.budget.total as f64 * part).round() as i64);
            let objective = self.scenario.funding.objective;
            let Some(steps) = self.propose(&budget, responses, objective)? else { continue };
            let posts = posts(&steps, self.scenario.staffing.step);
            let outcomes = self.evaluator.outcomes(&posts, FRESH, self.replications)?;
            let verdict = self.bench.verdict(outcomes, now);
            points.push(FrontierPoint { total: budget.total, cost: budget.cost(&steps), posts, verdict });
        }
        Ok(points)
    }
}

/// A purse for readers of the answer: its pot, or money that nobody has given yet.
impl Purse {
    /// Pence left when so much is spent; `None` without limit.
    pub fn left(&self, spent: i64) -> Option<i64> {
        self.holds.map(|holds| holds - spent)
    }
}

/// Differences between two establishments, replication by replication.
pub(super) fn paired(one: &[Outcome], other: &[Outcome], of: impl Fn(&Outcome) -> f64) -> Estimate {
    Estimate::of(&one.iter().zip(other).map(|(one, other)| of(one) - of(other)).collect::<Vec<f64>>())
}

/// How often all standards of some areas hold, at worst.
pub(super) fn worst_of(bench: &Bench, outcomes: &[Outcome]) -> Option<(usize, Standing)> {
    bench.worst(outcomes)
}
