//! The pathway as a diagram: stages from left to right, in the order in which families come to them.
//!
//! Consumes a scenario; produces a [`Picture`]. Boxes are stages, by who holds them, and ends; lines are the
//! shares of families that go on, thicker for more. Ways back and small shares are left to the table.

use super::Picture;
use super::canvas::Type;
use super::canvas::{self, Anchor, Canvas, Colour, Description, DrawError};
use super::look::{GRID, INK, INNER, MEDIAN, MUTED, OUTER, SMALL, WHITE};
use crate::scenario::{Destination, Holder, Scenario, Share, Stage};

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 20.0;
const GAP: f64 = 70.0;
const ROW: f64 = 74.0;
const BOX: f64 = 54.0;
const TOP: f64 = 20.0;
const FOOT: f64 = 56.0;
/// Shares below this are left to the table.
const LEAST: f64 = 0.04;

/// A way on: from a stage, to where, and the central share of those who leave that take it.
pub struct Way {
    /// Index of the stage.
    pub from: usize,
    /// Where to.
    pub to: Destination,
    /// Share of those who complete the stage, where no source, area or date has its own.
    pub share: f64,
}

/// All ways on completion of stages, in the order of the file.
pub fn ways(scenario: &Scenario) -> Vec<Way> {
    let mut list = Vec::new();
    for (from, stage) in scenario.stages.iter().enumerate() {
        let Some(route) = stage.routes.first() else { continue };
        let value = |share: &Share| match share {
            Share::Of(quantity) => scenario.parameters[quantity.0 as usize].value,
            Share::Rest => 0.0,
        };
        let given: f64 = route.shares.iter().map(|(_, share)| value(share)).sum();
        for (to, share) in &route.shares {
            let share = if *share == Share::Rest { (1.0 - given).max(0.0) } else { value(share) };
            list.push(Way { from, to: *to, share });
        }
    }
    list
}

/// Draws the pathway.
///
/// # Errors
/// Only if the drawing library fails, which no scenario makes it do.
pub fn pathway(scenario: &Scenario) -> Result<Picture, DrawError> {
    let ways = ways(scenario);
    let plan = Plan::new(scenario, &ways);
    let rows = plan.columns.iter().map(Vec::len).max().unwrap_or(1);
    let height = TOP + ROW * rows as f64 + FOOT;
    let text = words(scenario, &ways);
    let title = "The pathway of families";
    let description = Description { id: "pathway", title, text: &text };
    let svg = canvas::draw(WIDTH as u32, height as u32, &description, |canvas| {
        for way in ways.iter().filter(|way| way.share >= LEAST) {
            let (from, to) = (plan.place(Node::Stage(way.from)), plan.place(Node::of(way.to)));
            if let (Some(from), Some(to)) = (from, to)
                && to.0 > from.0
            {
                plan.line(canvas, from, to, way.share)?;
            }
        }
        for (column, nodes) in plan.columns.iter().enumerate() {
            for (row, &node) in nodes.iter().enumerate() {
                plan.draw_box(canvas, scenario, node, (column, row))?;
            }
        }
        key(canvas, height - 20.0)
    })?;
    Ok(Picture { name: "pathway".to_owned(), svg, guide: None })
}

/// A box.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Stage(usize),
    End(usize),
}

impl Node {
    fn of(to: Destination) -> Self {
        match to {
            Destination::Stage(stage) => Node::Stage(stage),
            Destination::End(end) => Node::End(end),
        }
    }
}

/// Which box stands where.
struct Plan {
    columns: Vec<Vec<Node>>,
    /// Width of a box.
    width: f64,
    rows: usize,
}

impl Plan {
    fn new(scenario: &Scenario, ways: &[Way]) -> Self {
        let depths = depths(scenario, ways);
        let last = depths.iter().copied().filter(|&depth| depth < usize::MAX).max().unwrap_or(0);
        let mut columns: Vec<Vec<Node>> = vec![Vec::new(); last + 1];
        for (stage, &depth) in depths.iter().enumerate() {
            // A stage reached by hazards alone stands with the last.
            columns[depth.min(last)].push(Node::Stage(stage));
        }
        columns.push((0..scenario.ends.len()).map(Node::End).collect());
        columns.retain(|column| !column.is_empty());
        let width = (WIDTH - 2.0 * EDGE + GAP) / columns.len() as f64 - GAP;
        let rows = columns.iter().map(Vec::len).max().unwrap_or(1);
        let mut plan = Self { columns, width, rows };
        plan.untangle(ways);
        plan
    }

    /// Orders each column by where its families come from.
    fn untangle(&mut self, ways: &[Way]) {
        for column in 1..self.columns.len() {
            let height = |node: Node| {
                let (mut sum, mut weight) = (0.0, 0.0);
                for way in ways.iter().filter(|way| Node::of(way.to) == node) {
                    if let Some((at, row)) = self.place(Node::Stage(way.from))
                        && at < column
                    {
                        let share = (row as f64 + 0.5) / self.columns[at].len() as f64;
                        sum += way.share * share;
                        weight += way.share;
                    }
                }
                if weight > 0.0 { sum / weight } else { 1.0 }
            };
            let mut nodes: Vec<(f64, Node)> =
                self.columns[column].iter().map(|&node| (height(node), node)).collect();
            nodes.sort_by(|a, b| a.0.total_cmp(&b.0));
            self.columns[column] = nodes.into_iter().map(|(_, node)| node).collect();
        }
    }

    fn place(&self, node: Node) -> Option<(usize, usize)> {
        self.columns.iter().enumerate().find_map(|(column, nodes)| {
            nodes.iter().position(|&other| other == node).map(|row| (column, row))
        })
    }

    /// Upper left corner of a box.
    fn corner(&self, (column, row): (usize, usize)) -> (f64, f64) {
        let x = EDGE + (self.width + GAP) * column as f64;
        let spread = ROW * self.rows as f64 / self.columns[column].len() as f64;
        (x, TOP + spread * (row as f64 + 0.5) - BOX / 2.0)
    }

    fn line(
        &self,
        canvas: &Canvas,
        from: (usize, usize),
        to: (usize, usize),
        share: f64,
    ) -> Result<(), DrawError> {
        let (from, to) = (self.corner(from), self.corner(to));
        let (a, b) = ((from.0 + self.width, from.1 + BOX / 2.0), (to.0, to.1 + BOX / 2.0));
        let bend = 0.5 * (b.0 - a.0);
        let points: Vec<(f64, f64)> = (0..=24)
            .map(|step| {
                let t = f64::from(step) / 24.0;
                let u = 1.0 - t;
                let of = |p: [f64; 4]| {
                    u * u * u * p[0] + 3.0 * u * u * t * p[1] + 3.0 * u * t * t * p[2] + t * t * t * p[3]
                };
                (of([a.0, a.0 + bend, b.0 - bend, b.0]), of([a.1, a.1, b.1, b.1]))
            })
            .collect();
        canvas.line(&points, INNER, 1.0 + 7.0 * share.clamp(0.0, 1.0))
    }

    fn draw_box(
        &self,
        canvas: &Canvas,
        scenario: &Scenario,
        node: Node,
        place: (usize, usize),
    ) -> Result<(), DrawError> {
        let (x, y) = self.corner(place);
        let (name, fill, ink) = match node {
            Node::Stage(stage) => {
                let stage = &scenario.stages[stage];
                let (fill, ink) = colours(stage);
                (stage.name.as_str(), fill, ink)
            }
            Node::End(end) => (scenario.ends[end].name.as_str(), WHITE, INK),
        };
        canvas.rectangle((x - 2.0, y - 2.0), (x + self.width + 2.0, y + BOX + 2.0), MUTED)?;
        canvas.rectangle((x, y), (x + self.width, y + BOX), fill)?;
        let look = Type { size: 14.0, bold: false, colour: ink };
        let mut lines = look.wrap(name, self.width - 12.0);
        if lines.len() > 3 {
            lines.truncate(3);
            lines[2].push('…');
        }
        let middle = y + BOX / 2.0 - 8.5 * (lines.len() as f64 - 1.0);
        for (at, line) in lines.iter().enumerate() {
            canvas.text((x + self.width / 2.0, middle + 17.0 * at as f64), line, look, Anchor::Middle)?;
        }
        Ok(())
    }
}

/// Box and text by who holds the family.
fn colours(stage: &Stage) -> (Colour, Colour) {
    match stage.holder {
        Holder::Team(_) => (MEDIAN, WHITE),
        Holder::Desk(_) | Holder::Checks(_) => (OUTER, INK),
        Holder::Nobody => (GRID, INK),
    }
}

/// How many steps each stage is from where families come in; those not reached by completion are last.
fn depths(scenario: &Scenario, ways: &[Way]) -> Vec<usize> {
    let mut depths = vec![usize::MAX; scenario.stages.len()];
    let mut next: Vec<usize> = scenario.sources.iter().map(|source| source.entry).collect();
    let mut depth = 0;
    while !next.is_empty() {
        let mut found = Vec::new();
        for stage in next {
            if depths[stage] == usize::MAX {
                depths[stage] = depth;
                found.push(stage);
            }
        }
        let on = ways.iter().filter(|way| found.contains(&way.from) && way.share > 0.0);
        next =
            on.filter_map(|way| if let Destination::Stage(to) = way.to { Some(to) } else { None }).collect();
        depth += 1;
    }
    depths
}

fn key(canvas: &Canvas, y: f64) -> Result<(), DrawError> {
    let mut x = EDGE;
    for (colour, words) in [
        (OUTER, "a desk, or partner checks"),
        (MEDIAN, "a team's caseload"),
        (GRID, "nobody: time passes"),
        (WHITE, "a way out"),
    ] {
        canvas.rectangle((x - 1.0, y - 9.0), (x + 27.0, y + 9.0), MUTED)?;
        canvas.rectangle((x, y - 8.0), (x + 26.0, y + 8.0), colour)?;
        canvas.text((x + 34.0, y), words, SMALL, Anchor::Left)?;
        x += 34.0 + SMALL.width(words) + 24.0;
    }
    canvas.text(
        (WIDTH - EDGE, y),
        "thicker line: larger share of those who complete the stage",
        SMALL,
        Anchor::Right,
    )
}

fn words(scenario: &Scenario, ways: &[Way]) -> String {
    let entries: std::collections::BTreeSet<usize> =
        scenario.sources.iter().map(|source| source.entry).collect();
    let names: Vec<&str> = entries.iter().map(|&stage| scenario.stages[stage].name.as_str()).collect();
    format!(
        "Families come in at {}. There are {} stages, {} ways out and {} ways between them; the table has each \
         with its share.",
        names.join(", "),
        scenario.stages.len(),
        scenario.ends.len(),
        ways.len()
    )
}
