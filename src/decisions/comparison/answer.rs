//! The comparison: who takes part, and all that is found.

use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use super::alike::{Incomparable, criteria, differences};
use super::bill::{self, CostRow};
use super::course::{Course, course};
use super::criterion::{Judged, OVERALL};
use super::detection::{Detection, detection};
use super::gather::{Field, Gathered, place, shares_of_best};
use super::paired::{Difference, Paired};
use super::split::{Split, split};
use super::trade::{Trade, trade};
use crate::experiment::Watch;
use crate::scenario::{Better, Criterion, Part, Scenario};
use crate::simulation::{Layout, Series, Simulator};
use crate::summary::NORMAL_95;

/// An option, and what it changes.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'s> {
    /// The option.
    pub scenario: &'s Scenario,
    /// Its changes one at a time; empty for no decomposition.
    pub parts: &'s [Part],
}

/// How to compare.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Replications of each scenario.
    pub replications: u32,
    /// Master seed.
    pub seed: u64,
    /// Threads; as many as there are cores when `None`.
    pub threads: Option<NonZeroUsize>,
}

/// How options differ from a base.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    /// Replications behind every figure.
    pub replications: u32,
    /// Whether it was interrupted before all replications were done.
    pub partial: bool,
    /// The shape of the base's records, to which figures and standards refer.
    pub layout: Layout,
    /// By what is judged; where criteria have weights, `overall` is the last.
    pub criteria: Vec<Judged>,
    /// The options, in the order given.
    pub options: Vec<OptionAnswer>,
    /// By criterion, best first.
    pub ranking: Vec<RankRow>,
    /// Each pair of scenarios, by benefit and cost.
    pub trades: Vec<Trade>,
    /// Reported years, as weeks of the horizon.
    pub years: Vec<std::ops::Range<usize>>,
}

/// What is found of one option.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OptionAnswer {
    /// Every series of the base that the option has too, over the horizon and in each reported year.
    pub figures: Vec<FigureRow>,
    /// The criteria.
    pub criteria: Vec<CriterionRow>,
    /// The standards that both judge.
    pub standards: Vec<StandardRow>,
    /// What is paid.
    pub costs: Vec<CostRow>,
    /// Week by week.
    pub courses: Vec<Course>,
    /// Whether and when differences could be seen in real figures.
    pub detections: Vec<Detection>,
    /// Posts of caseload teams, filled and vacant, in each week: mean of option less base. Whether a change
    /// keeps within the posts there are is seen week by week.
    pub posts: Vec<f64>,
    /// By its changes.
    pub split: Option<Split>,
    /// Changes that make no valid scenario alone, by identifier.
    pub inseparable: Vec<String>,
    /// Series that only the base has, and that only the option has.
    pub unmatched: (usize, usize),
    /// Whether no figure differs in any replication.
    pub identical: bool,
}

/// A series' difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureRow {
    /// Index into [`Comparison::layout`]'s series.
    pub series: usize,
    /// 0 for the horizon, then the reported years.
    pub period: usize,
    /// Which way is better, where that is known.
    pub better: Option<Better>,
    /// The difference.
    pub difference: Difference,
}

/// A criterion's difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CriterionRow {
    /// Index into [`Comparison::criteria`].
    pub criterion: usize,
    /// The difference.
    pub difference: Difference,
    /// Whether base and option can be told apart by it.
    pub judgement: Judgement,
}

/// Whether two can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Judgement {
    /// The first is better.
    Better,
    /// The first is worse.
    Worse,
    /// They cannot be told apart; with so many replications they could, were mean and spread as they are.
    Unclear(Option<u64>),
    /// They do not differ in any replication.
    Same,
}

impl Judgement {
    fn of(difference: &Difference, better: Better) -> Self {
        if difference.is_nothing() {
            Self::Same
        } else if !difference.is_told() {
            Self::Unclear(difference.replications_to_tell())
        } else if difference.mean * better.sign() > 0.0 {
            Self::Better
        } else {
            Self::Worse
        }
    }
}

/// A standard, in one area, with and without.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StandardRow {
    /// Index into [`Comparison::layout`]'s judged standards.
    pub judged: usize,
    /// Replications.
    pub n: u32,
    /// Share of replications in which the base meets it.
    pub base: f64,
    /// Share of replications in which the option does.
    pub option: f64,
    /// Replications in which the option meets it and the base does not.
    pub gained: u32,
    /// Replications in which the base meets it and the option does not.
    pub lost: u32,
    /// Ends of the difference's 95% interval.
    pub interval: (f64, f64),
}

impl StandardRow {
    /// From counts of neither, base alone, option alone, both. The interval is that of Agresti and Min
    /// ("Simple improved confidence intervals for comparing matched proportions", Stat. Med. 24, 2005):
    /// half a replication is added to each count, so that it has a width even where nothing changed.
    fn of(judged: usize, counts: [u32; 4]) -> Option<Self> {
        let [_, lost, gained, both] = counts;
        let n: u32 = counts.iter().sum();
        if n == 0 {
            return None;
        }
        let share = |count: u32| f64::from(count) / f64::from(n);
        let (b, c, of) = (f64::from(lost) + 0.5, f64::from(gained) + 0.5, f64::from(n) + 2.0);
        let centre = (c - b) / of;
        let half = NORMAL_95 * ((b + c - (c - b) * (c - b) / of).max(0.0)).sqrt() / of;
        Some(Self {
            judged,
            n,
            base: share(lost + both),
            option: share(gained + both),
            gained,
            lost,
            interval: ((centre - half).max(-1.0), (centre + half).min(1.0)),
        })
    }
}

/// A scenario's place by a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankRow {
    /// Index into [`Comparison::criteria`].
    pub criterion: usize,
    /// The place, from 1.
    pub rank: usize,
    /// The scenario: 0 for the base, then options.
    pub scenario: usize,
    /// Its mean.
    pub mean: f64,
    /// Share of replications in which it is the best of all, ties shared.
    pub best: f64,
    /// The scenario in the next place, how much more the criterion is there, and whether the two can be told
    /// apart (whether this one is better); `None` for the last.
    pub next: Option<(usize, Difference, Judgement)>,
}

/// Compares options with a base.
///
/// # Errors
/// If they do not go together (every reason at once), a simulation fails, or it is interrupted early.
pub fn compare(
    base: &Scenario,
    options: &[Candidate],
    terms: &Terms,
    watch: &Watch<'_>,
) -> Result<Comparison, Incomparable> {
    let mut reasons = differences(base, options);
    let full = 1 + options.len();
    let whole = std::iter::once(base).chain(options.iter().map(|option| option.scenario));
    let parts = options.iter().flat_map(|option| option.parts).filter_map(|part| part.scenario.as_ref().ok());
    let simulators: Vec<(&Scenario, Simulator)> =
        whole.chain(parts).map(|scenario| (scenario, Simulator::new(scenario, terms.seed))).collect();
    let layouts: Vec<(&Scenario, &Layout)> =
        simulators.iter().map(|(scenario, simulator)| (*scenario, simulator.layout())).collect();
    let judged = criteria(base, &layouts, &mut reasons);
    if !reasons.is_empty() {
        return Err(Incomparable::Unlike(reasons));
    }
    let layout = layouts[0].1.clone();
    let unmatched: Vec<(usize, usize)> =
        layouts[..full].iter().map(|other| unmatched(&layouts[0], other)).collect();
    let field = Field::new(simulators, full, judged);
    let mut gathered = field.gather(terms.replications, terms.threads, watch)?;
    let mut judged = field.criteria.clone();
    weigh(&mut judged, &mut gathered);

    let mut first_part = full;
    let mut answers = Vec::new();
    for (at, option) in options.iter().enumerate() {
        let valid = option.parts.iter().filter(|part| part.scenario.is_ok()).count();
        let mine = first_part..first_part + valid;
        first_part += valid;
        answers.push(answer(&field, &gathered, &judged, (at, option), mine, unmatched[at + 1]));
    }
    Ok(Comparison {
        replications: gathered.replications,
        partial: gathered.interrupted,
        layout,
        ranking: ranking(&judged, &gathered, full),
        trades: trades(&judged, &gathered, full),
        criteria: judged,
        options: answers,
        years: field.years,
    })
}

/// Where criteria have weights, adds what they come to together: the sum of weight times figure, counted so
/// that more is better.
fn weigh(judged: &mut Vec<Judged>, gathered: &mut Gathered) {
    if judged.iter().all(|one| one.criterion.weight.is_none()) {
        return;
    }
    for figures in &mut gathered.criteria {
        let overall = (0..figures[0].len()).map(|replication| {
            let worth = |(one, figures): (&Judged, &Vec<f64>)| {
                let weight = one.criterion.weight.unwrap_or(0.0);
                // A figure that is not there must not spoil the sum of those that count.
                if weight == 0.0 { 0.0 } else { weight * one.criterion.better.sign() * figures[replication] }
            };
            judged.iter().zip(figures.iter()).map(worth).sum()
        });
        let overall: Vec<f64> = overall.collect();
        figures.push(overall);
    }
    let criterion = Criterion { better: Better::Higher, ..Criterion::of_council(OVERALL) };
    judged.push(Judged { criterion, kind: None });
}

/// Series that only the one, and only the other has.
fn unmatched(base: &(&Scenario, &Layout), other: &(&Scenario, &Layout)) -> (usize, usize) {
    let keys = |(scenario, layout): &(&Scenario, &Layout)| {
        let key = |series: &Series| (place(scenario, series.area, series.holding), series.measure.clone());
        layout.series.iter().map(key).collect::<std::collections::BTreeSet<_>>()
    };
    let (of_base, of_other) = (keys(base), keys(other));
    (of_base.difference(&of_other).count(), of_other.difference(&of_base).count())
}

fn answer(
    field: &Field,
    gathered: &Gathered,
    judged: &[Judged],
    (at, option): (usize, &Candidate),
    parts: std::ops::Range<usize>,
    unmatched: (usize, usize),
) -> OptionAnswer {
    let mut figures = Vec::new();
    for (period, sums) in gathered.figures[at].iter().enumerate() {
        for (series, (paired, &better)) in sums.iter().zip(&field.directions).enumerate() {
            let difference = paired.difference(better);
            if difference.n > 0 {
                figures.push(FigureRow { series, period, better, difference });
            }
        }
    }
    let of = |entrant: usize, criterion: usize| gathered.criteria[entrant][criterion].as_slice();
    let criteria = (0..judged.len()).map(|criterion| {
        let better = judged[criterion].criterion.better;
        let mut paired = Paired::of(of(0, criterion), of(at + 1, criterion));
        for replication in 0..gathered.replications as usize {
            let values: Vec<f64> =
                (0..field.full).map(|entrant| of(entrant, criterion)[replication]).collect();
            paired.was_best(shares_of_best(&values, better)[at + 1]);
        }
        let difference = paired.difference(Some(better));
        CriterionRow { criterion, difference, judgement: Judgement::of(&difference, better) }
    });
    let standards = gathered.crossed[at].iter().enumerate();
    let identical = unmatched == (0, 0) && figures.iter().all(|row| row.difference.is_nothing());
    let courses = field.followed.iter().zip(&gathered.courses[at]).map(|(followed, differences)| {
        let one = &field.criteria[followed.criterion];
        course(
            (at, followed.criterion, followed.area),
            (one.criterion.better, one.kind),
            differences,
            gathered.replications,
        )
    });
    let seen = field.followed.iter().zip(gathered.base_courses.iter().zip(&gathered.courses[at]));
    let detections = seen.filter_map(|(followed, (base, differences))| {
        let one = &field.criteria[followed.criterion];
        let weeks = base.len() / (gathered.replications as usize).max(1);
        let which = (followed.criterion, followed.area);
        detection(which, (one.criterion.better, one.kind), base, differences, weeks)
    });
    let inseparable = option.parts.iter().filter(|part| part.scenario.is_err());
    let valid = option.parts.iter().filter(|part| part.scenario.is_ok());
    let split = (!parts.is_empty()).then(|| Split {
        parts: valid.map(|part| part.id.clone()).collect(),
        rows: (0..judged.len())
            .map(|criterion| {
                let alone: Vec<&[f64]> = parts.clone().map(|part| of(part, criterion)).collect();
                let better = judged[criterion].criterion.better;
                split(criterion, better, of(0, criterion), of(at + 1, criterion), &alone)
            })
            .collect(),
    });
    OptionAnswer {
        criteria: criteria.collect(),
        standards: standards.filter_map(|(judged, &counts)| StandardRow::of(judged, counts)).collect(),
        costs: bill::rows(&field.lines, &gathered.pence[0], &gathered.pence[at + 1]),
        courses: courses.collect(),
        detections: detections.collect(),
        posts: gathered.posts[at].iter().map(|sum| sum / f64::from(gathered.replications)).collect(),
        split,
        inseparable: inseparable.map(|part| part.id.clone()).collect(),
        unmatched,
        identical,
        figures,
    }
}

/// Everybody's place by each criterion; the means of equals keep the order in which they were given.
fn ranking(judged: &[Judged], gathered: &Gathered, full: usize) -> Vec<RankRow> {
    let mut rows = Vec::new();
    for (criterion, one) in judged.iter().enumerate() {
        let better = one.criterion.better;
        let values: Vec<&[f64]> =
            (0..full).map(|entrant| gathered.criteria[entrant][criterion].as_slice()).collect();
        let replications = values[0].len();
        let means: Vec<f64> =
            values.iter().map(|values| Paired::of(values, values).difference(None).base).collect();
        let mut best = vec![0.0; full];
        for replication in 0..replications {
            let here: Vec<f64> = values.iter().map(|values| values[replication]).collect();
            let shares = shares_of_best(&here, better);
            best.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share / replications as f64);
        }
        let mut order: Vec<usize> = (0..full).collect();
        order.sort_by(|&a, &b| (means[b] * better.sign()).total_cmp(&(means[a] * better.sign())));
        for (place, &scenario) in order.iter().enumerate() {
            let next = order.get(place + 1).map(|&next| {
                let difference = Paired::of(values[scenario], values[next]).difference(Some(better));
                // The next is worse where this one is better.
                let judgement = match Judgement::of(&difference, better) {
                    Judgement::Worse => Judgement::Better,
                    Judgement::Better => Judgement::Worse,
                    other => other,
                };
                (next, difference, judgement)
            });
            let (mean, best) = (means[scenario], best[scenario]);
            rows.push(RankRow { criterion, rank: place + 1, scenario, mean, best, next });
        }
    }
    rows
}

/// Every pair, by each benefit against cost; where cost is no criterion, by the first against each other.
fn trades(judged: &[Judged], gathered: &Gathered, full: usize) -> Vec<Trade> {
    let single = |at: &usize| judged[*at].criterion.measure != OVERALL;
    let plain: Vec<usize> = (0..judged.len()).filter(single).collect();
    let is_cost = |at: &&usize| judged[**at].criterion.measure == "cost";
    let pairs: Vec<(usize, usize)> = match plain.iter().find(is_cost) {
        Some(&cost) => plain.iter().filter(|&&at| at != cost).map(|&at| (at, cost)).collect(),
        None => plain.iter().skip(1).map(|&at| (plain[0], at)).collect(),
    };
    let counted = |entrant: usize, criterion: usize, sign: f64| -> Vec<f64> {
        gathered.criteria[entrant][criterion].iter().map(|value| value * sign).collect()
    };
    let mut rows = Vec::new();
    for (benefit, cost) in pairs {
        let (up, down) = (judged[benefit].criterion.better.sign(), -judged[cost].criterion.better.sign());
        for against in 0..full {
            for scenario in against + 1..full {
                let gain = (counted(against, benefit, up), counted(scenario, benefit, up));
                let price = (counted(against, cost, down), counted(scenario, cost, down));
                rows.push(trade(
                    (scenario, against),
                    (benefit, cost),
                    (&gain.0, &gain.1),
                    (&price.0, &price.1),
                ));
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_changes_by_those_who_gain_and_lose_it() {
        // 100 replications: 40 neither, 5 only before, 25 only after, 30 both.
        let row = StandardRow::of(0, [40, 5, 25, 30]).expect("replications");
        assert_eq!((row.base, row.option, row.gained, row.lost), (0.35, 0.55, 25, 5));
        // Agresti and Min: (25.5 − 5.5)/102 ± 1.96 √(31 − 20²/102)/102.
        let half = NORMAL_95 * (31.0_f64 - 400.0 / 102.0).sqrt() / 102.0;
        assert!((row.interval.0 - (20.0 / 102.0 - half)).abs() < 1e-12);
        let unchanged = StandardRow::of(0, [10, 0, 0, 10]).expect("replications");
        assert_eq!(unchanged.base, unchanged.option);
        assert!(unchanged.interval.0 < 0.0 && unchanged.interval.1 > 0.0);
        assert_eq!(StandardRow::of(0, [0; 4]), None);
    }
}
