//! The figures of a replication that stand for published ones.
//!
//! Consumes a scenario's published figures and a finished record; produces one figure for each. Only
//! reads what was measured: nothing here feeds back into the simulation.

use super::record::{Holding, Kind, Layout, ReplicationRecord};
use crate::scenario::{Draw, Published, PublishedOf, Scenario};

/// The series that stand for a published figure.
pub(super) struct Reading {
    /// Series that are added up.
    rows: Vec<usize>,
    /// Series by whose sum that is divided; empty where it is not.
    over: Vec<usize>,
    /// Whether a series that it needs is not measured in this scenario.
    unmeasured: bool,
}

impl Reading {
    /// Finds the series of each published figure.
    pub fn all(scenario: &Scenario, layout: &Layout) -> Vec<Reading> {
        scenario.published.iter().map(|published| Reading::new(published, layout)).collect()
    }

    fn new(published: &Published, layout: &Layout) -> Self {
        let holdings: Vec<Holding> = match &published.of {
            PublishedOf::Council => vec![Holding::Area],
            PublishedOf::Desks(desks) => desks.iter().map(|desk| Holding::Desk(*desk)).collect(),
            PublishedOf::Teams(teams) => teams.iter().map(|team| Holding::Team(*team)).collect(),
        };
        let mut unmeasured = false;
        let mut find = |measures: &[String]| {
            let mut rows = Vec::new();
            for (holding, measure) in holdings.iter().flat_map(|h| measures.iter().map(move |m| (h, m))) {
                let of = |series: &super::Series| {
                    series.area.is_none() && series.holding == *holding && series.measure == *measure
                };
                match layout.series.iter().position(of) {
                    Some(row) => rows.push(row),
                    None => unmeasured = true,
                }
            }
            rows
        };
        let (rows, over) = (find(&published.measures), find(&published.over));
        Self { rows, over, unmeasured }
    }

    /// The figure of one replication; `NaN` where there is none.
    pub fn figure(
        &self,
        published: &Published,
        layout: &Layout,
        record: &ReplicationRecord,
        scenario: &Scenario,
        draw: &Draw,
    ) -> f64 {
        if self.unmeasured || published.weeks.is_empty() {
            return f64::NAN;
        }
        let of = |row: &usize| weekly_figure(*row, &published.weeks, layout, record);
        let mut figure: f64 = self.rows.iter().map(of).sum();
        if !self.over.is_empty() {
            figure /= self.over.iter().map(of).sum::<f64>();
        }
        if published.as_children {
            figure *= scenario.demand.children.mean(draw);
        }
        figure * published.per.weeks()
    }
}

/// A series over some weeks: events a week, or the level.
///
/// Over all reported weeks the record's own figure is taken; over fewer, levels and quotients are
/// averaged over the weeks that have one, and the greatest of maxima is taken.
fn weekly_figure(
    row: usize,
    weeks: &std::ops::Range<usize>,
    layout: &Layout,
    record: &ReplicationRecord,
) -> f64 {
    let kind = layout.series[row].kind;
    if weeks.len() == layout.weeks {
        let figure = record.horizon[row];
        return if kind == Kind::Total { figure / layout.weeks as f64 } else { figure };
    }
    let row = record.weekly.row(row);
    let figures = weeks.clone().map(|week| f64::from(row[week])).filter(|figure| !figure.is_nan());
    if kind == Kind::Maximum {
        return figures.fold(f64::NAN, f64::max);
    }
    let (sum, count) = figures.fold((0.0, 0.0), |(sum, count), figure| (sum + figure, count + 1.0));
    sum / count
}

#[cfg(test)]
mod tests {
    use crate::scenario::{MeasureKind, MeasuredOf, is_measured_of, load_text, measure_kind};
    use crate::simulation::{Holding, Kind, Simulator};

    /// A stage that takes exactly three weeks, entered by a given number of families a year; all have
    /// two children.
    const TEXT: &str = r#"
        name = "published"
        start = 2024-01-01
        warm_up_weeks = 8
        horizon_weeks = 52
        [areas.town]
        families_per_year = { any = 182625 }
        [sources.any]
        entry = "first"
        [demand.children]
        shares = [0, 1]
        [stages.first]
        duration = 21
        next = { out = 1 }
        [ends.out]
        [published.year]
        measure = "arrivals"
        counts = "children"
        value = 365250
        source = "made up"
        [published.winter_week]
        measure = "entries_first"
        per = "week"
        from = 2024-01-15
        to = 2024-02-12
        value = 3500
        source = "made up"
        [published.open]
        measure = "open_children_first"
        on = 2024-03-31
        value = 21000
        source = "made up"
        [published.share]
        measure = "open_families_first"
        over = "open_children_first"
        value = 0.5
        source = "made up"
        [published.before]
        measure = "arrivals"
        to = 2024-01-01
        value = 1
        source = "made up"
    "#;

    #[test]
    fn each_figure_is_read_over_its_own_time() {
        let scenario = load_text("published.toml", TEXT).expect("valid");
        let simulator = Simulator::new(&scenario, 1);
        let record = simulator.replicate(0, &mut simulator.workspace()).expect("laws hold");
        let figure = |id: &str| {
            let index = scenario.published.iter().position(|published| published.id == id);
            record.published[index.expect("a figure")]
        };
        let near = |id: &str, exact: f64, se: f64| {
            let z = (figure(id) - exact) / se;
            assert!(z.abs() < 4.0, "{id}: {} for {exact}", figure(id));
            assert!(((figure(id) - 1.05 * exact) / se).abs() > 4.0, "{id} could be 5% off");
        };
        // 182,625 families a year are 3,500 a week: Poisson counts over 52 weeks, four, and three.
        near("year", 365_250.0, 2.0 * (3500.0_f64 / 52.0).sqrt() * 365.25 / 7.0);
        near("winter_week", 3500.0, (3500.0_f64 / 4.0).sqrt());
        near("open", 21_000.0, 2.0 * 10_500.0_f64.sqrt());
        assert_eq!(figure("share"), 0.5);
        assert!(figure("before").is_nan(), "weeks that are not reported have no figure");
        assert_eq!(scenario.published.iter().filter(|one| one.weeks.len() == 1).count(), 1);
    }

    #[test]
    fn every_series_is_of_the_kind_and_the_holder_that_its_name_says() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/rotherham.toml");
        let scenario = crate::scenario::load(&path, &[]).expect("valid");
        let simulator = Simulator::new(&scenario, 1);
        for series in &simulator.layout().series {
            let kind = match series.kind {
                Kind::Total => MeasureKind::Total,
                Kind::Average => MeasureKind::Level,
                Kind::Ratio | Kind::Percentile | Kind::Maximum => MeasureKind::Other,
            };
            let of = match series.holding {
                Holding::Area => MeasuredOf::Area,
                Holding::Desk(_) => MeasuredOf::Desk,
                Holding::Team(_) => MeasuredOf::Team,
            };
            assert_eq!(measure_kind(&series.measure), kind, "{}", series.measure);
            assert!(is_measured_of(&series.measure, of), "{} of {of:?}", series.measure);
        }
        assert!(!is_measured_of("referrals", MeasuredOf::Team));
        assert!(!is_measured_of("fte_in_post", MeasuredOf::Area));
        assert!(!is_measured_of("open_children", MeasuredOf::Desk));
    }
}
