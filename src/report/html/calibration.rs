//! What the page of a calibration says: what was estimated, how well it fits, what was kept, how files were read.
//!
//! Consumes a [`CalibrationReport`]; produces the page.

use super::model::{Chart, Page, Section, Table};
use super::{PageError, render};
use crate::calibration::figure::Figure;
use crate::calibration::{StayShown, list_words};
use crate::report::calibration::{CalibrationReport, files};
use crate::report::number::{readable, rounded};
use crate::report::plots::{self, DrawError, Picture};

/// Problems of one kind shown together; the file has each.
const PROBLEMS: usize = 200;

/// The page.
///
/// # Errors
/// Only if the drawing library or a template fails, which no results make them do.
pub fn page(report: &CalibrationReport) -> Result<String, PageError> {
    let facts = report.facts;
    let fact = |term: &str, value: String| [term.to_owned(), value];
    let (rows, records, out) = report.rows();
    let hash: String = facts.base_sha256.chars().take(8).collect();
    let page = Page {
        title: report.base.title.clone(),
        kind: "What the council's own extracts say".to_owned(),
        facts: vec![
            fact("Base", format!("{} ({hash})", facts.base)),
            fact("Scenario written", facts.scenario.clone()),
            fact("Rows", format!("{rows} read, {records} used, {out} left out")),
            fact("Made by", format!("caseflow {}, command {}", facts.version, facts.command)),
        ],
        warnings: warnings(report),
        areas: Vec::new(),
        areas_at: "",
        sections: vec![
            answer(report),
            contacts(report)?,
            stays(report)?,
            shares(report)?,
            kept(report),
            reading(report),
            method(),
        ],
        origin: format!("caseflow {}, base {} ({hash})", facts.version, facts.base),
    };
    render(&page)
}

fn warnings(report: &CalibrationReport) -> Vec<String> {
    let (rows, _, out) = report.rows();
    let mut list = Vec::new();
    if out * 20 > rows {
        list.push(format!(
            "{out} of {rows} rows were left out, more than one in twenty. See how the files were read."
        ));
    }
    if let Some((contacts, _)) = &report.calibration.contacts
        && contacts.unplaced > 0
    {
        list.push(format!(
            "{} contacts are from a source that the base does not have; they count nowhere.",
            contacts.unplaced
        ));
    }
    list
}

/// Whether the base's value lies outside the interval.
fn moved(figure: &&Figure) -> bool {
    figure.base < figure.low || figure.base > figure.high
}

fn answer(report: &CalibrationReport) -> Section {
    let mut section = Section::new("answer", "The answer first");
    let figures = &report.calibration.figures;
    let outside = figures.iter().filter(moved).count();
    section.lead(format!(
        "{} figures of the base could be estimated from the extracts. For {outside} of them the base lies outside what the \
         extracts allow.",
        figures.len()
    ));
    let mut far: Vec<&Figure> = figures.iter().filter(moved).filter(|figure| !figure.derived).collect();
    let distance =
        |figure: &Figure| (figure.value - figure.base).abs() / (figure.high - figure.low).max(1e-12);
    far.sort_by(|a, b| distance(b).total_cmp(&distance(a)).then(a.path.cmp(&b.path)));
    section.list(
        far.iter()
            .take(8)
            .map(|figure| {
                format!(
                    "{}: {} ({} to {}), where the base has {}.",
                    figure.path,
                    rounded(figure.value),
                    rounded(figure.low),
                    rounded(figure.high),
                    rounded(figure.base)
                )
            })
            .collect(),
    );
    let columns = ["Figure", "#Base", "#Estimate", "#Lowest", "#Highest", "#Rows", "How"];
    let mut table = Table::new("figures", "Every figure estimated, with its 90% interval", &columns);
    for figure in figures {
        table.row(vec![
            figure.path.clone(),
            rounded(figure.base),
            rounded(figure.value),
            rounded(figure.low),
            rounded(figure.high),
            figure.rows.to_string(),
            figure.method.to_owned(),
        ]);
    }
    section.table(table);
    section
}

fn chart(picture: Picture, caption: &str, table: Table) -> Chart {
    let mut table = table.folded("The same as a table");
    table.id = format!("chart-{}-table", picture.name);
    Chart {
        id: format!("chart-{}", picture.name),
        caption: caption.to_owned(),
        area: None,
        folded: false,
        svg: picture.svg,
        guide: picture.guide,
        table,
    }
}

fn contacts(report: &CalibrationReport) -> Result<Section, DrawError> {
    let mut section = Section::new("contacts", "How much need").on_new_page();
    let Some((contacts, arrivals)) = &report.calibration.contacts else {
        section.text("The extracts have no contacts (Annex A list 1), so that rates stay as in the base.");
        return Ok(section);
    };
    section.text(format!(
        "{} contacts of children in {} days; about {:.0}% of them within a year of the child's last closure, which are \
         returns, not new need. {} contacts about children with an open case are not counted.",
        contacts.list.len(),
        contacts.days,
        100.0 * contacts.return_share(),
        contacts.about_open
    ));
    let (seen, expected) = report.weeks();
    if seen.len() > 1 {
        let picture = plots::fits::contacts(report.calibration.from, &seen, &expected)?;
        let mut table = Table::new("", "Children contacted by week", &["Week", "#Seen", "#Fitted"]);
        for (week, (seen, expected)) in seen.iter().zip(&expected).enumerate() {
            let start = report.calibration.from.saturating_add(jiff::Span::new().weeks(week as i64));
            let seen = if (1.0..=f64::from(crate::report::suppress::SMALL)).contains(seen) {
                crate::report::suppress::HIDDEN.to_owned()
            } else {
                readable(*seen)
            };
            table.row(vec![start.to_string(), seen, readable(*expected)]);
        }
        section.chart(chart(picture, "Contacts by week, seen and fitted", table));
    }
    if let Some(list) = arrivals.areas_by {
        let caption = format!("Need of areas relative to the base's, by {}", list_words(list).0);
        let columns = ["Area", "#Own count alone", "#Drawn towards the whole", "#Lowest", "#Highest"];
        let mut table = Table::new("areas-need", caption, &columns);
        for (area, _, pooled) in &arrivals.areas {
            table.row(vec![
                report.base.areas[*area].name.clone(),
                rounded(pooled.separate),
                rounded(pooled.value),
                rounded(pooled.low),
                rounded(pooled.high),
            ]);
        }
        section.table(table);
    }
    Ok(section)
}

fn stays(report: &CalibrationReport) -> Result<Section, DrawError> {
    let mut section = Section::new("stays", "How long cases last").on_new_page();
    section.text(
        "Cases still open count as lasting at least until the extract was taken; cases open at the first day count from the \
         age at which they came into view. The plain average of closed cases, shown for comparison, knows neither and \
         is wrong wherever cases are long.",
    );
    for shown in report.calibration.stays.iter().filter(|shown| !shown.limit.steps.is_empty()) {
        let picture = files::stay(report, shown)?;
        let (rows, _) = list_words(shown.list);
        section.chart(chart(
            picture,
            &format!("How long {rows} stay open"),
            open_table(shown, report.calibration.inflation),
        ));
        section.text(format!(
            "Mean within the {} days in view: {} days. Plain average of the closed: {} days.",
            readable(shown.limit.last),
            readable(shown.limit.mean_in_view()),
            readable(shown.average_of_closed)
        ));
    }
    Ok(section)
}

/// The curve at a few ages.
fn open_table(shown: &StayShown, inflation: f64) -> Table {
    let columns = ["Days", "#Still open, seen", "#Lowest", "#Highest", "#Fitted", "#Base"];
    let mut table = Table::new("", "Share of cases still open by age", &columns);
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    for age in
        [7.0, 14.0, 30.0, 60.0, 91.0, 182.0, 365.0, 730.0].into_iter().filter(|age| *age <= shown.limit.last)
    {
        let place = shown.limit.steps.partition_point(|step| step.age <= age);
        let (low, high) = match place.checked_sub(1).map(|place| &shown.limit.steps[place]) {
            Some(step) => shown.limit.interval(step, inflation),
            None => (1.0, 1.0),
        };
        let at = |values: &[f64], ages: &[f64]| {
            let place = ages.partition_point(|other| *other < age).min(ages.len() - 1);
            percent(values[place])
        };
        let curve = shown.curve.as_ref();
        table.row(vec![
            readable(age),
            percent(shown.limit.open_at(age)),
            percent(low),
            percent(high),
            curve.map_or("–".to_owned(), |curve| at(&curve.fitted, &curve.ages)),
            curve.map_or("–".to_owned(), |curve| at(&curve.base, &curve.ages)),
        ]);
    }
    table
}

fn shares(report: &CalibrationReport) -> Result<Section, DrawError> {
    let mut section = Section::new("shares", "Where families go").on_new_page();
    let figures = plots::fits::shares_of(&report.calibration.figures);
    if let Some(picture) = plots::fits::shares(&figures)? {
        let columns = ["Share", "#Base", "#Estimate", "#Lowest", "#Highest"];
        let mut table = Table::new("", "Shares with their 90% intervals", &columns);
        for figure in &figures {
            let cells = [figure.base, figure.value, figure.low, figure.high].map(rounded);
            table.row([figure.path.clone()].into_iter().chain(cells).collect());
        }
        section.chart(chart(picture, "Shares, estimated and in the base", table));
    }
    let lost = report
        .calibration
        .splits
        .iter()
        .filter(|split| split.elsewhere > crate::report::suppress::SMALL as usize);
    section.list(
        lost.map(|split| {
            format!(
                "From {}, {} of {} children went a way that the base does not have; they are not in its shares.",
                report.base.stages[split.stage].name,
                split.elsewhere,
                split.elsewhere + split.rows
            )
        })
        .collect(),
    );
    Ok(section)
}

fn kept(report: &CalibrationReport) -> Section {
    let mut section = Section::new("kept", "What stays as in the base").on_new_page();
    let mut table =
        Table::new("kept-table", "Not in these extracts, or not to be told from them", &["Figure", "Why"]);
    for kept in &report.calibration.kept {
        table.row(vec![kept.path.clone(), kept.why.clone()]);
    }
    section.table(table);
    section
}

fn reading(report: &CalibrationReport) -> Section {
    let mut section = Section::new("reading", "How the files were read").on_new_page();
    let columns = ["File", "Read as", "#Rows", "#Records", "Columns not used", "Columns missing"];
    let mut table = Table::new("sources", "Files and sheets", &columns);
    for source in &report.reading.sources {
        let file = match &source.sheet {
            Some(sheet) => format!("{}, {sheet}", source.file),
            None => source.file.clone(),
        };
        table.row(vec![
            file,
            source.list.map_or("not used", |list| list_words(list).0).to_owned(),
            source.rows.to_string(),
            source.records.to_string(),
            source.unmatched.join("; "),
            source.missing.join("; "),
        ]);
    }
    section.table(table);
    let problems = &report.reading.quarantined;
    if problems.is_empty() {
        section.text("Every row could be used as it stands.");
        return section;
    }
    section.text(format!(
        "{} rows or values were put aside or read otherwise than they stand; quarantined.csv has each, with its row.",
        problems.len()
    ));
    let mut kinds: std::collections::BTreeMap<(&str, &str, &str), usize> = Default::default();
    for problem in problems {
        *kinds.entry((&problem.place.file, &problem.column, &problem.reason)).or_default() += 1;
    }
    let mut table = Table::new("quarantined", "What was put aside", &["File", "Column", "Reason", "#Rows"]);
    for ((file, column, reason), count) in kinds.into_iter().take(PROBLEMS) {
        table.row(vec![file.to_owned(), column.to_owned(), reason.to_owned(), count.to_string()]);
    }
    section.table(table);
    section
}

fn method() -> Section {
    let mut section = Section::new("method", "How this was worked out");
    section.list(
        [
            "Intervals hold the truth in nine of ten cases if families are independent and what the base takes for granted is so. \
             Children of one family move together: intervals are widened for it.",
            "Durations: product limit with delayed entry, and maximum likelihood of the base's form. Where teams are \
             full, stays of assessments hold the wait for a worker too, and the estimate is too long by it.",
            "Shares: Dirichlet with Jeffreys' prior. What a case led to is the same child's next row within ten days.",
            "Rates: contacts over those that the base expects in the same days. They hold the level of the window's year; how \
             much years differ is the base's figure and comes on top.",
            "Areas: drawn towards the whole by as much as their own counts leave open (gamma-Poisson).",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
    section
}
