//! The comparison as plain content, for the terminal and for programs.

use serde::Serialize;

use super::{ComparisonReport, criterion_name, csv::adds_up, is_share};
use crate::decisions::comparison::{Difference, Judgement, Verdict};
use crate::report::model::{UNFUNDED, WHOLE_COUNCIL, area_id, area_name};
use crate::summary::wilson_95;

/// The content of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparisonOverview {
    /// The base's name.
    pub base: String,
    /// The base's title.
    pub base_title: String,
    /// SHA-256 of the effective base, in hexadecimal.
    pub base_sha256: String,
    /// Master seed.
    pub seed: u64,
    /// Replications of each scenario.
    pub replications: u32,
    /// Whether it was interrupted before all replications were done.
    pub partial: bool,
    /// First and last day compared.
    pub period: [String; 2],
    /// The options.
    pub options: Vec<OptionOverview>,
    /// Everybody's place by each criterion.
    pub ranking: Vec<RankOverview>,
    /// Each pair, by benefit and cost.
    pub tradeoffs: Vec<TradeOverview>,
    /// What the reader should know besides.
    pub notes: Vec<String>,
}

/// A mean with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FigureOverview {
    /// The mean.
    pub mean: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl FigureOverview {
    fn of(difference: &Difference) -> Self {
        Self { mean: difference.mean, low: difference.low, high: difference.high }
    }

    fn three((mean, low, high): (f64, f64, f64)) -> Self {
        Self { mean, low, high }
    }
}

/// What is found of an option.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OptionOverview {
    /// Its name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of the effective scenario, in hexadecimal.
    pub sha256: String,
    /// Whether no figure differs in any replication.
    pub identical: bool,
    /// By criterion.
    pub criteria: Vec<CriterionOverview>,
    /// When each benefit arrives, for the criterion as it stands.
    pub arrivals: Vec<ArrivalOverview>,
    /// Whether it could be seen in real figures, for the criterion as it stands.
    pub detections: Vec<DetectionOverview>,
    /// By change.
    pub parts: Vec<PartOverview>,
    /// Promises that are kept in another share of futures, the greatest change first.
    pub standards: Vec<StandardChange>,
    /// Who pays how much more, over the horizon.
    pub costs: Vec<CostOverview>,
    /// Full-time posts of caseload teams beyond the base's, in the week with most, and that week's Monday;
    /// nothing where no week has more.
    pub most_posts_more: Option<(f64, String)>,
    /// Weeks with more posts than the base.
    pub weeks_with_more_posts: usize,
}

/// A criterion's difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CriterionOverview {
    /// Short name.
    pub criterion: String,
    /// Name for readers.
    pub name: String,
    /// Whether it is a share of a whole.
    pub is_share: bool,
    /// `lower` or `higher`.
    pub better: &'static str,
    /// Mean of the base.
    pub base: f64,
    /// 95% interval of that.
    pub base_interval: (f64, f64),
    /// Mean of the option.
    pub option: f64,
    /// 95% interval of that.
    pub option_interval: (f64, f64),
    /// Option less base.
    pub difference: FigureOverview,
    /// Share of replications in which the option is better.
    pub probability_better: Option<f64>,
    /// 95% interval of that chance.
    pub better_interval: Option<(f64, f64)>,
    /// Share of replications in which both are the same.
    pub probability_same: f64,
    /// Share of replications in which it is best of all.
    pub probability_best: Option<f64>,
    /// 95% interval of that chance.
    pub best_interval: Option<(f64, f64)>,
    /// `better`, `worse`, `unclear` or `same`.
    pub judgement: &'static str,
    /// Replications that would tell, where it is unclear.
    pub replications_to_tell: Option<u64>,
    /// How many times smaller pairing made the variance.
    pub variance_reduction: Option<f64>,
}

/// When a benefit arrives. Days are the Mondays of weeks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArrivalOverview {
    /// Short name of the criterion.
    pub criterion: String,
    /// Its name for readers.
    pub name: String,
    /// First week in which anything differs.
    pub first_change: Option<String>,
    /// First week from which the mean cumulative benefit is positive and stays so.
    pub break_even: Option<String>,
    /// Its 5th and 95th percentile over replications; nothing for not within the horizon.
    pub break_even_range: [Option<String>; 2],
    /// Share of replications in which it does not come within the horizon.
    pub share_never: f64,
    /// First week from which the interval of the mean is above zero and stays so.
    pub certain_from: Option<String>,
    /// Week of the lowest mean cumulative benefit before, where it is below zero.
    pub worst_week: Option<String>,
    /// The benefit by then.
    pub worst: Option<FigureOverview>,
    /// Cumulative extra cost by then, pounds, where cost is a criterion.
    pub cost_by_worst: Option<f64>,
    /// Cumulative extra cost by break-even, pounds.
    pub cost_by_break_even: Option<f64>,
    /// The benefit by the end of the horizon.
    pub end: FigureOverview,
}

/// Weeks since, chance of seeing it, its interval, the effect, and the smallest effect that would be seen in 80%.
type SeenOverview = (usize, f64, (f64, f64), f64, f64);

/// Whether a difference could be seen in real figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DetectionOverview {
    /// Short name of the criterion.
    pub criterion: String,
    /// Its name for readers.
    pub name: String,
    /// First week in which the option differs.
    pub begins: String,
    /// After half a year and a year: weeks since, chance of seeing it, its interval, the effect, and the smallest effect
    /// that would be seen with a chance of 80%; as far as the horizon goes.
    pub after: Vec<SeenOverview>,
    /// First week from which the chance is 80% or more and stays so.
    pub enough_from: Option<String>,
}

/// What a change does alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartOverview {
    /// Short name of the criterion.
    pub criterion: String,
    /// Its name for readers.
    pub name: String,
    /// Whether it is a share of a whole.
    pub is_share: bool,
    /// The change; `(sum)`, `(interaction)` or `(whole)`.
    pub part: String,
    /// Option less base.
    pub difference: FigureOverview,
    /// Whether the interval leaves out zero.
    pub told_apart: bool,
    /// Of the whole: what the parts that harm take away, as a share of what the others bring, and its interval.
    pub help_used_up: Option<(f64, Option<(f64, f64)>)>,
}

/// A promise that is kept in another share of futures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StandardChange {
    /// The standard.
    pub standard: String,
    /// Its name for readers.
    pub name: String,
    /// Area in which it is judged.
    pub area: String,
    /// Its name for readers.
    pub area_name: String,
    /// Share of replications in which the base meets it.
    pub base: f64,
    /// Share of replications in which the option does.
    pub option: f64,
    /// 95% interval of the difference.
    pub interval: [f64; 2],
}

/// Who pays how much more over the horizon, pounds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostOverview {
    /// The funder; `unfunded` for nobody, `all` for all.
    pub funder: String,
    /// Name for readers.
    pub name: String,
    /// Mean of the base.
    pub base: f64,
    /// Mean of the option.
    pub option: f64,
    /// Option less base.
    pub difference: FigureOverview,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RankOverview {
    /// Short name of the criterion.
    pub criterion: String,
    /// Its name for readers.
    pub name: String,
    /// The place, from 1.
    pub rank: usize,
    /// The scenario.
    pub scenario: String,
    /// Its mean.
    pub mean: f64,
    /// Whether the mean is a share of a whole.
    pub is_share: bool,
    /// Share of replications in which it is best of all.
    pub probability_best: f64,
    /// Whether it can be told apart from the next; nothing for the last.
    pub told_apart: Option<bool>,
    /// Whether it is the same as the next in every replication.
    pub same_as_next: bool,
    /// Replications that would tell.
    pub replications_to_tell: Option<u64>,
}

/// How two scenarios stand to each other by a benefit and a cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TradeOverview {
    /// The scenario.
    pub scenario: String,
    /// The one against which it is held.
    pub against: String,
    /// Short name of the benefit.
    pub benefit: String,
    /// Its name for readers.
    pub benefit_name: String,
    /// Whether the benefit is a share of a whole.
    pub benefit_is_share: bool,
    /// Short name of the cost.
    pub cost: String,
    /// How it stands.
    pub verdict: &'static str,
    /// Cost for each unit of benefit at which the choice flips.
    pub switching_value: Option<f64>,
    /// Its 95% interval; nothing where any value is possible.
    pub switching_interval: Option<[f64; 2]>,
}

/// Puts a comparison into words and figures.
pub fn comparison_overview(report: &ComparisonReport) -> ComparisonOverview {
    let found = report.comparison;
    let last = report.monday(found.layout.weeks).yesterday();
    ComparisonOverview {
        base: report.base.name.clone(),
        base_title: report.base.title.clone(),
        base_sha256: report.base.hash.clone(),
        seed: report.run.seed,
        replications: found.replications,
        partial: found.partial,
        period: [report.base.start.to_string(), last.map_or(String::new(), |day| day.to_string())],
        options: (0..report.options.len()).map(|option| option_overview(report, option)).collect(),
        ranking: ranking(report),
        tradeoffs: tradeoffs(report),
        notes: notes(report),
    }
}

fn option_overview(report: &ComparisonReport, option: usize) -> OptionOverview {
    let (scenario, answer) = (report.options[option], &report.comparison.options[option]);
    // Weekly figures are kept in single precision.
    let is_more = |posts: &&f64| **posts > 0.01;
    let weeks = answer.posts.iter().enumerate().filter(|(_, posts)| is_more(posts));
    let most = weeks.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
    OptionOverview {
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        sha256: scenario.hash.clone(),
        identical: answer.identical,
        criteria: criteria(report, option),
        arrivals: arrivals(report, option),
        detections: detections(report, option),
        parts: parts(report, option),
        standards: standards(report, option),
        costs: costs(report, option),
        most_posts_more: most.map(|(week, &posts)| (posts, report.monday(week).to_string())),
        weeks_with_more_posts: answer.posts.iter().filter(is_more).count(),
    }
}

fn criteria(report: &ComparisonReport, option: usize) -> Vec<CriterionOverview> {
    let rows = report.comparison.options[option].criteria.iter();
    rows.map(|row| {
        let judged = &report.comparison.criteria[row.criterion];
        let difference = &row.difference;
        // Where ties are shared the count is rounded to whole replications.
        let known = |share: f64| wilson_95((share * f64::from(difference.n)).round() as u32, difference.n);
        let (judgement, replications_to_tell) = match row.judgement {
            Judgement::Better => ("better", None),
            Judgement::Worse => ("worse", None),
            Judgement::Unclear(n) => ("unclear", n),
            Judgement::Same => ("same", None),
        };
        CriterionOverview {
            criterion: judged.criterion.id(),
            name: criterion_name(report.base, judged),
            is_share: is_share(judged),
            better: judged.criterion.better.as_str(),
            base: difference.base,
            base_interval: (difference.base - difference.base_half, difference.base + difference.base_half),
            option: difference.option,
            option_interval: (
                difference.option - difference.option_half,
                difference.option + difference.option_half,
            ),
            difference: FigureOverview::of(difference),
            probability_better: difference.better,
            better_interval: difference.better.map(known),
            probability_same: difference.same,
            probability_best: difference.best,
            best_interval: difference.best.map(known),
            judgement,
            replications_to_tell,
            variance_reduction: difference.variance_reduction,
        }
    })
    .collect()
}

fn arrivals(report: &ComparisonReport, option: usize) -> Vec<ArrivalOverview> {
    let answer = &report.comparison.options[option];
    let is_cost = |criterion: usize| report.comparison.criteria[criterion].criterion.measure == "cost";
    let whole = || answer.courses.iter().filter(|course| course.area.is_none());
    let spent = |week: Option<usize>| {
        let cost = whole().find(|course| {
            is_cost(course.criterion) && adds_up(report.comparison.criteria[course.criterion].kind)
        })?;
        cost.cumulative.get(week?).map(|sum| sum.mean)
    };
    let day = |week: Option<usize>| week.map(|week| report.monday(week).to_string());
    whole()
        .filter_map(|course| {
            let arrival = course.arrival.as_ref()?;
            let judged = &report.comparison.criteria[course.criterion];
            let own = is_cost(course.criterion);
            Some(ArrivalOverview {
                criterion: judged.criterion.id(),
                name: criterion_name(report.base, judged),
                first_change: day(arrival.first_change),
                break_even: day(arrival.break_even),
                break_even_range: [day(arrival.range.0), day(arrival.range.1)],
                share_never: arrival.never,
                certain_from: day(arrival.certain),
                worst_week: day(arrival.worst),
                worst: arrival.worst.map(|_| FigureOverview::three(arrival.worst_benefit)),
                cost_by_worst: spent(arrival.worst).filter(|_| !own),
                cost_by_break_even: spent(arrival.break_even).filter(|_| !own),
                end: FigureOverview::three(arrival.end),
            })
        })
        .collect()
}

fn detections(report: &ComparisonReport, option: usize) -> Vec<DetectionOverview> {
    let found = report.comparison.options[option].detections.iter();
    // Nobody has to infer what was paid.
    let own = found.filter(|found| {
        found.area.is_none() && report.comparison.criteria[found.criterion].criterion.measure != "cost"
    });
    own.map(|found| {
        let judged = &report.comparison.criteria[found.criterion];
        let seen = |weeks: &usize| {
            let seen = found.after(*weeks)?;
            Some((*weeks, seen.power, seen.interval, seen.effect, seen.smallest))
        };
        DetectionOverview {
            criterion: judged.criterion.id(),
            name: criterion_name(report.base, judged),
            begins: report.monday(found.begins).to_string(),
            after: [26, 52].iter().filter_map(seen).collect(),
            enough_from: found.enough_from().map(|week| report.monday(week).to_string()),
        }
    })
    .collect()
}

fn parts(report: &ComparisonReport, option: usize) -> Vec<PartOverview> {
    let Some(split) = &report.comparison.options[option].split else { return Vec::new() };
    let mut list = Vec::new();
    for row in &split.rows {
        let judged = &report.comparison.criteria[row.criterion];
        let sums = [("(sum)", &row.sum), ("(interaction)", &row.interaction), ("(whole)", &row.whole)];
        let alone = split.parts.iter().map(String::as_str).zip(&row.parts);
        list.extend(alone.chain(sums).map(|(part, difference)| PartOverview {
            criterion: judged.criterion.id(),
            name: criterion_name(report.base, judged),
            is_share: is_share(judged),
            part: part.to_owned(),
            difference: FigureOverview::of(difference),
            told_apart: difference.is_told(),
            help_used_up:
                row.used_up.filter(|_| part == "(whole)").map(|ratio| (ratio.value, ratio.interval)),
        }));
    }
    list
}

fn standards(report: &ComparisonReport, option: usize) -> Vec<StandardChange> {
    let rows = report.comparison.options[option].standards.iter();
    let mut list: Vec<StandardChange> = rows
        .filter(|row| row.gained + row.lost > 0)
        .map(|row| {
            let judged = report.comparison.layout.judged[row.judged];
            let standard = &report.base.standards[judged.standard];
            StandardChange {
                standard: standard.id.clone(),
                name: standard.name.clone(),
                area: area_id(report.base, judged.area).to_owned(),
                area_name: area_name(report.base, judged.area).to_owned(),
                base: row.base,
                option: row.option,
                interval: [row.interval.0, row.interval.1],
            }
        })
        .collect();
    list.sort_by(|a, b| (b.option - b.base).abs().total_cmp(&(a.option - a.base).abs()));
    list
}

fn costs(report: &ComparisonReport, option: usize) -> Vec<CostOverview> {
    let rows = report.comparison.options[option].costs.iter();
    let known = |id: &str| {
        let all = std::iter::once(report.base).chain(report.options.iter().copied());
        all.flat_map(|scenario| &scenario.money.funders)
            .find(|funder| funder.id == id)
            .map(|funder| funder.name.clone())
    };
    rows.filter(|row| row.item.is_none() && row.year.is_none())
        .map(|row| {
            let (funder, name) = match row.funder.as_deref() {
                None => (WHOLE_COUNCIL, "All".to_owned()),
                Some("") => (UNFUNDED, "Nobody (unfunded)".to_owned()),
                Some(id) => (id, known(id).unwrap_or_else(|| id.to_owned())),
            };
            let pounds = |pence: f64| pence / 100.0;
            CostOverview {
                funder: funder.to_owned(),
                name,
                base: pounds(row.base as f64),
                option: pounds(row.option as f64),
                difference: FigureOverview {
                    mean: pounds(row.difference as f64),
                    low: pounds(row.interval.0),
                    high: pounds(row.interval.1),
                },
            }
        })
        .collect()
}

fn ranking(report: &ComparisonReport) -> Vec<RankOverview> {
    let rows = report.comparison.ranking.iter();
    rows.map(|row| {
        let judged = &report.comparison.criteria[row.criterion];
        let next = row.next.as_ref().map(|next| next.2);
        RankOverview {
            criterion: judged.criterion.id(),
            name: criterion_name(report.base, judged),
            rank: row.rank,
            scenario: report.scenario(row.scenario).name.clone(),
            mean: row.mean,
            is_share: is_share(judged),
            probability_best: row.best,
            told_apart: next.map(|next| matches!(next, Judgement::Better | Judgement::Worse)),
            same_as_next: next == Some(Judgement::Same),
            replications_to_tell: match next {
                Some(Judgement::Unclear(n)) => n,
                _ => None,
            },
        }
    })
    .collect()
}

fn tradeoffs(report: &ComparisonReport) -> Vec<TradeOverview> {
    let rows = report.comparison.trades.iter().filter(|row| row.verdict != Verdict::Same);
    rows.map(|row| {
        let benefit = &report.comparison.criteria[row.benefit_criterion];
        TradeOverview {
            scenario: report.scenario(row.scenario).name.clone(),
            against: report.scenario(row.against).name.clone(),
            benefit: benefit.criterion.id(),
            benefit_name: criterion_name(report.base, benefit),
            benefit_is_share: is_share(benefit),
            cost: report.comparison.criteria[row.cost_criterion].criterion.id(),
            verdict: row.verdict.as_str(),
            switching_value: row.ratio.map(|ratio| ratio.value),
            switching_interval: row.ratio.and_then(|ratio| ratio.interval).map(|(low, high)| [low, high]),
        }
    })
    .collect()
}

fn notes(report: &ComparisonReport) -> Vec<String> {
    let mut notes = Vec::new();
    for (option, scenario) in report.comparison.options.iter().zip(report.options) {
        let name = &scenario.name;
        if option.identical {
            notes.push(format!("{name} is the same as the base in every figure of every replication"));
        }
        let (of_base, of_option) = option.unmatched;
        if of_base + of_option > 0 {
            notes.push(format!(
                "{name} measures {of_option} series that the base does not, and lacks {of_base} of the base's: these \
                 are not compared"
            ));
        }
        for part in &option.inseparable {
            notes.push(format!(
                "the change {part} of {name} makes no valid scenario alone: what it does is in the interaction"
            ));
        }
        let judged = report.comparison.layout.judged.len();
        if option.standards.len() < judged {
            notes.push(format!(
                "{name} judges {} of the base's {judged} promises in the same place: only these are compared one by one",
                option.standards.len()
            ));
        }
    }
    notes
}
