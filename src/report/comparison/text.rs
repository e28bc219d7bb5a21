//! The comparison as text: who is better, when, why, and at what price.

use comfy_table::CellAlignment;

use super::overview::{
    ArrivalOverview, ComparisonOverview, CriterionOverview, FigureOverview, OptionOverview, TradeOverview,
};
use crate::report::number::readable;
use crate::report::terminal::{percent, plain_table, push_table, push_wrapped};

/// Promises shown of each option.
const STANDARDS_SHOWN: usize = 6;

impl ComparisonOverview {
    /// The comparison as text of at most `width` columns, but no narrower than 96.
    pub fn text(&self, width: usize) -> String {
        let width = width.clamp(96, usize::from(u16::MAX));
        let mut out = String::new();
        let hash: String = self.base_sha256.chars().take(8).collect();
        push_wrapped(&mut out, &format!("Compared with: {}", self.base_title), width);
        let words = format!(
            "{} to {}; {} runs of each, the same families, sickness and shocks in all{}. Base {} ({hash}), seed {}. \
             Differences are option less base, with their 95% intervals.",
            self.period[0],
            self.period[1],
            self.replications,
            if self.partial { " (interrupted: fewer than planned)" } else { "" },
            self.base,
            self.seed
        );
        push_wrapped(&mut out, &words, width);
        for option in &self.options {
            out.push('\n');
            push_wrapped(&mut out, &format!("{}: {}", option.scenario, option.title), width);
            push_option(&mut out, option, width);
        }
        self.push_ranking(&mut out, width);
        self.push_trades(&mut out, width);
        if !self.notes.is_empty() {
            out.push('\n');
        }
        for note in &self.notes {
            push_wrapped(&mut out, &format!("Note: {note}."), width);
        }
        out
    }

    fn push_ranking(&self, out: &mut String, width: usize) {
        out.push('\n');
        push_wrapped(
            out,
            "Order, best first (\">\" told apart, \"≈\" not, \"=\" the same in every run):",
            width,
        );
        for group in self.ranking.chunk_by(|a, b| a.criterion == b.criterion) {
            let mut line = format!("- {}:", group[0].name);
            for row in group {
                let mean = figure(row.mean, row.is_share);
                line.push_str(&format!(
                    " {} ({mean}, best in {})",
                    row.scenario,
                    percent(row.probability_best)
                ));
                line.push_str(match row.told_apart {
                    None => "",
                    Some(true) => " >",
                    Some(false) if row.same_as_next => " =",
                    Some(false) => " ≈",
                });
            }
            line.push('.');
            let telling = group.iter().filter_map(|row| row.replications_to_tell).max();
            if let Some(n) = telling {
                line.push_str(&format!(
                    " About {} runs of each would tell all neighbours apart.",
                    readable(n as f64)
                ));
            }
            push_wrapped(out, &line, width);
        }
    }

    fn push_trades(&self, out: &mut String, width: usize) {
        if self.tradeoffs.is_empty() {
            return;
        }
        out.push('\n');
        push_wrapped(
            out,
            "Which to prefer, and at what price the choice flips (by other criteria: comparison_tradeoffs.csv):",
            width,
        );
        // The first benefit; the others are in the file.
        let first = &self.tradeoffs[0].benefit;
        for trade in self.tradeoffs.iter().filter(|trade| trade.benefit == *first) {
            push_wrapped(out, &format!("- {}", trade_words(trade)), width);
        }
    }
}

fn push_option(out: &mut String, option: &OptionOverview, width: usize) {
    let mut table = plain_table(width);
    table.set_header([
        "Over the horizon",
        "Base",
        "Option",
        "Difference (95% interval)",
        "Better\nin",
        "Best of\nall in",
        "Judged",
        "Pairing's\ngain",
    ]);
    for row in &option.criteria {
        table.add_row(criterion_row(row));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_padding((1, 0));
    }
    push_table(out, &table);
    for arrival in &option.arrivals {
        push_wrapped(out, &arrival_words(arrival), width);
    }
    push_detections(out, option, width);
    push_parts(out, option, width);
    push_standards(out, option, width);
    push_costs(out, option, width);
    let posts = match &option.most_posts_more {
        None => "Caseload teams have no more posts in any week.".to_owned(),
        Some((most, week)) => format!(
            "Caseload teams have more posts in {} weeks: at most {}, in the week of {week}.",
            option.weeks_with_more_posts,
            signed(*most)
        ),
    };
    push_wrapped(out, &posts, width);
}

fn criterion_row(row: &CriterionOverview) -> [String; 8] {
    let judged = match (row.judgement, row.replications_to_tell) {
        ("unclear", Some(n)) => format!("unclear;\n{} runs\nwould tell", readable(n as f64)),
        (word, _) => word.to_owned(),
    };
    [
        row.name.clone(),
        figure(row.base, row.is_share),
        figure(row.option, row.is_share),
        interval(&row.difference, row.is_share),
        row.probability_better.map_or("–".to_owned(), percent),
        row.probability_best.map_or("–".to_owned(), percent),
        judged,
        row.variance_reduction.map_or("–".to_owned(), |times| format!("{} times", readable(times))),
    ]
}

/// When a benefit arrives, and what comes before.
pub(in crate::report) fn arrival_words(arrival: &ArrivalOverview) -> String {
    let name = &arrival.name;
    let Some(first) = &arrival.first_change else {
        return format!("{name}: nothing differs in any week.");
    };
    let mut text = format!("{name}: first differs in the week of {first}.");
    // Without a break-even the end is told below.
    if let (Some(week), Some(worst), Some(_)) = (&arrival.worst_week, &arrival.worst, &arrival.break_even) {
        let by = arrival
            .cost_by_worst
            .map_or(String::new(), |cost| format!(", and costs {} pounds more by then", signed(cost)));
        text.push_str(&format!(
            " At its worst, in the week of {week}, it is {} worse in all{by}.",
            interval(&negated(worst), false).replace('+', "")
        ));
    }
    match &arrival.break_even {
        Some(week) => {
            let [early, late] = &arrival.break_even_range;
            let late = late.as_deref().unwrap_or("not within the horizon");
            let early = early.as_deref().unwrap_or("not within the horizon");
            text.push_str(&format!(
                " Better in all from the week of {week} on (9 in 10 futures: {early} to {late})"
            ));
            if let Some(cost) = arrival.cost_by_break_even {
                text.push_str(&format!(", {} pounds by then", signed(cost)));
            }
            text.push('.');
            match &arrival.certain_from {
                Some(week) => text.push_str(&format!(
                    " The 95% interval of the mean is clear of zero from the week of {week} on."
                )),
                None => text.push_str(" The 95% interval of the mean is never clear of zero."),
            }
        }
        None => {
            let end = interval(&negated(&arrival.end), false).replace('+', "");
            text.push_str(&format!(
                " It does not come out better within the horizon: by the end it is {end} worse in all."
            ));
        }
    }
    text
}

/// Whether a council could see it in its own figures.
fn push_detections(out: &mut String, option: &OptionOverview, width: usize) {
    if option.detections.is_empty() {
        return;
    }
    let words = "Could it be seen in real figures, by weekly counts since it began against those before (one false alarm in 20)?";
    push_wrapped(out, words, width);
    for found in &option.detections {
        let mut line = format!("- {}:", found.name);
        for (weeks, power, (low, high), effect, smallest) in &found.after {
            line.push_str(&format!(
                " within {weeks} weeks in {} of futures ({:.0}–{:.0}%), by an effect of {} where {} would be seen in 80%;",
                percent(*power),
                100.0 * low,
                100.0 * high,
                fine(*effect),
                fine(*smallest)
            ));
        }
        line.push_str(&match &found.enough_from {
            Some(week) => format!(" in 80% or more from the week of {week} on."),
            None => " never in 80% within the horizon.".to_owned(),
        });
        push_wrapped(out, &line, width);
    }
}

/// A weekly figure with a decimal more than usual where it is small.
fn fine(value: f64) -> String {
    match value.abs() {
        size if size < 0.005 => "less than 0.01".to_owned(),
        size if size < 1.0 => format!("{value:.2}"),
        _ => readable(value),
    }
}

fn push_parts(out: &mut String, option: &OptionOverview, width: usize) {
    if option.parts.is_empty() {
        return;
    }
    push_wrapped(out, "What each change does alone, and all together beyond that (interaction):", width);
    for group in option.parts.chunk_by(|a, b| a.criterion == b.criterion) {
        let mut line = format!("- {}:", group[0].name);
        for (place, part) in group.iter().filter(|part| part.part != "(sum)").enumerate() {
            let separator = if place == 0 { "" } else { ";" };
            let figures = interval(&part.difference, part.is_share);
            let unclear = if part.told_apart || part.difference.high == part.difference.low {
                ""
            } else {
                " (unclear)"
            };
            line.push_str(&format!("{separator} {} {figures}{unclear}", part.part));
        }
        line.push('.');
        // Without ends of its interval it says nothing.
        if let Some((share, Some((low, high)))) = group.iter().find_map(|part| part.help_used_up) {
            line.push_str(&format!(
                " What harms takes away {} of what helps ({} to {}).",
                percent(share),
                percent(low),
                percent(high)
            ));
        }
        push_wrapped(out, &line, width);
    }
}

fn push_standards(out: &mut String, option: &OptionOverview, width: usize) {
    if option.standards.is_empty() {
        return;
    }
    let mut line = String::from("Promises kept in another share of futures:");
    for (place, change) in option.standards.iter().take(STANDARDS_SHOWN).enumerate() {
        let separator = if place == 0 { "" } else { ";" };
        let [low, high] = change.interval.map(|end| 100.0 * end);
        line.push_str(&format!(
            "{separator} {}, {}: {} to {} ({} to {} points)",
            change.name,
            change.area_name,
            percent(change.base),
            percent(change.option),
            signed(low),
            signed(high)
        ));
    }
    match option.standards.len().saturating_sub(STANDARDS_SHOWN) {
        0 => line.push('.'),
        more => line.push_str(&format!("; and {more} more in comparison_standards.csv.")),
    }
    push_wrapped(out, &line, width);
}

fn push_costs(out: &mut String, option: &OptionOverview, width: usize) {
    if option.costs.is_empty() {
        return;
    }
    let of = |cost: &super::CostOverview| format!("{} {}", cost.name, interval(&cost.difference, false));
    let all: Vec<String> = option.costs.iter().map(of).collect();
    push_wrapped(out, &format!("Pounds more or less over the horizon: {}.", all.join("; ")), width);
}

pub(in crate::report) fn trade_words(trade: &TradeOverview) -> String {
    let (one, other, benefit) = (&trade.scenario, &trade.against, trade.benefit_name.to_lowercase());
    // Of a share, the price of a percentage point.
    let (unit, times) = if trade.benefit_is_share { ("one point", 0.01) } else { ("one unit", 1.0) };
    let cost = if trade.cost == "cost" { "cost" } else { &trade.cost };
    let price = |value: f64| {
        let value = readable(value * times);
        if trade.cost == "cost" { format!("£{value}") } else { format!("{value} of {cost}") }
    };
    let at = trade.switching_value.map_or(String::new(), |value| {
        let interval = match trade.switching_interval {
            Some([low, high]) => format!("95% interval {} to {}", price(low), price(high)),
            None => "the interval has no ends: the benefit may be nothing".to_owned(),
        };
        format!("{} ({interval})", price(value))
    });
    match trade.verdict {
        "dominates" => {
            format!("{one} dominates {other} by {benefit} and {cost}: no worse by either, better by one.")
        }
        "dominated" => format!("{other} dominates {one} by {benefit} and {cost}."),
        "probably_dominates" => {
            format!(
                "{one} is better than {other} by {benefit} and {cost} on average, but not for sure by both."
            )
        }
        "probably_dominated" => {
            format!(
                "{other} is better than {one} by {benefit} and {cost} on average, but not for sure by both."
            )
        }
        "buys" => {
            format!("{one} rather than {other} where {unit} of {benefit} gained is worth more than {at}.")
        }
        _ => format!("{one} rather than {other} where {unit} of {benefit} lost is worth less than {at}."),
    }
}

/// A figure: shares in per cent; small ones with two decimals.
pub(in crate::report) fn figure(value: f64, is_share: bool) -> String {
    if is_share { percent(value) } else { small(value) }
}

/// As [`readable`], but two significant digits below one, where a tenth would hide everything.
fn small(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.abs() >= 0.995 || !value.is_finite() {
        return readable(value);
    }
    let mut decimals = 2;
    while decimals < 8 && value.abs() * 10f64.powi(decimals - 1) < 0.995 {
        decimals += 1;
    }
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{:.*}", decimals as usize, value.abs())
}

pub(in crate::report) fn signed(value: f64) -> String {
    let text = small(value);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// A difference with its interval; of shares in points.
pub(in crate::report) fn interval(found: &FigureOverview, is_share: bool) -> String {
    let times = if is_share { 100.0 } else { 1.0 };
    let [mean, low, high] = [found.mean, found.low, found.high].map(|value| value * times);
    let unit = if is_share { " points" } else { "" };
    if low == high {
        format!("{}{unit}", signed(mean))
    } else {
        format!("{}{unit} ({} to {})", signed(mean), signed(low), signed(high))
    }
}

fn negated(found: &FigureOverview) -> FigureOverview {
    FigureOverview { mean: -found.mean, low: -found.high, high: -found.low }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_are_not_hidden() {
        let table = [
            (0.0, "0"),
            (0.5, "0.50"),
            (0.051, "0.051"),
            (-0.0028, "−0.0028"),
            (12.3, "12"),
            (0.999, "1"),
            (f64::NAN, "–"),
        ];
        for (value, text) in table {
            assert_eq!(small(value), text);
        }
        assert_eq!(signed(0.25), "+0.25");
        let share = FigureOverview { mean: 0.05, low: 0.01, high: 0.09 };
        assert_eq!(interval(&share, true), "+5 points (+1 to +9)");
    }
}
