//! The content of a comparison, put together from what was found.
//!
//! Consumes a [`ComparisonReport`]; produces a [`ComparisonOverview`].

use super::overview::{
    ArrivalOverview, ComparisonOverview, CostOverview, CriterionOverview, DetectionOverview, FigureOverview,
    OptionOverview, PartOverview, RankOverview, StandardChange, TradeOverview,
};
use super::{ComparisonReport, criterion_name, csv::adds_up, is_share};
use crate::decisions::comparison::{Judgement, Verdict};
use crate::report::model::{UNFUNDED, WHOLE_COUNCIL, area_id, area_name};
use crate::summary::wilson_95;

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
