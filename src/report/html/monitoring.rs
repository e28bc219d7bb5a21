//! What the report of monitoring says: what was observed, beside the forecast.
//!
//! Consumes a [`MonitorReport`]; produces the [`Section`]s before the method.

use super::charts::chart;
use super::model::{Section, Table};
use super::words;
use crate::report::monitoring::{
    ChanceOverview, MonitorOverview, MonitorReport, monitor_overview, ranged, series_name,
};
use crate::report::number::readable;
use crate::report::pictures::{Subject, subjects};
use crate::report::plots::DrawError;
use crate::report::read::Results;

/// The sections.
///
/// # Errors
/// Only if the drawing library fails.
pub(super) fn sections(results: &Results, report: &MonitorReport) -> Result<Vec<Section>, DrawError> {
    let found = monitor_overview(report);
    Ok(vec![
        answer(&found),
        weeks(results, &found)?,
        signals(&found),
        figures(&found),
        promises(&found),
        change(&found),
        six_months(&found),
    ])
}

fn answer(found: &MonitorOverview) -> Section {
    let mut section = Section::new("answer", "The answer first");
    section.lead(found.sentence.clone());
    section.text(found.alarm_sentence());
    section.list(found.signals.iter().map(|signal| format!("{}.", signal.sentence)).collect());
    section.list(found.notes.iter().map(|note| format!("{note}.")).collect());
    section
}

fn weeks(results: &Results, found: &MonitorOverview) -> Result<Section, DrawError> {
    let mut section = Section::new("observed", "What was observed, over the forecast").on_new_page();
    let columns = [
        "Observed",
        "From",
        "To",
        "#Number",
        "#Mean observed",
        "#Mean forecast",
        "#In the range of 9 in 10 runs",
    ];
    let mut table =
        Table::new("observed-table", "What was observed, and how much of it lies in the range", &columns);
    for series in &found.series {
        table.row(vec![
            series.name.clone(),
            series.span[0].clone(),
            series.span[1].clone(),
            format!("{} {}", series.periods, series.period),
            readable(series.observed),
            readable(series.forecast),
            format!("{} (about {} expected)", series.within, (0.9 * series.periods as f64).round()),
        ]);
    }
    section.table(table);
    for subject in subjects(results) {
        if let (Subject::Observed(_), Some(chart)) = (subject, chart(results, subject)?) {
            section.chart(chart);
        }
    }
    Ok(section)
}

/// The table behind the picture of a series.
pub(super) fn weeks_table(report: &MonitorReport, series: usize) -> Table {
    let one = &report.answer.series[series];
    let period = if one.watched.months { "Month" } else { "Week of" };
    let caption =
        format!("{}: observed, and the forecast\u{2019}s range", series_name(report.scenario, &one.watched));
    let columns = [period, "#Observed", "#Middle run (9 in 10 runs)", "#Share of runs below", "In the range"];
    let mut table = Table::new("", caption, &columns);
    for (cell, seen) in one.watched.cells.iter().zip(&one.cells) {
        let [low, middle, high] = [seen.forecast.p05, seen.forecast.p50, seen.forecast.p95].map(readable);
        table.row(vec![
            cell.period.id(),
            readable(cell.observed),
            format!("{middle} ({low} to {high})"),
            words::percent(seen.position),
            if seen.within { "yes" } else { "no" }.to_owned(),
        ]);
    }
    table
}

fn signals(found: &MonitorOverview) -> Section {
    let mut section = Section::new("signals", "Signals, and how often they are false");
    section.text(
        "A band that holds nine in ten weeks is left in one week of ten though nothing has changed. The control charts are \
         set otherwise: their limits are such that, if the forecast held, any signal at all, on any chart of any \
         series over all that was observed, would be as rare as said below. They look for a single far week, \
         for a lasting rise or fall against what the weeks before led to expect, and for a level that no draw of the \
         uncertain figures has.",
    );
    section.text(found.alarm_sentence());
    let columns = ["Series", "Chart", "From", "#Chance of anything as striking"];
    let mut table = Table::new("signals-table", "Charts that signal", &columns);
    for signal in &found.signals {
        let chance = words::percent(signal.chance);
        table.row(vec![signal.series.clone(), signal.sentence.clone(), signal.first.clone(), chance]);
    }
    section.table(table);
    let columns = ["Series", "#Chance of a signal in this one, if the forecast holds"];
    let mut table = Table::new("false-alarms", "False alarms by series", &columns)
        .folded("How often each series by itself gives a false alarm");
    for series in &found.series {
        table.row(vec![series.name.clone(), words::percent(series.false_alarms)]);
    }
    section.table(table);
    section
}

fn figures(found: &MonitorOverview) -> Section {
    let mut section =
        Section::new("drivers", "What drives it: what the observations say of the uncertain figures");
    if found.figures.is_empty() {
        section.text(format!(
            "Of {} uncertain figures, what was observed says nothing of any that can be told from chance in {} runs.",
            found.uncertain,
            readable(f64::from(found.replications))
        ));
        return section;
    }
    section.text(format!(
        "Every run has its own value of each uncertain figure. Runs whose weeks resemble those observed weigh more: \
         {} effective runs of {} stand behind what follows. Of {} figures the observations say something of {}, by \
         more than chance would with probability 5% for all of them together; the others stay as they were.",
        readable(found.effective.floor()),
        readable(f64::from(found.replications)),
        found.uncertain,
        found.figures.len()
    ));
    let columns = [
        "Figure",
        "Rests on",
        "#Before (9 in 10)",
        "#Given what was observed (9 in 10)",
        "#Known better by",
        "Moved",
    ];
    let mut table = Table::new("figures", "Uncertain figures before and after", &columns);
    for figure in &found.figures {
        table.row(vec![
            figure.parameter.clone(),
            figure.basis.to_owned(),
            ranged(figure.before),
            ranged(figure.after),
            words::percent(figure.learnt),
            if figure.moved { "yes" } else { "within luck" }.to_owned(),
        ]);
    }
    section.table(table);
    section
}

fn promises(found: &MonitorOverview) -> Section {
    let posts = if found.recommended { "the posts recommended" } else { "the posts of now" };
    let mut section = Section::new("options", &format!("Each promise with {posts}, before and after"));
    let chance = |of: ChanceOverview| words::chance(of.share, (of.low, of.high));
    let columns = [
        "Promise",
        "Area",
        "Verdict rests on it",
        "#Wanted",
        "#Before (95% interval)",
        "#Given what was observed (95% interval)",
    ];
    let mut table = Table::new("promises", "Chance of keeping each promise", &columns);
    for promise in &found.promises {
        table.row(vec![
            promise.name.clone(),
            promise.area_name.clone(),
            if promise.counted { "yes" } else { "no" }.to_owned(),
            words::percent(promise.wanted),
            chance(promise.before),
            chance(promise.after),
        ]);
    }
    section.table(table);
    section
}

fn change(found: &MonitorOverview) -> Section {
    let mut section = Section::new("change", "What would change the answer");
    section.list(vec![
        "Further weeks: each narrows what is left possible, and a change that is under way shows sooner or later.".to_owned(),
        "Series nearer to what is decided: waiting lists and open cases of a team say more of its posts than referrals do."
            .to_owned(),
        format!(
            "More runs: {} were simulated, of which {} effective ones lie near what was observed.",
            readable(f64::from(found.replications)),
            readable(found.effective.floor())
        ),
    ]);
    section
}

fn six_months(found: &MonitorOverview) -> Section {
    let mut section = Section::new("review", "What to look at in six months");
    section.text(match found.signals.is_empty() && !found.outside {
        true => "The same series again, with the weeks that have come since. Looking again each month with the whole file \
                 keeps the rate of false alarms for each look; over many looks it adds up."
            .to_owned(),
        false => "What changed in the week from which on a signal began: a practice, a partner, a way of counting. If it \
                  stays, put it into the scenario, or calibrate anew, before posts are decided on."
            .to_owned(),
    });
    section
}
