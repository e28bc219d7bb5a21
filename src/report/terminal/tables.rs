//! The overview as text: tables and notes.
//!
//! Consumes an [`Overview`] and a width; produces lines no wider, unless a single word is.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, TableComponent, presets};

use super::{Figure, HolderOverview, Overview, StandardOverview, Verdict};
use crate::report::number::readable;
use crate::report::reconciliation;

/// Narrowest text. Six columns of figures do not fit less.
const NARROWEST: usize = 80;

/// Width from which names have room beside figures of any length.
const ROOMY: usize = 96;

impl Overview {
    /// The summary as text of at most `width` columns, but no narrower than 80.
    pub fn text(&self, width: usize) -> String {
        let width = width.max(NARROWEST);
        let mut out = String::new();
        let runs = if self.replications == 1 { "run" } else { "runs" };
        let short_hash: String = self.scenario_sha256.chars().take(8).collect();
        push_wrapped(&mut out, &self.title, width);
        push_wrapped(
            &mut out,
            &format!(
                "{} to {}, {} weeks; {} {runs} of scenario {} ({short_hash}), seed {}",
                self.period[0], self.period[1], self.weeks, self.replications, self.scenario, self.seed
            ),
            width,
        );
        if !self.holders.is_empty() {
            out.push('\n');
            push_wrapped(
                &mut out,
                "What is asked, held and waited for: the average, and below it the range of 9 in 10 runs",
                width,
            );
            push_table(&mut out, &holder_table(&self.holders, width));
            push_wrapped(&mut out, &counted(&self.holders), width);
        }
        for group in self.standards.chunk_by(|a, b| a.standard == b.standard) {
            out.push('\n');
            let wanted = percent(group[0].wanted_reliability);
            let heading = format!("{}: {}, wanted in {wanted} of runs", group[0].name, group[0].promise);
            push_wrapped(&mut out, &heading, width);
            push_table(&mut out, &standard_table(group, width));
        }
        let unsure = [Verdict::ProbablyReaches, Verdict::ProbablyFallsShort];
        if self.standards.iter().any(|standard| unsure.contains(&standard.verdict)) {
            out.push_str(
                "Probably (not): the interval holds the wanted reliability; more runs would tell.\n",
            );
        }
        self.push_costs(&mut out, width);
        if !self.reconciliation.is_empty() {
            out.push_str("\nPublished figures of the authority, and what these runs gave\n");
            out.push_str(&reconciliation::table(&self.reconciliation, width));
        }
        if !self.notes.is_empty() {
            out.push('\n');
        }
        for note in &self.notes {
            push_wrapped(&mut out, &format!("Note: {note}"), width);
        }
        out
    }
}

fn holder_table(holders: &[HolderOverview], width: usize) -> Table {
    let mut table = plain_table(width);
    table.set_header([
        "Area and team",
        "Families\na week",
        "Families\nopen",
        "Children\nopen",
        "Caseload\nper FTE",
        "Families\nwaiting",
        "Mean wait,\ndays",
    ]);
    for holder in holders {
        let name =
            if holder.team.is_empty() { holder.area_name.clone() } else { format!("- {}", holder.team_name) };
        let caseload = match (holder.caseload_counts, holder.caseload_per_fte) {
            (Some(counts), Some(figure)) => {
                format!("{}\n{}", cell(Some(figure)), counts)
            }
            _ => "–".to_owned(),
        };
        table.add_row([
            name,
            cell(holder.asked_per_week),
            cell(holder.open_families),
            cell(holder.open_children),
            caseload,
            cell(holder.waiting_families),
            cell(holder.wait_mean_days),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_padding((1, 0));
        // Names give way before figures do, while there is room for both.
        if width >= ROOMY {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

/// What the second column counts, given what is there.
fn counted(holders: &[HolderOverview]) -> String {
    let words = [
        (false, "referrals", "referrals to an area"),
        (false, "arrivals", "contacts about an area's families"),
        (true, "arrivals", "families that come to a team or desk"),
        (true, "allocations", "families that a team or desk takes on"),
    ];
    let counts = |of_team: bool, measure: &str| {
        holders
            .iter()
            .any(|holder| holder.asked_measure == Some(measure) && of_team != holder.team.is_empty())
    };
    let present: Vec<&str> = words
        .into_iter()
        .filter(|(of_team, measure, _)| counts(*of_team, measure))
        .map(|(.., words)| words)
        .collect();
    format!("Families a week are {}. A dash: not measured there.", present.join("; "))
}

fn standard_table(group: &[StandardOverview], width: usize) -> Table {
    let mut table = plain_table(width);
    table.set_header(["Area", "Achieved on average", "Met in (95% interval)", "As reliably as wanted?"]);
    for standard in group {
        table.add_row([
            standard.area_name.clone(),
            standard.mean_share.map_or("nothing to judge".to_owned(), percent),
            format!(
                "{} of {} runs ({}–{})",
                standard.met,
                standard.replications,
                percent(standard.reliability_low).trim_end_matches('%'),
                percent(standard.reliability_high)
            ),
            match standard.verdict {
                Verdict::Reaches => "yes",
                Verdict::ProbablyReaches => "probably",
                Verdict::ProbablyFallsShort => "probably not",
                Verdict::FallsShort => "no",
            }
            .to_owned(),
        ]);
    }
    table
}

/// A mean and below it its range; a dash for nothing, the mean alone where runs do not differ.
pub(in crate::report) fn cell(figure: Option<Figure>) -> String {
    let Some(Figure { mean, p05, p95 }) = figure else {
        return "–".to_owned();
    };
    let [mean, low, high] = [mean, p05, p95].map(readable);
    if low == high && low == mean { mean } else { format!("{mean}\n{low}–{high}") }
}

/// A share as a whole percentage; never 0% or 100% unless it is exactly that.
pub(in crate::report) fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    if share.is_nan() {
        "–".to_owned()
    } else if rounded >= 100.0 && share < 1.0 {
        "over 99%".to_owned()
    } else if rounded <= 0.0 && share > 0.0 {
        "under 1%".to_owned()
    } else {
        format!("{}%", rounded.max(0.0))
    }
}

pub(in crate::report) fn plain_table(width: usize) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .remove_style(TableComponent::HorizontalLines)
        .remove_style(TableComponent::MiddleIntersections)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width.min(usize::from(u16::MAX)) as u16);
    table
}

pub(in crate::report) fn push_table(out: &mut String, table: &Table) {
    for line in table.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// Prose in lines of at most `width` characters, unless a single word is longer: broken between words,
/// whatever breaks it had before, and without one at the end.
pub(crate) fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// Appends a text, [`wrapped`], and a line end.
pub(in crate::report) fn push_wrapped(out: &mut String, text: &str, width: usize) {
    out.push_str(&wrapped(text, width));
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::overview;
    use super::*;
    use crate::report::example::Example;

    #[test]
    fn the_text_fits_and_says_what_matters() {
        let mut example = Example::realistic(156);
        example.scenario.areas[1].name = "Hollinwood, Failsworth and the villages towards the moor".into();
        let overview = overview(&example.report(), &["police checks have no measured duration".into()]);
        for width in [120, 100, 96, 80] {
            let text = overview.text(width);
            println!("{text}");
            for line in text.lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
            assert!(text.contains("Note: police checks"));
        }
        let text = overview.text(100);
        assert!(text.contains("87 of 100 runs (80–92%)"));
        assert!(text.contains("probably not"));
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(joined.contains("referrals to an area; families that a team or desk takes on."));
        assert!(text.contains("nothing to judge"));
        assert!(text.contains("85% of families within 45 working days, wanted in 90% of runs"));
        assert!(!text.contains('\u{1b}'), "no colours");
    }

    #[test]
    fn prose_is_broken_between_words_and_counted_in_letters() {
        assert_eq!(wrapped("  one two\nthree ", 7), "one two\nthree");
        assert_eq!(wrapped("one two three", 6), "one\ntwo\nthree");
        assert_eq!(wrapped("né–é née", 8), "né–é née");
        assert_eq!(wrapped("a longest b", 3), "a\nlongest\nb");
        assert_eq!(wrapped("", 3), "");
    }

    #[test]
    fn shares_are_honest_at_the_ends() {
        let table: &[(f64, &str)] = &[
            (1.0, "100%"),
            (0.996, "over 99%"),
            (0.994, "99%"),
            (0.874, "87%"),
            (0.004, "under 1%"),
            (0.0, "0%"),
            (f64::NAN, "–"),
        ];
        for &(share, text) in table {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn a_figure_that_never_varies_has_no_range() {
        let figure = |mean, p05, p95| Some(Figure { mean, p05, p95 });
        assert_eq!(cell(figure(12.0, 11.0, 14.2)), "12\n11–14");
        assert_eq!(cell(figure(12.0, 12.1, 11.9)), "12");
        assert_eq!(cell(None), "–");
    }
}
