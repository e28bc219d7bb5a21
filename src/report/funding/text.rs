//! The funding answer as text: the ways side by side, who gets what, who pays, and what more or less money does.

use comfy_table::CellAlignment;

use super::overview::{Does, EndingOverview, FundingOverview, Known, RuleOverview, Share};
use crate::report::number::readable;
use crate::report::terminal::{percent, plain_table, push_table, push_wrapped};

/// Places shown side by side; more are in the file.
const PLACES: usize = 30;

impl FundingOverview {
    /// The answer as text of at most `width` columns, but no narrower than 96.
    pub fn text(&self, width: usize) -> String {
        let width = width.clamp(96, usize::from(u16::MAX));
        let mut out = String::new();
        let hash: String = self.scenario_sha256.chars().take(8).collect();
        push_wrapped(&mut out, &format!("Money for posts: {}", self.title), width);
        let words = format!(
            "{} a year for {} posts of now, shared out in steps of {}. Each way is judged by the same {} fresh runs of \
             scenario {} ({hash}), seed {}.",
            money(self.total_pence),
            posts(self.places.iter().map(|place| place.current_fte).sum()),
            posts(self.step),
            self.replications,
            self.scenario,
            self.seed
        );
        push_wrapped(&mut out, &words, width);
        self.push_rules(&mut out, width);
        self.push_posts(&mut out, width);
        self.push_pots(&mut out, width);
        self.push_frontier(&mut out, width);
        self.push_next(&mut out, width);
        self.push_endings(&mut out, width);
        self.push_cheapest(&mut out, width);
        out.push('\n');
        for note in &self.notes {
            push_wrapped(&mut out, &format!("Note: {note}."), width);
        }
        out
    }

    fn push_rules(&self, out: &mut String, width: usize) {
        out.push('\n');
        let mut table = plain_table(width);
        table.set_header([
            "Rule",
            "Posts",
            "Unspent",
            "Worst area\nkeeps standards",
            "Family-weeks\nwaited",
            "Against now\n(95%)",
            "Less\nin",
            "Esca-\nlations",
            "Waits\napart",
        ]);
        for rule in &self.rules {
            let does = &rule.does;
            let (waited, low, high) = does.waited;
            let is_now = rule.rule == "now";
            table.add_row([
                if rule.rule == self.chosen { format!("* {}", rule.name) } else { rule.name.clone() },
                posts(rule.fte.iter().sum()),
                money(rule.unspent_pence),
                worst(does),
                format!("{}\n{}–{}", readable(waited), readable(low), readable(high)),
                if is_now { "–".to_owned() } else { difference(&does.waited_more) },
                if is_now { "–".to_owned() } else { percent(does.waits_less.share) },
                readable(does.escalations.0),
                readable(does.wait_spread_days.0),
            ]);
        }
        right(&mut table);
        push_table(out, &table);
        let best = match self.objective {
            crate::scenario::Objective::WorstArea => {
                "the worst area's chance (within a standard error of the highest), then the least waiting"
            }
            crate::scenario::Objective::Waiting => "the least waiting",
        };
        let words = "Of a year: family-weeks waited (range of 9 in 10 runs), also against the posts of now (95% interval) and \
                     in how many runs less; families who go further up while they wait. Worst area: in how many runs it \
                     keeps all its standards (95% interval). Waits apart: longest less shortest mean wait of areas, days.";
        push_wrapped(out, words, width);
        push_wrapped(out, &format!("* Best by the objective asked for: {best}. {}", self.reading()), width);
        let unpaid = self.rules.iter().filter(|rule| rule.unpaid_pence > 0);
        for rule in unpaid {
            let words = format!(
                "{}: no pot pays {} of its {}.",
                rule.name,
                money(rule.unpaid_pence),
                money(rule.pence)
            );
            push_wrapped(out, &words, width);
        }
    }

    /// Whether the best stands apart from the rules.
    fn reading(&self) -> String {
        let Some(best) = self.rules.iter().find(|rule| rule.rule == self.chosen) else {
            return String::new();
        };
        let more = best.does.waited_more;
        let waiting = match (more.low > 0.0, more.high < 0.0) {
            (true, _) => "Its waiting is more than now.",
            (_, true) => "Its waiting is less than now.",
            _ => "Its waiting cannot be told apart from that of now.",
        };
        let rivals = self.rules.iter().filter(|rule| rule.rule != best.rule && rule.rule != "now");
        let alike: Vec<&str> = rivals
            .filter(|rule| {
                let overlap = |a: Share, b: Share| a.low <= b.high && b.low <= a.high;
                let kept = best.does.worst_area_kept.zip(rule.does.worst_area_kept);
                kept.is_none_or(|(a, b)| overlap(a, b))
                    && rule.does.waited_more.low <= more.high
                    && more.low <= rule.does.waited_more.high
            })
            .map(|rule| rule.name.as_str())
            .collect();
        let alike = match alike.is_empty() {
            true => "It can be told apart from every other rule.".to_owned(),
            false => format!("With this many runs it cannot be told apart from: {}.", alike.join(", ")),
        };
        format!("{waiting} {alike}")
    }

    fn push_posts(&self, out: &mut String, width: usize) {
        out.push('\n');
        push_wrapped(out, "Posts in each place (who pays for which: funding.csv):", width);
        let mut table = plain_table(width);
        let mut header = vec!["Place".to_owned()];
        header.extend(self.rules.iter().map(|rule| rule.name.replace([' '], "\n").replace("By\n", "By ")));
        table.set_header(header);
        let several = self.places.iter().any(|place| place.team != self.places[0].team);
        for (at, place) in self.places.iter().enumerate().take(PLACES) {
            let name = match several {
                true => format!("{}, {}", place.team_name, place.area_name),
                false => place.area_name.clone(),
            };
            table.add_row(std::iter::once(name).chain(self.rules.iter().map(|rule| posts(rule.fte[at]))));
        }
        right(&mut table);
        push_table(out, &table);
        if self.places.len() > PLACES {
            push_wrapped(out, &format!("And {} more: funding.csv.", self.places.len() - PLACES), width);
        }
    }

    fn push_pots(&self, out: &mut String, width: usize) {
        let Some(best) = self.rules.iter().find(|rule| rule.rule == self.chosen) else { return };
        out.push('\n');
        push_wrapped(out, &format!("Who pays for \"{}\" (other rules: funding_pots.csv):", best.name), width);
        let mut table = plain_table(width);
        table.set_header(["Pot", "Funder", "Holds a year", "Pays", "Left"]);
        for (pot, funder, holds, pays) in &best.pots {
            let left = holds.map(|holds| holds - pays);
            let or_no_limit = |pence: Option<i64>| pence.map_or("no limit".to_owned(), money);
            table.add_row([
                pot.clone(),
                funder.clone(),
                or_no_limit(*holds),
                money(*pays),
                left.map_or("–".to_owned(), money),
            ]);
        }
        right(&mut table);
        push_table(out, &table);
    }

    fn push_frontier(&self, out: &mut String, width: usize) {
        out.push('\n');
        push_wrapped(
            out,
            "Cost against risk: the best split of other totals (plots/funding_frontier):",
            width,
        );
        let mut table = plain_table(width);
        table.set_header([
            "Total a year",
            "Posts",
            "Worst area keeps\nits standards in",
            "Family-weeks\nwaited a year",
            "Against now\n(95% interval)",
        ]);
        for point in &self.frontier {
            let (waited, low, high) = point.does.waited;
            table.add_row([
                money(point.total_pence),
                posts(point.fte),
                worst(&point.does),
                format!("{} ({}–{})", readable(waited), readable(low), readable(high)),
                difference(&point.does.waited_more),
            ]);
        }
        right(&mut table);
        push_table(out, &table);
    }

    fn push_next(&self, out: &mut String, width: usize) {
        out.push('\n');
        let sum = money((self.next_pounds * 100.0) as i64);
        push_wrapped(
            out,
            &format!("What the next {sum} a year buys in each place, beside the posts of now:"),
            width,
        );
        let mut rows: Vec<_> = self.next.iter().collect();
        rows.sort_by(|a, b| a.waited_for_sum.mean.total_cmp(&b.waited_for_sum.mean));
        let mut table = plain_table(width);
        table.set_header([
            "Place",
            "Posts\ntried",
            "Family-weeks waited a year,\nfor the sum (95% interval)",
            "Escalations a year\n(95% interval)",
            "Its standards hold in\n(95% interval)",
        ]);
        for row in rows.iter().take(PLACES) {
            table.add_row([
                row.name.clone(),
                posts(row.fte),
                difference(&row.waited_for_sum),
                difference(&row.escalations),
                row.kept.map_or("–".to_owned(), |(before, after)| {
                    format!("{} → {}", known(before), known(after))
                }),
            ]);
        }
        right(&mut table);
        push_table(out, &table);
    }

    fn push_endings(&self, out: &mut String, width: usize) {
        if self.endings.is_empty() {
            return;
        }
        let best = self
            .rules
            .iter()
            .find(|rule| rule.rule == self.chosen)
            .map_or("", |rule: &RuleOverview| &rule.name);
        out.push('\n');
        push_wrapped(out, &format!("If a pot ends, and its posts of \"{best}\" go with it:"), width);
        for ending in &self.endings {
            push_wrapped(out, &format!("- {}", ending_words(ending)), width);
        }
    }

    fn push_cheapest(&self, out: &mut String, width: usize) {
        let found = &self.cheapest;
        out.push('\n');
        let mut words = format!(
            "Cheapest total that meets every standard that these posts can meet: {} a year, {} posts",
            money(found.pence),
            posts(found.fte.iter().sum())
        );
        if let Some((standard, share)) = &found.tightest {
            words.push_str(&format!(
                "; the tightest ({standard}) holds in {} ({:.0}–{:.0}%) of fresh runs",
                percent(share.share),
                100.0 * share.low,
                100.0 * share.high
            ));
        }
        words.push_str(&match found.missing_pence {
            0 => ". The pots could pay all of it.".to_owned(),
            missing => format!(". The pots, spent as they may be, lack {} of it.", money(missing)),
        });
        push_wrapped(out, &words, width);
    }
}

fn ending_words(ending: &EndingOverview) -> String {
    let mut words = format!(
        "{} ({} a year, {} posts) from {}{}: {} family-weeks waited a year after it",
        ending.name,
        money(ending.pence),
        readable(ending.fte),
        ending.from,
        if ending.planned { ", as planned" } else { ", for example" },
        difference(&ending.waited).replace('\n', " "),
    );
    words.push_str(&format!(", {} escalations", difference(&ending.escalations).replace('\n', " ")));
    if let Some((with, without)) = ending.worst_area_kept {
        words.push_str(&format!(
            "; the worst area keeps its standards in {} instead of {}",
            known(without),
            known(with)
        ));
    }
    words.push_str(&match ending.withdrawal {
        Some(chance) => format!(". It is withdrawn with a chance of {} a year.", percent(chance)),
        None => ".".to_owned(),
    });
    words
}

/// A share of runs with its 95% interval.
fn known(share: Share) -> String {
    format!("{} ({:.0}–{:.0})", percent(share.share), 100.0 * share.low, 100.0 * share.high)
}

/// How often the worst area keeps its standards, and which it is.
fn worst(does: &Does) -> String {
    match (&does.worst_area, does.worst_area_kept) {
        (Some(area), Some(kept)) => {
            format!("{}\n{area}", known(kept))
        }
        _ => "–".to_owned(),
    }
}

/// A difference with its sign and interval.
fn difference(known: &Known) -> String {
    format!("{}\n({} to {})", signed(known.mean), signed(known.low), signed(known.high))
}

fn signed(value: f64) -> String {
    let text = readable(value.abs());
    match text.as_str() {
        "0" | "0.0" | "–" => text,
        _ if value < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

/// Pence as pounds: thousands and millions to three digits.
fn money(pence: i64) -> String {
    let pounds = pence as f64 / 100.0;
    let sign = if pounds < 0.0 { "−" } else { "" };
    match pounds.abs() {
        size if size >= 999_500.0 => format!("{sign}£{:.2}m", size / 1e6),
        size if size >= 999.5 => format!("{sign}£{:.0}k", size / 1e3),
        size => format!("{sign}£{size:.0}"),
    }
}

fn posts(fte: f64) -> String {
    let text = format!("{fte:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn right(table: &mut comfy_table::Table) {
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_padding((1, 0));
    }
}
