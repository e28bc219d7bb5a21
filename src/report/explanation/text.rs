//! An explanation in plain words.
//!
//! Consumes an [`ExplanationReport`] and a width; produces tables and sentences.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::{Driven, ExplanationReport, Measured, Weighed};
use crate::report::number::readable;
use crate::report::terminal::wrapped;

/// Figures shown for each output.
const SHOWN: usize = 5;

/// A share of variance below which a figure is not worth a line.
const NEGLIGIBLE: f64 = 0.01;

impl ExplanationReport {
    /// The report as text of at most `width` columns.
    pub fn text(&self, width: usize) -> String {
        let mut out = Vec::new();
        let hash: String = self.scenario_sha256.chars().take(8).collect();
        out.push(paragraphs(
            &format!(
                "{}\nWhat drives the answers: {} simulated runs of scenario {} ({hash}), seed {}.",
                self.title,
                readable(f64::from(self.runs)),
                self.scenario,
                self.seed
            ),
            width,
        ));
        out.push(self.looked_at(width));
        for output in &self.outputs {
            out.push(output_text(output, width));
        }
        out.push(wrapped(&self.reading(), width));
        if !self.posts.is_empty() {
            out.push(self.posts_text(width));
            out.push(self.next_text(width));
        }
        let text = out.join("\n\n");
        // Tables pad their last column.
        text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
    }

    fn looked_at(&self, width: usize) -> String {
        let (one, all) = (self.figures.len(), self.figures.len() + self.taken_together.len());
        let mut text = if self.taken_together.is_empty() {
            format!("All {all} figures with a range are looked at one by one.")
        } else {
            format!(
                "Of {all} figures with a range, the {one} that move the outputs most are looked at one by one."
            )
        };
        if let Some((path, most)) =
            self.taken_together.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        {
            text.push_str(&format!(
                " The other {} were screened out and stand together as \"(all others)\": in {} first runs none \
                 of them seemed to explain more than {} of any output ({path}). sensitivity.csv has their joint \
                 share.",
                self.taken_together.len(),
                self.pool,
                percent(*most)
            ));
        }
        wrapped(&text, width)
    }

    fn reading(&self) -> String {
        format!(
            "Alone: the share of the spread between runs that knowing the figure would take away. In all: the \
             share that would be left if everything else were known, luck too: it counts what the figure does \
             together with luck. ± is the standard error ({} rows of \
             runs for simulated outputs). At low, at high: the output with the figure at its 5th and 95th \
             percentile and all others at their central value ({} runs each).",
            self.rows, self.tornado
        )
    }

    fn posts_text(&self, width: usize) -> String {
        let mut table = plain(&["", "today", "tried", "least loss at", "lost a year", "today's"], 1..6);
        for row in &self.posts {
            let at = |posts: f64| {
                row.options.iter().position(|option| *option == posts).map_or(f64::NAN, |at| row.loss[at])
            };
            let mark = if row.at_the_edge { " *" } else { "" };
            let ends = (row.options.first(), row.options.last());
            table.add_row([
                row.name.clone(),
                posts(row.posts_today),
                format!(
                    "{} to {}",
                    ends.0.map_or_else(String::new, |fte| posts(*fte)),
                    ends.1.map_or_else(String::new, |fte| posts(*fte))
                ),
                format!("{}{mark}", posts(row.best)),
                pounds(at(row.best)),
                pounds(at(row.posts_today)),
            ]);
        }
        let heading = format!(
            "HOW MANY POSTS: what a figure's value is judged by\nLost: cost of posts and of waiting, at {} and {}; \
             the mean of {} runs, all units moving together.",
            self.prices[0], self.prices[1], self.pool
        );
        let edge = if self.posts.iter().any(|row: &Weighed| row.at_the_edge) {
            "\n* the least or the most that was tried: more steps ([explain] steps) may find better, and \
             values of information for it are too low."
        } else {
            ""
        };
        format!("{}\n{table}{}", paragraphs(&heading, width), paragraphs(edge, width))
    }

    fn next_text(&self, width: usize) -> String {
        let told_apart = |row: &&Measured| row.evppi > 2.0 * row.evppi_se && row.evppi > 0.0;
        let rows: Vec<&Measured> = self.measure_next.iter().filter(told_apart).collect();
        let heading = "WHAT TO MEASURE IN THE NEXT SIX MONTHS";
        let unclear = self.measure_next.len() - rows.len();
        if rows.is_empty() {
            let text = format!(
                "{heading}\nKnowing any one figure would not change the number of posts by enough to be told \
                 apart from chance in {} runs.",
                self.pool
            );
            return paragraphs(&text, width);
        }
        let mut table = plain(&["", "figure", "rests on", "worth, £ a year", "in posts"], 3..5);
        for (rank, row) in (1..).zip(&rows) {
            let rank: u32 = rank;
            table.add_row([
                rank.to_string(),
                row.parameter.clone(),
                row.basis.to_owned(),
                format!("{} ± {}", readable(row.evppi), readable(row.evppi_se)),
                format!("{:.2}", row.evppi_posts),
            ]);
        }
        let remark = format!(
            "Worth: by how much less would be lost, on average, if the figure were known before posts are set \
             (expected value of perfect information about it). Ranked by that times what counting may find: all \
             of it for a judgement, half for a published figure, a fifth for one already measured (a \
             judgement). {}",
            match unclear {
                0 => String::new(),
                1 => "One other figure is worth nothing that can be told apart from chance.".to_owned(),
                n => format!("The other {n} are worth nothing that can be told apart from chance."),
            }
        );
        format!("{heading}\n{table}\n{}", wrapped(remark.trim_end(), width))
    }
}

fn output_text(output: &Driven, width: usize) -> String {
    let mut heading = output.name.to_string();
    if output.unit == "share of runs" {
        heading.push_str(&format!(": kept in {} of runs", percent(output.mean)));
    } else {
        let unit = if output.unit == "pounds a year" { ", pounds a year" } else { "" };
        let [mean, low, high] = [output.mean, output.p05, output.p95].map(|value| shown(output, value));
        heading.push_str(&format!("{unit}: {mean} on average, {low} to {high} in 9 of 10 runs"));
    }
    match (output.luck_share, output.luck_share_se) {
        (Some(luck), Some(se)) if se > 0.0 => heading.push_str(&format!(
            ". Of the spread, {} is luck and {} comes from not knowing the figures (± {})",
            percent(luck.clamp(0.0, 1.0)),
            percent((1.0 - luck).clamp(0.0, 1.0)),
            percent(se)
        )),
        (Some(_), _) => {}
        (None, _) => heading.push_str(". The same in every run"),
    }
    let drivers: Vec<_> =
        output.drivers.iter().filter(|driver| driver.total_order >= NEGLIGIBLE).take(SHOWN).collect();
    let heading = paragraphs(&format!("{heading}."), width);
    if drivers.is_empty() {
        return heading;
    }
    let mut table = plain(&["figure", "alone", "in all", "at low", "at high"], 1..5);
    for driver in drivers {
        let share = |value: f64, se: f64| format!("{} ± {}", percent(value.max(0.0)), percent(se));
        let end = |value: Option<f64>| value.map_or_else(String::new, |value| shown(output, value));
        table.add_row([
            driver.parameter.clone(),
            share(driver.first_order, driver.first_order_se),
            share(driver.total_order, driver.total_order_se),
            end(driver.at_low),
            end(driver.at_high),
        ]);
    }
    format!("{heading}\n{table}")
}

/// A value of an output. Posts are shown to the tenth, as the instant answer gives them.
fn shown(output: &Driven, value: f64) -> String {
    match &*output.unit {
        "share of runs" => percent(value),
        "full-time equivalents" => format!("{value:.1}"),
        _ => readable(value),
    }
}

fn plain(header: &[&str], figures: std::ops::Range<usize>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.iter().copied());
    for column in figures {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

fn pounds(value: f64) -> String {
    format!("£{}", readable(value))
}

/// Posts to the half, as they are funded.
fn posts(fte: f64) -> String {
    let text = format!("{fte:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Several paragraphs, each in lines of its own.
fn paragraphs(text: &str, width: usize) -> String {
    text.split('\n').map(|paragraph| wrapped(paragraph, width)).collect::<Vec<_>>().join("\n")
}
