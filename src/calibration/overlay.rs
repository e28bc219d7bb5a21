//! The calibrated scenario: a file that extends the base and states what was estimated, with its range and origin.
//!
//! Consumes figures; produces TOML. Positive figures are ranges of shape "lognormal" (5th and 95th percentile are the
//! interval), shares PERT ranges whose 5th and 95th percentile are the interval. A split or a set of bands is written
//! whole, so that its shares sum to 1. **Invariant:** what the file holds is numbers, paths of the base and words of
//! this program.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::figure::{Figure, Kind, pert_ends, significant};
use crate::scenario::{Destination, Duration, Scenario, Share};

/// Names and where the base lies.
pub struct Heading<'h> {
    /// The scenario's name.
    pub name: &'h str,
    /// The base as `extends` has it.
    pub extends: &'h str,
    /// Lines of comment at the top.
    pub comment: &'h [String],
}

/// The file's text.
pub fn text(scenario: &Scenario, figures: &[Figure], heading: &Heading) -> String {
    let mut out = String::new();
    for line in heading.comment {
        let _ = writeln!(out, "# {line}");
    }
    let _ = writeln!(out, "\nname = {}", quoted(heading.name));
    let _ = writeln!(out, "title = {}", quoted(&format!("{}, calibrated", scenario.title)));
    let _ = writeln!(out, "extends = {}", quoted(heading.extends));
    // Table by table, each with its entries in order.
    let mut tables: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut entry = |table: &str, key: &str, value: String| {
        tables.entry(table.to_owned()).or_default().insert(key.to_owned(), value);
    };
    let by_path: BTreeMap<&str, &Figure> =
        figures.iter().map(|figure| (figure.path.as_str(), figure)).collect();
    for stage in &scenario.stages {
        let duration = format!("stages.{}.duration", stage.id);
        if let Some((key, list)) = list_of(scenario, &stage.duration, &duration, &by_path) {
            entry(&duration, key, list);
        }
        let next = format!("stages.{}.next", stage.id);
        if let [route] = stage.routes.as_slice() {
            for (to, text) in split(scenario, &route.shares, &next, &by_path) {
                entry(&next, &to, text);
            }
        }
    }
    let whole = |path: &str| path.contains(".next.") || path.contains(".shares.") || path.contains(".of.");
    for figure in figures.iter().filter(|figure| !whole(&figure.path)) {
        if let Some((table, key)) = figure.path.rsplit_once('.') {
            entry(table, key, number(figure, figure.value));
        }
    }
    for (table, entries) in tables {
        let _ = writeln!(out, "\n[{table}]");
        for (key, value) in entries {
            let _ = writeln!(out, "{key} = {value}");
        }
    }
    out
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A described number. `value` is the figure's, rounded or made to fit its split.
fn number(figure: &Figure, value: f64) -> String {
    let value = significant(value);
    let (low, high) = ends(figure, value);
    let mut text = format!("{{ value = {value}");
    if low < high {
        let shape = if figure.kind == Kind::Positive { ", shape = \"lognormal\"" } else { "" };
        text = format!("{{ value = {value}, low = {low}, high = {high}{shape}");
    }
    let interval = format!(
        "{}, {}; 90% interval {} to {}",
        figure.source,
        figure.method,
        significant(figure.low),
        significant(figure.high)
    );
    let basis = if figure.derived { "judgement" } else { "measured" };
    let origin = if figure.derived {
        format!("the base's proportions of what was measured: {interval}")
    } else {
        interval
    };
    format!("{text}, basis = \"{basis}\", source = {} }}", quoted(&origin))
}

/// The ends to be written.
fn ends(figure: &Figure, value: f64) -> (f64, f64) {
    match figure.kind {
        Kind::Positive => (significant(figure.low).min(value), significant(figure.high).max(value)),
        Kind::Share => {
            let (low, high) = pert_ends(value, figure.low.min(value), figure.high.max(value));
            (significant(low).min(value), significant(high).max(value))
        }
    }
}

/// Shares made to sum to 1 in ten-thousandths, the largest taking what rounding leaves.
fn rounded(shares: &[f64]) -> Vec<f64> {
    let total: f64 = shares.iter().sum();
    let mut parts: Vec<i64> = shares.iter().map(|share| (share / total * 10_000.0).round() as i64).collect();
    let left = 10_000 - parts.iter().sum::<i64>();
    if let Some(largest) = (0..parts.len()).max_by_key(|at| (parts[*at], usize::MAX - at)) {
        parts[largest] += left;
    }
    parts.into_iter().map(|part| part as f64 / 10_000.0).collect()
}

/// The entries of a split that was estimated, in the route's order; the base's rest stays the rest.
fn split(
    scenario: &Scenario,
    shares: &[(Destination, Share)],
    path: &str,
    figures: &BTreeMap<&str, &Figure>,
) -> Vec<(String, String)> {
    let name = |to: &Destination| super::shares::name(scenario, *to);
    let found: Option<Vec<&Figure>> =
        shares.iter().map(|(to, _)| figures.get(format!("{path}.{}", name(to)).as_str()).copied()).collect();
    let Some(found) = found else { return Vec::new() };
    let values = rounded(&found.iter().map(|figure| figure.value).collect::<Vec<f64>>());
    shares
        .iter()
        .zip(found.iter().zip(values))
        .map(|((to, share), (figure, value))| {
            let text = if *share == Share::Rest { quoted("rest") } else { number(figure, value) };
            (name(to).to_owned(), text)
        })
        .collect()
}

/// The list of bands' shares, or of a mixture's parts, with its key.
fn list_of(
    scenario: &Scenario,
    duration: &Duration,
    path: &str,
    figures: &BTreeMap<&str, &Figure>,
) -> Option<(&'static str, String)> {
    let (_, inner) = super::durations::unscaled(duration);
    let all = |paths: Vec<String>| -> Option<(Vec<Figure>, Vec<f64>)> {
        let found: Option<Vec<Figure>> =
            paths.iter().map(|path| figures.get(path.as_str()).map(|figure| (*figure).clone())).collect();
        let found = found?;
        let values = rounded(&found.iter().map(|figure| figure.value).collect::<Vec<f64>>());
        Some((found, values))
    };
    match inner {
        Duration::Bands { shares, .. } => {
            let (found, values) =
                all((0..shares.len()).map(|band| format!("{path}.shares.{band}")).collect())?;
            let lines =
                found.iter().zip(values).map(|(figure, value)| format!("  {},\n", number(figure, value)));
            Some(("shares", format!("[\n{}]", lines.collect::<String>())))
        }
        Duration::Mixture(parts) => {
            let (found, values) =
                all((0..parts.len()).map(|part| format!("{path}.of.{part}.share")).collect())?;
            let mut text = String::from("[\n");
            for ((_, part), (figure, value)) in parts.iter().zip(found.iter().zip(values)) {
                let part = part_of(scenario, part)?;
                let _ = writeln!(text, "  {{ share = {}, {part} }},", number(figure, value));
            }
            text.push(']');
            Some(("of", text))
        }
        _ => None,
    }
}

/// A mixture's part as the file writes it; its figures keep the base's values.
fn part_of(scenario: &Scenario, part: &Duration) -> Option<String> {
    let central = scenario.central_draw();
    let mean = |quantity| central[quantity];
    Some(match part {
        Duration::Exponential(q) => format!("distribution = \"exponential\", mean = {}", mean(*q)),
        Duration::Gamma { mean: q, shape } => {
            format!("distribution = \"gamma\", mean = {}, shape = {}", mean(*q), central[*shape])
        }
        Duration::Lognormal { mean: q, cv } => {
            format!("distribution = \"lognormal\", mean = {}, cv = {}", mean(*q), central[*cv])
        }
        Duration::Weibull { mean: q, shape } => {
            format!("distribution = \"weibull\", mean = {}, shape = {}", mean(*q), central[*shape])
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_one_in_ten_thousandths() {
        for shares in [vec![1.0 / 3.0; 3], vec![0.12345, 0.6, 0.27655], vec![0.99999, 0.00001]] {
            let rounded = rounded(&shares);
            let total: i64 = rounded.iter().map(|share| (share * 10_000.0).round() as i64).sum();
            assert_eq!(total, 10_000);
        }
    }
}
