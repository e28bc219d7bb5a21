//! The answer, put together.

use serde::{Deserialize, Serialize};

use crate::scenario::{Draw, Formula, FundingRules, Objective, Scenario};
use crate::simulation::Simulator;

use super::super::staffing::{
    Aims, DRAWS, Evaluator, Ground, Keeper, Outcome, Seat, Spot, Unanswered, Workshop, analytic_posts,
    payments, rule_out,
};
use super::best::Search;
use super::budget::{Budget, budget, places, price};
use super::cheapest::{Cheapest, cheapest};
use super::ending::{Ending, endings};
use super::judge::{Bench, FRESH, Verdict, Weeks};
use super::known::known;
use super::next::{Next, next};
use super::response::{Response, responses, safest, worths};
use super::rules::{Known, Rule, by_blend, by_formula, by_proposal, whole_posts};
use super::solver::{Payments, allot, pay};
use super::unfunded::Unfunded;

/// Totals of the frontier, as parts of the total.
const TOTALS: [f64; 9] = [0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5];

/// Money for posts, shared out in several ways.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The places whose posts are shared out.
    pub seats: Vec<Seat>,
    /// What may be spent.
    pub budget: Budget,
    /// Pence a year of a full-time post of each place.
    pub full_price: Vec<i64>,
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
    /// Whether the solver proved that no whole posts come closer to the rule; `None` where it was not asked: for the
    /// posts of now, and for the best that a search found.
    pub proven: Option<bool>,
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
    let known = known(scenario, &seats, work.evaluator, (&current, &ample), replications)?;
    let (mut drafts, unknown) = drafts(scenario, &budget, &known)?;
    let need = by_formula(&known, budget.total as f64 / 100.0, Formula::SimulatedNeed).unwrap_or_default();
    let need: Vec<f64> = need.iter().zip(&post_cost).map(|(pounds, price)| pounds / price).collect();
    let weeks = Weeks(layout.weeks);
    let responses = responses(work.evaluator, &seats, &budget, &need, &aims, (weeks, replications))?;
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
    let frontier = work.frontier(&responses, &known, &now)?;
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

/// A rule's whole posts, before anybody has looked at what they do.
struct Draft {
    rule: Rule,
    steps: Vec<i64>,
    /// As in [`Split`].
    proven: Option<bool>,
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
                    drafts.push(Draft { rule, steps: found.steps, proven: Some(found.proven) });
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

impl<'e> Work<'_, 'e> {
    /// Adds the best splits for both objectives.
    fn best(&mut self, responses: &[Response], drafts: &mut Vec<Draft>) -> Result<(), Unfunded> {
        let current: Vec<f64> = self.seats.iter().map(|seat| seat.current).collect();
        let rules = drafts.iter().map(|draft| draft.steps.clone());
        let rules: Vec<Vec<i64>> = rules.chain(self.budget.steps(&current)).collect();
        for (objective, rule) in
            [(Objective::WorstArea, Rule::BestForWorstArea), (Objective::Waiting, Rule::LeastWaiting)]
        {
            self.evaluator.doing = "looking for the best split";
            let mut beginnings: Vec<Vec<i64>> =
                self.propose(self.budget, responses, objective)?.into_iter().collect();
            beginnings.extend(rules.iter().cloned());
            let budget = self.budget;
            let steps = self.search(budget, responses, objective).best(&beginnings)?;
            drafts.push(Draft { rule, steps, proven: None });
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
            proven: None,
            verdict: self.bench.verdict(now, now),
        });
        for draft in drafts {
            let posts = self.budget.posts(&draft.steps);
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

    /// The best split of other totals, judged by the same fresh families: of what the responses propose, the formulas
    /// that see need, the posts of now, and what a smaller total was best spent on. Single steps are not moved.
    fn frontier(
        &mut self,
        responses: &[Response],
        known: &[Known],
        now: &[Outcome],
    ) -> Result<Vec<FrontierPoint>, Unfunded> {
        const SEEING: [Formula; 3] =
            [Formula::WeightedPopulation, Formula::CurrentCaseload, Formula::SimulatedNeed];
        let current: Vec<f64> = self.seats.iter().map(|seat| seat.current).collect();
        let mut points: Vec<FrontierPoint> = Vec::new();
        let mut before: Option<Vec<i64>> = None;
        for part in TOTALS {
            self.evaluator.doing = "cost against risk";
            let budget = self.budget.with_total((self.budget.total as f64 * part).round() as i64);
            let mut beginnings: Vec<Vec<i64>> = before.into_iter().chain(budget.steps(&current)).collect();
            for objective in [Objective::WorstArea, Objective::Waiting] {
                beginnings.extend(self.propose(&budget, responses, objective)?);
            }
            for formula in SEEING {
                if let Some(pounds) = by_formula(known, budget.total as f64 / 100.0, formula) {
                    beginnings.extend(whole_posts(&budget, &pounds)?.map(|found| found.steps));
                }
            }
            let steps =
                self.search(&budget, responses, self.scenario.funding.objective).best_of(&beginnings)?;
            before = (!steps.is_empty()).then(|| steps.clone());
            if steps.is_empty() {
                continue;
            }
            let posts = budget.posts(&steps);
            let outcomes = self.evaluator.outcomes(&posts, FRESH, self.replications)?;
            let verdict = self.bench.verdict(outcomes, now);
            points.push(FrontierPoint { total: budget.total, cost: budget.cost(&steps), posts, verdict });
        }
        Ok(points)
    }

    /// A search within a budget.
    fn search<'s>(
        &'s mut self,
        budget: &'s Budget,
        responses: &'s [Response],
        objective: Objective,
    ) -> Search<'s, 'e> {
        Search {
            budget,
            responses,
            bench: self.bench,
            objective,
            replications: self.replications,
            evaluator: self.evaluator,
        }
    }
}
