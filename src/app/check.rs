//! `caseflow check`: the assumptions register and the instant analytic answer.
//!
//! Consumes a valid scenario; produces a [`CheckReport`] of plain figures, and text from it.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde::Serialize;

use super::WIDTH;
use crate::analysis::flow::Endless;
use crate::analysis::offered_load::{Analysis, DELAY_PROBABILITY, DeskLoad, TeamLoad, analyse};
use crate::analysis::published;
use crate::report::reconciliation::{self, Row};
use crate::report::terminal::wrapped;
use crate::scenario::{Basis, Parameter, Scenario, Wave};

/// What the analytic answer leaves out, for readers.
const LEFT_OUT: &str = "These are long-run averages at the central values, for families who never wait: time lost \
when hours are short, hazards while waiting, transfer delays and the swing of the seasons are not in them. \
`caseflow run` simulates all of it.";

/// How the table of published figures is to be read.
const RECONCILED: &str = "Modelled is the average over all reported weeks, whatever the figure's own dates; \
`caseflow run` compares each over its own weeks. None of these figures is an input. A gap may be the \
model's, or lie in the figures: published flows and stocks do not balance across years.";

/// Everything that `check` says.
#[derive(Debug, Serialize)]
pub struct CheckReport<'s> {
    scenario: Heading<'s>,
    notes: &'s [String],
    assumptions_by_basis: ByBasis,
    assumptions: Vec<Assumption<'s>>,
    interventions: Vec<InterventionRow<'s>>,
    demand: Vec<DemandRow<'s>>,
    stages: Vec<StageRow<'s>>,
    teams: Vec<TeamLoad>,
    desks: Vec<DeskLoad>,
    reconciliation: Vec<Row>,
    left_out: &'static str,
}

#[derive(Debug, Serialize)]
struct Heading<'s> {
    name: &'s str,
    title: &'s str,
    sha256: &'s str,
    start: String,
    warm_up_weeks: u32,
    horizon_weeks: u32,
}

/// How many figures rest on what.
#[derive(Debug, Default, Serialize)]
struct ByBasis {
    measured: usize,
    published: usize,
    judgement: usize,
    not_stated: usize,
    with_range: usize,
}

#[derive(Debug, Serialize)]
struct Assumption<'s> {
    path: &'s str,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    basis: Option<&'static str>,
    source: &'s str,
}

/// When an intervention begins where. The averages of this report are without it.
#[derive(Debug, Serialize)]
struct InterventionRow<'s> {
    id: &'s str,
    name: &'s str,
    waves: Vec<WaveRow<'s>>,
    ends: Option<String>,
}

/// Areas in which it begins on the same day.
#[derive(Debug, Serialize)]
struct WaveRow<'s> {
    from: String,
    areas: Vec<&'s str>,
}

/// Expected contacts a week.
#[derive(Debug, Serialize)]
struct DemandRow<'s> {
    area: &'s str,
    source: &'s str,
    need_per_week: f64,
    arrivals_per_week: f64,
    of_which_resurfaced: f64,
}

/// Expected flow through a stage.
#[derive(Debug, Serialize)]
struct StageRow<'s> {
    area: &'s str,
    stage: &'s str,
    families_per_week: f64,
    open_families: f64,
}

impl<'s> CheckReport<'s> {
    /// Works everything out.
    ///
    /// # Errors
    /// If some families can never leave the pathway.
    pub fn new(scenario: &'s Scenario) -> Result<Self, Endless> {
        let draw = scenario.central_draw();
        let analysis = analyse(scenario, &draw)?;
        let answers = published::expected(scenario, &draw, &analysis);
        let heading = Heading {
            name: &scenario.name,
            title: &scenario.title,
            sha256: &scenario.hash,
            start: scenario.start.to_string(),
            warm_up_weeks: scenario.warm_up_weeks,
            horizon_weeks: scenario.horizon_weeks,
        };
        Ok(Self {
            scenario: heading,
            notes: &scenario.notes,
            assumptions_by_basis: ByBasis::count(scenario.assumptions()),
            assumptions: register(scenario.assumptions()),
            interventions: intervention_rows(scenario),
            demand: demand_rows(scenario, &analysis),
            stages: stage_rows(scenario, &analysis),
            teams: analysis.teams,
            desks: analysis.desks,
            reconciliation: reconciliation::instant(scenario, &answers),
            left_out: LEFT_OUT,
        })
    }

    /// For people.
    pub fn to_text(&self) -> String {
        let heading = &self.scenario;
        let title = if heading.title.is_empty() { heading.name } else { heading.title };
        let mut sections = vec![format!(
            "{title}\n{} weeks from {}, after {} weeks of warm-up. The scenario is valid.",
            heading.horizon_weeks, heading.start, heading.warm_up_weeks
        )];
        sections.extend(self.notes.iter().map(|note| wrapped(&format!("Note: {note}"), WIDTH)));
        sections.push(format!("ASSUMPTIONS\n{}\n{}", self.assumptions_by_basis, self.register_table()));
        if !self.interventions.is_empty() {
            let remark = "The averages below are those without interventions.";
            sections.push(format!("INTERVENTIONS\n{}\n{remark}", self.intervention_table()));
        }
        sections.push(format!("EXPECTED DEMAND, families a week\n{}", self.demand_table()));
        sections.push(format!("EXPECTED CASELOAD, families\n{}", self.stage_table()));
        if !self.teams.is_empty() {
            let remark = format!(
                "Load is the greater of needed over available, by points and by hours; above 100% the waiting list \
                 grows without end. With the suggested FTE about {:.0}% of families would wait for a worker \
                 (square-root staffing).",
                DELAY_PROBABILITY * 100.0
            );
            sections.push(format!(
                "OFFERED LOAD OF TEAMS\n{}\n{}",
                self.team_table(),
                wrapped(&remark, WIDTH)
            ));
        }
        if !self.desks.is_empty() {
            sections.push(format!("OFFERED LOAD OF DESKS\n{}", self.desk_table()));
        }
        if !self.reconciliation.is_empty() {
            let table = reconciliation::table(&self.reconciliation, WIDTH);
            sections.push(format!(
                "PUBLISHED FIGURES against the instant answer\n{table}{}",
                wrapped(RECONCILED, WIDTH)
            ));
        }
        sections.push(wrapped(self.left_out, WIDTH));
        // Tables pad their last column.
        let text = sections.join("\n\n");
        text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
    }

    fn register_table(&self) -> Table {
        let mut table = table(&["figure", "value", "low", "high", "basis", "source"], 1..4);
        for row in &self.assumptions {
            let optional = |value: Option<f64>| value.map(figure).unwrap_or_default();
            table.add_row([
                row.path.to_owned(),
                figure(row.value),
                optional(row.low),
                optional(row.high),
                row.basis.unwrap_or("not stated").to_owned(),
                row.source.to_owned(),
            ]);
        }
        table
    }

    fn intervention_table(&self) -> Table {
        let mut table = table(&["intervention", "begins", "areas", "ends"], 0..0);
        for row in &self.interventions {
            for wave in &row.waves {
                let ends = row.ends.clone().unwrap_or_else(|| "lasts".to_owned());
                table.add_row([row.name.to_owned(), wave.from.clone(), wave.areas.join(", "), ends]);
            }
        }
        table
    }

    fn demand_table(&self) -> Table {
        let mut table = table(&["area", "source", "need", "contacts", "of which resurfaced"], 2..5);
        for row in &self.demand {
            table.add_row([
                row.area.to_owned(),
                row.source.to_owned(),
                figure(row.need_per_week),
                figure(row.arrivals_per_week),
                figure(row.of_which_resurfaced),
            ]);
        }
        table
    }

    fn stage_table(&self) -> Table {
        let mut table = table(&["area", "stage", "entering a week", "open"], 2..4);
        for row in &self.stages {
            table.add_row([
                row.area.to_owned(),
                row.stage.to_owned(),
                figure(row.families_per_week),
                figure(row.open_families),
            ]);
        }
        table
    }

    fn team_table(&self) -> Table {
        let header = [
            "team",
            "unit",
            "families a week",
            "open",
            "FTE",
            "points",
            "limit",
            "hours needed",
            "hours available",
            "load",
            "suggested FTE",
        ];
        let mut table = table(&header, 2..11);
        for row in &self.teams {
            table.add_row([
                row.team.clone(),
                row.unit.clone(),
                figure(row.families_per_week),
                figure(row.open_families),
                figure(row.fte),
                figure(row.points_needed),
                row.points_limit.map_or_else(|| "none".to_owned(), figure),
                figure(row.hours_needed),
                figure(row.hours_available),
                percent(row.load),
                figure(row.suggested_fte),
            ]);
        }
        table
    }

    fn desk_table(&self) -> Table {
        let header = [
            "desk",
            "unit",
            "tasks a week",
            "hours needed",
            "hours staffed",
            "load",
            "people busy",
            "people there",
            "suggested people",
        ];
        let mut table = table(&header, 2..9);
        for row in &self.desks {
            table.add_row([
                row.desk.clone(),
                row.unit.clone(),
                figure(row.tasks_per_week),
                figure(row.hours_needed),
                figure(row.hours_available),
                percent(row.load),
                figure(row.people_needed),
                figure(row.people),
                figure(row.suggested_people),
            ]);
        }
        table
    }
}

impl ByBasis {
    fn count<'p>(parameters: impl Iterator<Item = &'p Parameter>) -> Self {
        let mut count = Self::default();
        for parameter in parameters {
            match parameter.basis {
                Some(Basis::Measured) => count.measured += 1,
                Some(Basis::Published) => count.published += 1,
                Some(Basis::Judgement) => count.judgement += 1,
                None => count.not_stated += 1,
            }
            count.with_range += usize::from(parameter.low.is_some());
        }
        count
    }
}

impl std::fmt::Display for ByBasis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = self.measured + self.published + self.judgement + self.not_stated;
        write!(
            f,
            "{all} figures: {} measured, {} published, {} judgement, {} with no basis stated; {} carry a range.",
            self.measured, self.published, self.judgement, self.not_stated, self.with_range
        )
    }
}

fn register<'p>(parameters: impl Iterator<Item = &'p Parameter>) -> Vec<Assumption<'p>> {
    parameters
        .map(|parameter| Assumption {
            path: &parameter.path,
            value: parameter.value,
            low: parameter.low,
            high: parameter.high,
            basis: parameter.basis.map(Basis::as_str),
            source: &parameter.source,
        })
        .collect()
}

fn intervention_rows(scenario: &Scenario) -> Vec<InterventionRow<'_>> {
    let date = |day: i64| scenario.first_day().saturating_add(jiff::Span::new().days(day)).to_string();
    let wave_row = |wave: &Wave| WaveRow {
        from: date(wave.from_day),
        areas: wave.areas.iter().map(|&area| scenario.areas[area].id.as_str()).collect(),
    };
    let interventions = scenario.interventions.iter();
    interventions
        .map(|intervention| InterventionRow {
            id: &intervention.id,
            name: &intervention.name,
            waves: intervention.waves.iter().map(wave_row).collect(),
            ends: (intervention.to_day != i64::MAX).then(|| date(intervention.to_day)),
        })
        .collect()
}

fn demand_rows<'s>(scenario: &'s Scenario, analysis: &Analysis) -> Vec<DemandRow<'s>> {
    let demand = &analysis.demand;
    let mut rows = Vec::new();
    for (a, area) in scenario.areas.iter().enumerate() {
        for (s, source) in scenario.sources.iter().enumerate() {
            rows.push(DemandRow {
                area: &area.id,
                source: &source.id,
                need_per_week: demand.need[[a, s]],
                arrivals_per_week: demand.arrivals[[a, s]],
                of_which_resurfaced: demand.resurfaced[[a, s]],
            });
        }
    }
    rows
}

fn stage_rows<'s>(scenario: &'s Scenario, analysis: &Analysis) -> Vec<StageRow<'s>> {
    let held = analysis.flow.held();
    let mut rows = Vec::new();
    for (a, area) in scenario.areas.iter().enumerate() {
        for (k, stage) in scenario.stages.iter().enumerate() {
            rows.push(StageRow {
                area: &area.id,
                stage: &stage.id,
                families_per_week: analysis.flow.entries[[a, k]],
                open_families: held[[a, k]],
            });
        }
    }
    rows
}

/// An empty table; the columns of `figures` are set flush right.
fn table(header: &[&str], figures: std::ops::Range<usize>) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH as u16)
        .set_header(header.to_vec());
    for column in figures {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A figure for people: four significant digits, more only before the point, no trailing zeros.
fn figure(value: f64) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let decimals = (3.0 - libm::log10(value.abs()).floor()).clamp(0.0, 12.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn percent(load: Option<f64>) -> String {
    load.map_or_else(|| "no staff".to_owned(), |load| format!("{:.0}%", load * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::example;

    #[test]
    fn every_section_has_its_rows() {
        let mut scenario = example::scenario();
        scenario.notes.push("a remark".into());
        scenario.parameters[0].basis = Some(Basis::Judgement);
        scenario.parameters[0].source = "somebody's long and careful judgement ".repeat(6);
        scenario.units[0].workers.clear();
        let report = CheckReport::new(&scenario).unwrap();
        let text = report.to_text();
        for part in ["Note: a remark", "1 judgement", "early_help", "screening", "casework", "no staff"] {
            assert!(text.contains(part), "{part} is missing from\n{text}");
        }
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest.unwrap_or(0) <= WIDTH, "{text}");
        let json = serde_json::to_value(&report).unwrap();
        assert!(json["teams"][0]["load"].is_null());
        assert_eq!(json["stages"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn figures_keep_four_digits() {
        for (value, text) in [
            (12.0, "12"),
            (0.0, "0"),
            (12345.6, "12346"),
            (123.456, "123.5"),
            (0.25, "0.25"),
            (0.005, "0.005"),
            (0.001_234_567, "0.001235"),
            (f64::NAN, "-"),
        ] {
            assert_eq!(figure(value), text);
        }
    }
}
