//! The rules by which a report puts figures into words.
//!
//! Consumes figures with their ranges; produces phrases. **Rules.** No figure without its uncertainty. Families
//! and children are whole; posts have one decimal at most; shares are whole percentages. What overlaps
//! "cannot be told apart". What nobody measured is said to be so, not shown as 0.

use crate::report::number::{pounds_short, readable};
use crate::report::terminal::{Figure, Verdict};
use crate::scenario::Scenario;

/// Something that is counted whole.
pub(super) struct Noun {
    one: &'static str,
    many: &'static str,
}

/// Families.
pub(super) const FAMILIES: Noun = Noun { one: "family", many: "families" };
/// Promises: standards, each in the areas that it binds.
pub(super) const PROMISES: Noun = Noun { one: "promise", many: "promises" };
/// Simulated runs.
pub(super) const RUNS: Noun = Noun { one: "run", many: "runs" };

/// A whole number of things: `1 family`, `12 families`, `no families`, `fewer than 1 family`.
pub(super) fn count(value: f64, noun: &Noun) -> String {
    if !value.is_finite() {
        return format!("an unknown number of {}", noun.many);
    }
    if value > 0.0 && value < 0.5 {
        return format!("fewer than 1 {}", noun.one);
    }
    match value.round() {
        0.0 => format!("no {}", noun.many),
        1.0 => format!("1 {}", noun.one),
        _ => format!("{} {}", whole(value), noun.many),
    }
}

/// A number of things, rounded once: to the whole, or beyond a thousand to three digits.
fn whole(value: f64) -> String {
    readable(if value < 10.0 { value.round() } else { value })
}

/// A mean of whole things with its range: `17 families (9 in 10 runs: 1 to 37)`.
pub(super) fn counted(figure: &Figure, noun: &Noun) -> String {
    let [low, high] = [figure.p05, figure.p95].map(whole);
    if low == high {
        return format!("{} in 9 of 10 runs", count(figure.mean, noun));
    }
    format!("{} (9 in 10 runs: {low} to {high})", count(figure.mean, noun))
}

/// Pounds with their range; the figure is in pounds.
pub(super) fn pounds(figure: &Figure) -> String {
    let [mean, low, high] = [figure.mean, figure.p05, figure.p95].map(pounds_of);
    if low == high {
        format!("{mean} in 9 of 10 runs")
    } else {
        format!("{mean} (9 in 10 runs: {low} to {high})")
    }
}

/// Pounds for people, from pounds.
pub(super) fn pounds_of(pounds: f64) -> String {
    if pounds.is_finite() { pounds_short((pounds * 100.0).round() as i64) } else { "not known".to_owned() }
}

/// A number of posts, with one decimal at most.
pub(super) fn posts(fte: f64) -> String {
    if !fte.is_finite() {
        return "not known".to_owned();
    }
    let text = format!("{fte:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A share as a whole percentage; what is not quite all or nothing is not called so.
pub(super) fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "not measured".to_owned();
    }
    let whole = (share * 100.0).round();
    if whole >= 100.0 && share < 1.0 {
        "over 99%".to_owned()
    } else if whole <= 0.0 && share > 0.0 {
        "under 1%".to_owned()
    } else {
        format!("{whole:.0}%")
    }
}

/// A chance with its 95% interval: `52% (45% to 59%)`.
pub(super) fn chance(share: f64, (low, high): (f64, f64)) -> String {
    if !share.is_finite() {
        return "not measured".to_owned();
    }
    let whole = |value: f64| format!("{:.0}%", 100.0 * value.clamp(0.0, 1.0));
    format!("{} ({} to {})", percent(share), whole(low), whole(high))
}

/// A text in which days such as `2025-01-06` are written as people say them: `6 January 2025`.
pub(super) fn days(text: &str) -> String {
    let day = |word: &str| word.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        match day(word) {
            Some(day) => {
                out.push_str(&crate::report::plots::in_words(day));
                out.push_str(&word[10..]);
            }
            None => out.push_str(word),
        }
    }
    out
}

/// Pounds known to a standard error: neither has digits that the other makes idle.
pub(super) fn pounds_known(value: f64, error: f64) -> String {
    if !error.is_finite() || error <= 0.0 {
        return pounds_of(value);
    }
    let step = 10f64.powi(libm::log10(error).floor() as i32).max(1.0);
    let [value, error] = [value, error].map(|pounds| pounds_of((pounds / step).round() * step));
    format!("about {value} (standard error {error})")
}

/// A figure of the scenario for readers: `need of River`. Where it stands in the scenario, tables say.
pub(super) fn figure_words(scenario: &Scenario, path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let [kind, id, rest @ ..] = parts.as_slice() else { return path.to_owned() };
    let name = match *kind {
        "areas" => scenario.areas.iter().find(|area| area.id == *id).map(|area| &area.name),
        "sources" => scenario.sources.iter().find(|source| source.id == *id).map(|source| &source.name),
        "stages" => scenario.stages.iter().find(|stage| stage.id == *id).map(|stage| &stage.name),
        "teams" => scenario.teams.iter().find(|team| team.id == *id).map(|team| &team.name),
        "desks" => scenario.desks.iter().find(|desk| desk.id == *id).map(|desk| &desk.name),
        _ => None,
    };
    let what = rest.join(" ").replace('_', " ");
    match (name, rest) {
        (_, []) => path.to_owned(),
        (Some(name), _) => format!("{what} of {name}"),
        (None, _) => format!("{what} of {}", id.replace('_', " ")),
    }
}

/// A remark as a sentence: it begins with a capital and ends with one full stop.
pub(super) fn sentence(remark: &str) -> String {
    let mut letters = remark.trim_end_matches('.').chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).chain(['.']).collect()
}

/// Names in a sentence: `a, b and c`; beyond `most`, how many more there are.
pub(super) fn names(list: &[String], most: usize) -> String {
    let shown = &list[..list.len().min(most)];
    let more = list.len() - shown.len();
    match (shown, more) {
        ([], _) => "none".to_owned(),
        ([one], 0) => one.clone(),
        ([.., last], 0) => format!("{} and {last}", shown[..shown.len() - 1].join(", ")),
        (_, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Whether two ranges overlap: then what they are about cannot be told apart.
pub(super) fn overlap(a: (f64, f64), b: (f64, f64)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// A verdict in words.
pub(in crate::report) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reaches => "kept",
        Verdict::ProbablyReaches => "probably kept",
        Verdict::ProbablyFallsShort => "probably not kept",
        Verdict::FallsShort => "not kept",
    }
}

/// What a comparison judged, in words.
pub(in crate::report) fn judgement(judgement: &str) -> &'static str {
    match judgement {
        "better" => "better",
        "worse" => "worse",
        "same" => "the same in every run",
        _ => "cannot be told apart",
    }
}

/// A cell of a table: a figure and its range.
pub(super) fn cell(figure: Option<Figure>) -> String {
    match figure {
        Some(figure) if figure.mean.is_finite() => {
            let [mean, low, high] = [figure.mean, figure.p05, figure.p95].map(readable);
            if low == high { mean } else { format!("{mean} ({low} to {high})") }
        }
        _ => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(mean: f64, p05: f64, p95: f64) -> Figure {
        Figure { mean, p05, p95 }
    }

    #[test]
    fn families_are_whole_and_have_their_range() {
        assert_eq!(counted(&figure(16.7, 1.4, 37.2), &FAMILIES), "17 families (9 in 10 runs: 1 to 37)");
        assert_eq!(counted(&figure(1.2, 0.6, 2.0), &FAMILIES), "1 family (9 in 10 runs: 1 to 2)");
        assert_eq!(counted(&figure(0.2, 0.0, 0.4), &FAMILIES), "fewer than 1 family in 9 of 10 runs");
        assert_eq!(count(0.0, &FAMILIES), "no families");
        assert_eq!(count(1234.5, &FAMILIES), "1,230 families");
        assert_eq!(count(f64::NAN, &FAMILIES), "an unknown number of families");
    }

    #[test]
    fn posts_have_one_decimal_and_no_false_one() {
        assert_eq!(posts(9.5), "9.5");
        assert_eq!(posts(10.0), "10");
        assert_eq!(posts(f64::NAN), "not known");
    }

    #[test]
    fn nearly_all_is_not_all() {
        assert_eq!([0.0, 0.004, 0.5, 0.998, 1.0].map(percent), ["0%", "under 1%", "50%", "over 99%", "100%"]);
        assert_eq!(chance(0.52, (0.449, 0.587)), "52% (45% to 59%)");
        assert_eq!(chance(f64::NAN, (0.0, 1.0)), "not measured");
    }

    #[test]
    fn overlapping_ranges_cannot_be_told_apart() {
        assert!(overlap((1.0, 5.0), (4.0, 9.0)) && overlap((4.0, 9.0), (1.0, 4.0)));
        assert!(!overlap((1.0, 3.0), (4.0, 9.0)) && !overlap((10.0, 12.0), (4.0, 9.0)));
        assert_eq!(judgement("unclear"), "cannot be told apart");
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        assert_eq!(days("from 2025-01-06 on (2025-02-03)."), "from 6 January 2025 on (2025-02-03).");
        assert_eq!(days("2025-01-06, then"), "6 January 2025, then");
        assert_eq!(days("no 2025-13-45 day é"), "no 2025-13-45 day é");
    }

    #[test]
    fn a_value_has_no_more_digits_than_its_error() {
        assert_eq!(pounds_known(6_670.0, 5_050.0), "about £7,000 (standard error £5,000)");
        assert_eq!(pounds_known(123_456.0, 1_234.0), "about £123,000 (standard error £1,000)");
        assert_eq!(pounds_known(42.0, 0.0), "£42");
    }

    #[test]
    fn figures_are_named_by_what_they_are_about() {
        let example = crate::report::example::Example::small();
        let name = |path: &str| figure_words(&example.scenario, path);
        assert_eq!(name("areas.north.need"), "need of North");
        assert_eq!(name("pay.social_worker.on_costs"), "on costs of social worker");
        assert_eq!(name("(all others)"), "(all others)");
    }

    #[test]
    fn remarks_become_sentences() {
        assert_eq!(sentence("a note"), "A note.");
        assert_eq!(sentence("A note."), "A note.");
        assert_eq!(sentence(""), ".");
    }

    #[test]
    fn lists_read_as_sentences() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&list(&[]), 3), "none");
        assert_eq!(names(&list(&["a"]), 3), "a");
        assert_eq!(names(&list(&["a", "b"]), 3), "a and b");
        assert_eq!(names(&list(&["a", "b", "c"]), 3), "a, b and c");
        assert_eq!(names(&list(&["a", "b", "c", "d"]), 2), "a, b and 2 more");
    }

    #[test]
    fn money_keeps_three_digits_and_its_range() {
        assert_eq!(
            pounds(&figure(1_234_567.0, 1_100_000.0, 1_400_000.0)),
            "£1.23 million (9 in 10 runs: £1.10 million to £1.40 million)"
        );
        assert_eq!(pounds(&figure(543_210.0, 543_210.0, 543_210.0)), "£543,000 in 9 of 10 runs");
    }

    #[test]
    fn a_cell_never_shows_a_figure_alone_where_it_varies() {
        assert_eq!(cell(Some(figure(16.7, 1.4, 37.2))), "17 (1.4 to 37)");
        assert_eq!(cell(Some(figure(f64::NAN, 0.0, 0.0))), "–");
        assert_eq!(cell(None), "–");
    }
}
