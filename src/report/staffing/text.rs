//! The staffing answer as text: a table for each team, pools, and what posts cannot do.

use comfy_table::CellAlignment;

use super::overview::{ObstacleOverview, SeatOverview, StaffingOverview, StepOverview};
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
        // A table for each team with several units; teams and desks with one stand together in another.
        let groups = self.posts.chunk_by(|a, b| a.team == b.team);
        let (single, several): (Vec<_>, Vec<_>) = groups.partition(|group| group.len() == 1);
        for group in several {
            let team = group.first().map_or("", |seat| &seat.team_name);
            let rows: Vec<_> = group.iter().map(|seat| (seat.area_name.clone(), seat)).collect();
            out.push('\n');
            self.push_posts(&mut out, team, &rows, true, &mut legend, width);
        }
        let rows: Vec<_> = single.into_iter().flatten().map(|seat| (named(seat), seat)).collect();
        if !rows.is_empty() {
            out.push('\n');
            self.push_posts(&mut out, "Team or desk", &rows, false, &mut legend, width);
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

    fn push_posts(
        &self,
        out: &mut String,
        heading: &str,
        rows: &[(String, &SeatOverview)],
        together: bool,
        legend: &mut Vec<String>,
        width: usize,
    ) {
        let mut table = plain_table(width);
        table.set_header([
            heading,
            "Now",
            "Needed",
            "Range",
            "Chance\nnow",
            "Chance\nas needed",
            "Binds",
            "A step\nless",
            "A step\nmore",
            "Right\nstep",
            "Waiting\nnow",
            "Waiting\nthen",
            "Instant\nanswer",
        ]);
        for (label, seat) in rows {
            table.add_row(self.row(label, seat, legend));
        }
        let decided = rows.iter().all(|(_, seat)| seat.recommended_fte.is_some());
        if together && decided {
            let total =
                |of: &dyn Fn(&SeatOverview) -> f64| posts(rows.iter().map(|(_, seat)| of(seat)).sum());
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

    fn row(&self, label: &str, seat: &SeatOverview, legend: &mut Vec<String>) -> Vec<String> {
        let Some(recommended) = seat.recommended_fte else {
            return vec![label.to_owned(), posts(seat.current_fte), "none is\nenough".to_owned()];
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
        let known = |share: f64, (low, high): (f64, f64)| {
            format!("{}\n{:.0}–{:.0}", percent(share), 100.0 * low, 100.0 * high)
        };
        let beside = |step: Option<StepOverview>| {
            let chance = step.and_then(|step| step.reliability.zip(step.interval));
            chance.map_or("–".to_owned(), |(share, interval)| known(share, interval))
        };
        vec![
            label.to_owned(),
            posts(seat.current_fte),
            posts(recommended),
            seat.range_fte.map_or("–".to_owned(), |(low, high)| {
                let (fewer, more) = seat.range_open;
                let (before, after) = (if fewer { "≤" } else { "" }, if more { "+" } else { "" });
                format!("{before}{}–{}{after}", posts(low), posts(high))
            }),
            seat.chance_now
                .as_ref()
                .map_or("–".to_owned(), |chance| known(chance.reliability, chance.interval)),
            chance.map_or("–".to_owned(), |chance| known(chance.reliability, chance.interval)),
            binds,
            beside(seat.one_less),
            beside(seat.one_more),
            seat.chance_right_step.map_or("–".to_owned(), percent),
            cell(Some(seat.waiting_now)),
            cell(Some(seat.waiting)),
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
            let worst = areas
                .filter_map(|other| other.least_reliability.zip(other.least_interval))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            table.add_row([
                row.team_name.clone(),
                words.to_owned(),
                cell(Some(row.waiting)),
                cell(row.wait_days),
                worst.map_or("–".to_owned(), |(share, (low, high))| {
                    format!("{}\n{:.0}–{:.0}", percent(share), 100.0 * low, 100.0 * high)
                }),
            ]);
        }
        push_table(out, &table);
    }
}

/// A team or desk, with the area that it serves where that is not the whole council.
fn named(seat: &SeatOverview) -> String {
    if seat.area == "all" {
        seat.team_name.clone()
    } else {
        format!("{}, {}", seat.team_name, seat.area_name)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::staffing::{BillOverview, Chance};
    use crate::report::terminal::Figure;

    fn seat(team: &str, area: &str, recommended: Option<f64>) -> SeatOverview {
        let chance = |reliability| {
            Some(Chance {
                standard: "on_time".to_owned(),
                standard_name: "Visited in time".to_owned(),
                area: area.to_owned(),
                reliability,
                interval: (reliability - 0.05, reliability + 0.04),
                wanted: 0.9,
            })
        };
        SeatOverview {
            area: area.to_owned(),
            area_name: area.to_uppercase(),
            team: team.to_owned(),
            team_name: format!("Team {team}"),
            role: "visitor".to_owned(),
            current_fte: 4.0,
            recommended_fte: recommended,
            range_fte: recommended.map(|fte| (fte - 1.0, fte + 0.5)),
            range_open: (true, false),
            chance: chance(0.92),
            chance_now: chance(0.31),
            one_less: Some(StepOverview {
                fte: 5.0,
                reliability: Some(0.84),
                interval: Some((0.75, 0.9)),
                waiting: Figure { mean: 3.0, p05: 1.0, p95: 6.0 },
            }),
            one_more: None,
            chance_right_step: Some(0.7),
            waiting_now: Figure { mean: 12.0, p05: 4.0, p95: 21.0 },
            waiting: Figure { mean: 2.5, p05: 0.0, p95: 7.0 },
            analytic_fte: 5.2,
            analytic_agrees: false,
            annual_cost: None,
        }
    }

    fn overview(posts: Vec<SeatOverview>) -> StaffingOverview {
        let figure = |mean| Figure { mean, p05: mean - 1000.0, p95: mean + 1000.0 };
        let bill = |role: &str, name: &str| BillOverview {
            role: role.to_owned(),
            funder: name.to_owned(),
            funder_name: name.to_owned(),
            now: figure(100_000.0),
            recommended: figure(150_000.0),
            difference: figure(50_000.0),
        };
        StaffingOverview {
            scenario: "small".to_owned(),
            title: "A small council".to_owned(),
            scenario_sha256: "0123456789abcdef".to_owned(),
            seed: 1,
            replications: 100,
            step: 0.5,
            posts,
            costs: vec![bill("visitor", "Council by role"), bill("all", "Council")],
            pooling: Vec::new(),
            obstacles: Vec::new(),
            notes: vec!["a note".to_owned()],
        }
    }

    /// The line that begins with a label.
    fn line<'a>(text: &'a str, label: &str) -> &'a str {
        text.lines()
            .find(|line| line.trim_start().starts_with(label))
            .unwrap_or_else(|| panic!("{label}:\\n{text}"))
    }

    #[test]
    fn no_number_of_posts_stands_without_its_range_and_its_chance() {
        let text = overview(vec![seat("a", "north", Some(5.5)), seat("a", "south", Some(6.0))]).text(110);
        let north = line(&text, "NORTH");
        for part in ["4", "5.5", "≤4.5–6", "31%", "92%", "(a)", "84%", "70%", "12", "2.5", "5.2 *"] {
            assert!(north.contains(part), "{part} in {north}");
        }
        let below = text.lines().skip_while(|line| !line.contains("NORTH")).nth(1).expect("a line below");
        for part in ["26–35", "87–96", "75–90", "4–21", "0–7"] {
            assert!(below.contains(part), "{part} in {below}");
        }
        assert!(line(&text, "Together").contains("11.5"), "{text}");
        assert!(line(&text, "(a)").contains("Visited in time, wanted in 90%"), "{text}");
        assert!(text.contains("100 fresh runs of scenario small (01234567), seed 1"), "{text}");
    }

    #[test]
    fn teams_with_one_unit_share_a_table_and_undecided_ones_say_so() {
        let text = overview(vec![
            seat("a", "all", Some(5.5)),
            seat("b", "all", None),
            seat("c", "north", Some(1.0)),
        ]);
        let text = text.text(110);
        assert_eq!(text.matches("Instant").count(), 1, "one table: {text}");
        assert!(line(&text, "Team a").contains("5.5"));
        assert!(line(&text, "Team b").contains("none is"));
        assert!(line(&text, "Team c").contains('1'));
        assert!(!text.contains("Together"), "posts of different teams are not added up: {text}");
    }

    #[test]
    fn who_pays_is_shown_by_funder_with_ranges() {
        let text = overview(vec![seat("a", "all", Some(5.5))]).text(110);
        let council = line(&text, "Council");
        assert!(["100,000", "150,000", "50,000"].iter().all(|part| council.contains(part)), "{council}");
        assert!(text.contains("49,000–51,000") && !text.contains("Council by role"), "{text}");
        assert!(text.ends_with("Note: a note.\n"), "{text}");
    }
}
