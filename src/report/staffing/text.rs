//! The staffing answer as text: a table for each team, pools, and what posts cannot do.

use comfy_table::CellAlignment;

use super::overview::{ObstacleOverview, SeatOverview, StaffingOverview};
use crate::report::number::readable;
use crate::report::terminal::{cell, percent, plain_table, push_table, push_wrapped};

impl StaffingOverview {
    /// The answer as text of at most `width` columns, but no narrower than 96.
    pub fn text(&self, width: usize) -> String {
        let width = width.clamp(96, usize::from(u16::MAX));
        let mut out = String::new();
        let hash: String = self.scenario_sha256.chars().take(8).collect();
        push_wrapped(&mut out, &format!("Posts needed: {}", self.title), width);
        let words = format!(
            "Least posts, in steps of {}, with which every standard is met in the wanted share of possible \
             futures. Chances are of {} fresh runs of scenario {} ({hash}), seed {}.",
            posts(self.step),
            self.replications,
            self.scenario,
            self.seed
        );
        push_wrapped(&mut out, &words, width);
        let mut legend: Vec<String> = Vec::new();
        for group in self.posts.chunk_by(|a, b| a.team == b.team) {
            out.push('\n');
            self.push_group(&mut out, group, &mut legend, width);
        }
        out.push('\n');
        for (place, standard) in legend.iter().enumerate() {
            push_wrapped(&mut out, &format!("({}) {standard}", letter(place)), width);
        }
        let words = "Range: posts that 9 in 10 possible futures need, families and uncertain figures both varying. \
             Chance: of meeting the standard that binds, with its 95% interval; \"now\" with all posts as they are. \
             Right step: chance that the posts shown are enough, and a step fewer not.";
        push_wrapped(&mut out, words, width);
        self.push_obstacles(&mut out, width);
        self.push_costs(&mut out, width);
        self.push_pools(&mut out, width);
        if !self.notes.is_empty() {
            out.push('\n');
        }
        for note in &self.notes {
            push_wrapped(&mut out, &format!("Note: {note}."), width);
        }
        out
    }

    fn push_group(&self, out: &mut String, group: &[SeatOverview], legend: &mut Vec<String>, width: usize) {
        let mut table = plain_table(width);
        let team = group.first().map_or("", |seat| &seat.team_name);
        table.set_header([
            team,
            "Now",
            "Needed",
            "Range",
            "Chance\nnow",
            "Chance\nas needed",
            "Binds",
            "A step\nless",
            "A step\nmore",
            "Right\nstep",
            "Waiting\nnow, then",
            "Instant\nanswer",
        ]);
        for seat in group {
            table.add_row(self.row(seat, legend));
        }
        let decided: Vec<&SeatOverview> =
            group.iter().filter(|seat| seat.recommended_fte.is_some()).collect();
        if decided.len() > 1 && decided.len() == group.len() {
            let total = |of: &dyn Fn(&SeatOverview) -> f64| posts(decided.iter().map(|seat| of(seat)).sum());
            table.add_row([
                "Together".to_owned(),
                total(&|seat| seat.current_fte),
                total(&|seat| seat.recommended_fte.unwrap_or(seat.current_fte)),
            ]);
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
            column.set_padding((1, 0));
        }
        push_table(out, &table);
    }

    fn row(&self, seat: &SeatOverview, legend: &mut Vec<String>) -> Vec<String> {
        let Some(recommended) = seat.recommended_fte else {
            return vec![
                seat.area_name.clone(),
                posts(seat.current_fte),
                "none is enough: see below".to_owned(),
            ];
        };
        let chance = seat.chance.as_ref();
        let binds = chance.map_or("–".to_owned(), |chance| {
            let standard =
                format!("{}, wanted in {} of futures", chance.standard_name, percent(chance.wanted));
            let known = legend.iter().position(|known| *known == standard);
            let place = known.unwrap_or_else(|| {
                legend.push(standard);
                legend.len() - 1
            });
            format!("({})", letter(place))
        });
        let beside = |beside: Option<(f64, Option<f64>, f64)>| match beside {
            Some((_, Some(share), _)) => percent(share),
            _ => "–".to_owned(),
        };
        vec![
            seat.area_name.clone(),
            posts(seat.current_fte),
            posts(recommended),
            seat.range_fte.map_or("–".to_owned(), |(low, high)| {
                let (fewer, more) = seat.range_open;
                let (before, after) = (if fewer { "≤" } else { "" }, if more { "+" } else { "" });
                format!("{before}{}–{}{after}", posts(low), posts(high))
            }),
            seat.chance_now.as_ref().map_or("–".to_owned(), |chance| percent(chance.reliability)),
            chance.map_or("–".to_owned(), |chance| {
                let (low, high) = chance.interval;
                format!("{} ({:.0}–{:.0})", percent(chance.reliability), 100.0 * low, 100.0 * high)
            }),
            binds,
            beside(seat.one_less),
            beside(seat.one_more),
            seat.chance_right_step.map_or("–".to_owned(), percent),
            format!("{}, {}", readable(seat.waiting_now), readable(seat.waiting)),
            format!("{}{}", readable(seat.analytic_fte), if seat.analytic_agrees { "" } else { " *" }),
        ]
    }

    fn push_obstacles(&self, out: &mut String, width: usize) {
        if self.obstacles.is_empty() {
            return;
        }
        out.push('\n');
        push_wrapped(out, "No number of posts makes sure that these are met as reliably as wanted:", width);
        for group in self.obstacles.chunk_by(|a, b| a.standard == b.standard) {
            push_wrapped(out, &obstacle(group), width);
        }
    }

    fn push_costs(&self, out: &mut String, width: usize) {
        let rows: Vec<_> = self.costs.iter().filter(|row| row.role == "all").collect();
        if rows.is_empty() {
            return;
        }
        out.push('\n');
        let heading = "What all of it costs and who pays, in pounds a year: the average, and below it the range of 9 in \
                       10 possible futures (by role: staffing_costs.csv):";
        push_wrapped(out, heading, width);
        let mut table = plain_table(width);
        table.set_header(["Funder", "Posts as now", "Posts as needed", "Difference"]);
        for row in rows {
            let figures = [row.now, row.recommended, row.difference].map(|figure| cell(Some(figure)));
            table.add_row(std::iter::once(row.funder_name.clone()).chain(figures));
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        push_table(out, &table);
    }

    fn push_pools(&self, out: &mut String, width: usize) {
        let council = self.pooling.iter().filter(|row| row.area == "all");
        let rows: Vec<_> = council.collect();
        if rows.is_empty() {
            return;
        }
        out.push('\n');
        push_wrapped(out, "The same posts otherwise arranged (by area: pooling.csv):", width);
        let mut table = plain_table(width);
        table.set_header([
            "Team",
            "Arrangement",
            "Families waiting",
            "Mean wait, days",
            "Worst area's chance",
        ]);
        for row in rows {
            let words = match row.arrangement {
                "ring_fenced" => "each area its own",
                "floating" => "a fifth floating",
                _ => "one pool for all",
            };
            let areas = self
                .pooling
                .iter()
                .filter(|other| other.team == row.team && other.arrangement == row.arrangement);
            let worst = areas.filter_map(|other| other.least_reliability).reduce(f64::min);
            table.add_row([
                row.team_name.clone(),
                words.to_owned(),
                readable(row.waiting),
                row.wait_days.map_or("–".to_owned(), readable),
                worst.map_or("–".to_owned(), percent),
            ]);
        }
        push_table(out, &table);
    }
}

/// What stands in the way of a standard, in the areas concerned.
fn obstacle(group: &[ObstacleOverview]) -> String {
    let first = &group[0];
    let areas: Vec<&str> = group.iter().map(|found| found.area_name.as_str()).collect();
    let least = group.iter().map(|found| found.reliability).fold(1.0, f64::min);
    let most = group.iter().map(|found| found.reliability).fold(0.0, f64::max);
    let chance =
        if least == most { percent(least) } else { format!("{} to {}", percent(least), percent(most)) };
    let mut text = format!(
        "- {} ({}): {chance} with ample posts, wanted {}.",
        first.standard_name,
        areas.join(", "),
        percent(first.wanted)
    );
    // What helps in the first area, which is where the group's common cause shows.
    let helping: Vec<&(String, f64)> =
        first.lifted.iter().filter(|(_, share)| *share > first.reliability + 0.05).take(3).collect();
    match helping.first() {
        None => text.push_str(" Nothing that was lifted alone made it better."),
        Some((words, share)) => {
            let binds = if *share >= first.wanted { "What binds" } else { "What helps most" };
            text.push_str(&format!(" {binds}: with {words} it would be {}.", percent(*share)));
            for (words, share) in &helping[1..] {
                text.push_str(&format!(" With {words}: {}.", percent(*share)));
            }
        }
    }
    text
}

/// Posts: halves and tenths are shown, other decimals are not.
fn posts(fte: f64) -> String {
    if (fte - fte.round()).abs() < 0.05 { format!("{fte:.0}") } else { format!("{fte:.1}") }
}

fn letter(place: usize) -> String {
    let letters: Vec<char> = ('a'..='z').collect();
    let last = letters[place % letters.len()];
    if place < letters.len() { last.to_string() } else { format!("{last}{}", place / letters.len()) }
}
