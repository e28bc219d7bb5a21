//! The running tally of replications, and the summary made of it.

use serde::{Deserialize, Serialize};

use super::costs::CostSummary;
use super::estimate::{Estimate, StandardEstimate};
use super::table::ReplicationTable;
use super::weekly::WeeklyCells;
use crate::simulation::{Layout, ReplicationRecord};

/// All that is kept of a run of replications: weekly accumulators of constant size, and one row of
/// horizon figures for each replication.
///
/// **Invariant.** Its contents depend on which replications were folded and on nothing else: not
/// on threads, windows, or how the run was split into shards.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tally {
    weeks: usize,
    cells: WeeklyCells,
    table: ReplicationTable,
}

/// Records that cannot be added up: a defect of the engine, or of whoever hands them on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TallyError {
    /// Not the shape of the others.
    #[error(
        "replication {0} has not the shape that the scenario gives (this is a defect in caseflow; please report it)"
    )]
    Shape(u32),
    /// Not the one after the last.
    #[error(
        "replication {found} came where {wanted} was due (this is a defect in caseflow; please report it)"
    )]
    Order {
        /// The replication that was due.
        wanted: u32,
        /// The one that came.
        found: u32,
    },
    /// A weekly figure that cannot be added up.
    #[error(
        "series {series} in week {week} of the horizon is {value}, in one of the replications from {from}: \
         figures must be within ±1.07e9; check the scenario's rates and durations"
    )]
    TooLarge {
        /// Index into [`Layout::series`].
        series: usize,
        /// Week, from 0.
        week: usize,
        /// The figure.
        value: f32,
        /// First replication of the window it is in.
        from: u32,
    },
}

/// What all replications say, for reports: plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Replications summarised.
    pub replications: u32,
    /// Reported weeks.
    pub weeks: usize,
    /// For each series its weeks, one series after another. Use [`Summary::week`].
    ///
    /// Means are within 2⁻²¹ of exact, plus the records' single precision. Percentiles are within
    /// 1/256 (0.4%) of the exact one, or within 1/256 when that is below 1; exact for series of whole
    /// numbers up to 256.
    pub weekly: Vec<Estimate>,
    /// For each series its figure over the horizon, exact.
    pub horizon: Vec<Estimate>,
    /// For each of [`Layout::judged`].
    pub standards: Vec<StandardEstimate>,
    /// What was paid, for each of [`Layout::cost_lines`] and in all.
    pub costs: CostSummary,
    /// For each of [`crate::scenario::Scenario::published`], what stands for it; exact.
    pub published: Vec<Estimate>,
}

impl Summary {
    /// One series in one week, from 0.
    pub fn week(&self, series: usize, week: usize) -> &Estimate {
        &self.weekly[series * self.weeks + week]
    }

    /// All weeks of one series.
    pub fn weeks_of(&self, series: usize) -> &[Estimate] {
        &self.weekly[series * self.weeks..(series + 1) * self.weeks]
    }
}

impl Tally {
    /// Nothing yet; the first replication will be number `first`.
    pub fn new(layout: &Layout, first: u32) -> Self {
        Self {
            weeks: layout.weeks,
            cells: WeeklyCells::new(layout.series.len() * layout.weeks),
            table: ReplicationTable::new(first, layout),
        }
    }

    /// Adds the next records, in order of replication. Works on the threads of the current rayon
    /// pool.
    ///
    /// # Errors
    /// If a record does not fit: the tally is then of no more use.
    pub fn fold(&mut self, records: &[ReplicationRecord]) -> Result<(), TallyError> {
        let from = self.table.next();
        let mut weekly = Vec::with_capacity(records.len());
        for record in records {
            let wanted = self.table.next();
            if record.replication != wanted {
                return Err(TallyError::Order { wanted, found: record.replication });
            }
            let shape = (self.table.series(), self.weeks);
            match record.weekly.as_slice() {
                Some(values) if record.weekly.dim() == shape && self.table.takes(record) => {
                    weekly.push(values)
                }
                _ => return Err(TallyError::Shape(wanted)),
            }
            self.table.push(record);
        }
        self.cells.fold(&weekly).map_err(|too_large| TallyError::TooLarge {
            series: too_large.cell / self.weeks,
            week: too_large.cell % self.weeks,
            value: too_large.value,
            from,
        })
    }

    /// Adds the tally of the replications that follow.
    ///
    /// # Errors
    /// If they do not follow, or are of another shape.
    pub fn append(&mut self, other: Self) -> Result<(), TallyError> {
        let wanted = self.table.next();
        if other.table.first() != wanted {
            return Err(TallyError::Order { wanted, found: other.table.first() });
        }
        if other.shape() != self.shape() {
            return Err(TallyError::Shape(wanted));
        }
        self.cells.merge(&other.cells);
        self.table.append(other.table);
        Ok(())
    }

    /// The replications' horizon figures.
    pub fn table(&self) -> &ReplicationTable {
        &self.table
    }

    /// Replications added.
    pub fn replications(&self) -> u32 {
        self.table.len()
    }

    /// Whether this is a tally of a scenario with this layout.
    pub fn fits(&self, layout: &Layout) -> bool {
        let figures = (layout.cost_lines.len(), layout.published);
        self.shape() == (layout.series.len(), layout.weeks, layout.judged.len(), figures)
    }

    /// Makes the summary. `required_shares` has the share that each of [`Layout::judged`] must
    /// achieve.
    pub fn summarise(&self, required_shares: &[f64]) -> Summary {
        Summary {
            replications: self.replications(),
            weeks: self.weeks,
            weekly: self.cells.estimates(),
            horizon: (0..self.table.series())
                .map(|series| Estimate::of(self.table.horizon(series)))
                .collect(),
            standards: required_shares
                .iter()
                .take(self.table.judged())
                .enumerate()
                .map(|(judged, &required)| StandardEstimate::of(self.table.achieved(judged), required))
                .collect(),
            costs: CostSummary::of(self.table.costs()),
            published: (0..self.table.published_figures())
                .map(|figure| Estimate::of(self.table.published(figure)))
                .collect(),
        }
    }

    /// Whether the parts agree with each other, which a tally read from a file might not.
    pub(super) fn is_consistent(&self) -> bool {
        let (series, weeks, ..) = self.shape();
        self.table.is_rectangular()
            && Some(self.cells.len()) == series.checked_mul(weeks)
            && self.cells.greatest_n() <= self.replications()
    }

    /// Series, weeks, standards judged, lines of costs and published figures.
    fn shape(&self) -> (usize, usize, usize, (usize, usize)) {
        let figures = (self.table.costs().len(), self.table.published_figures());
        (self.table.series(), self.weeks, self.table.judged(), figures)
    }
}

#[cfg(test)]
mod tests {
    use super::super::synthetic;
    use super::*;

    #[test]
    fn a_summary_reads_the_right_week_of_the_right_series() {
        let layout = Layout { published: 1, ..synthetic::layout(3, 4, 1) };
        let mut tally = Tally::new(&layout, 0);
        let records: Vec<ReplicationRecord> = (0..5)
            .map(|replication| {
                let weekly = ndarray::Array2::from_shape_fn((3, 4), |(series, week)| {
                    (100 * series + 10 * week) as f32 + replication as f32
                });
                ReplicationRecord {
                    replication,
                    weekly,
                    horizon: vec![1.0, f64::from(replication), f64::NAN],
                    achieved: vec![f64::from(replication) / 4.0],
                    costs: vec![100 * i64::from(replication)],
                    published: vec![f64::from(replication) * 3.0],
                    events: 7,
                }
            })
            .collect();
        tally.fold(&records).expect("records that fit");
        let summary = tally.summarise(&[0.5]);
        assert_eq!(summary.replications, 5);
        for series in 0..3 {
            for week in 0..4 {
                let base = f64::from(100 * series as u16 + 10 * week as u16);
                assert_eq!(summary.week(series, week).mean, base + 2.0);
                assert_eq!(summary.weeks_of(series)[week].p95, summary.week(series, week).p95);
            }
        }
        assert_eq!((summary.week(1, 1).p05, summary.week(1, 1).p95), (110.0, 114.0));
        assert_eq!((summary.horizon[1].mean, summary.horizon[1].p50), (2.0, 2.0));
        assert_eq!(summary.horizon[2].n, 0);
        assert_eq!((summary.costs.lines[0].mean, summary.costs.lines[0].p95), (200, 400));
        // Shares 0, ¼, ½, ¾, 1 against ½: three of five.
        assert_eq!((summary.standards[0].met, summary.standards[0].mean_share), (3, 0.5));
        assert_eq!((summary.published[0].mean, summary.published[0].p95), (6.0, 12.0));
        assert_eq!(tally.table().met(0, 0.5).filter(|met| *met).count(), 3);
        assert_eq!(tally.table().events(), [7; 5]);
    }

    #[test]
    fn windows_and_threads_change_nothing() {
        let layout = synthetic::layout(7, 300, 2);
        let records = synthetic::records(&layout, 0..150);
        let tally = |window: usize, threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let mut tally = Tally::new(&layout, 0);
            pool.install(|| {
                records.chunks(window).for_each(|window| tally.fold(window).expect("records that fit"))
            });
            postcard::to_stdvec(&tally).expect("a tally can be written")
        };
        let one = tally(64, 1);
        assert!(tally(64, 3) == one);
        assert!(tally(1, 1) == one);
        assert!(tally(150, 2) == one);
    }

    #[test]
    fn records_that_do_not_fit_are_refused() {
        let layout = synthetic::layout(2, 3, 1);
        let records = synthetic::records(&layout, 0..4);
        let mut tally = Tally::new(&layout, 0);
        let order = TallyError::Order { wanted: 0, found: 1 };
        assert_eq!(tally.fold(&records[1..]), Err(order));
        let mut wrong = records.clone();
        wrong[2].horizon.pop();
        assert_eq!(Tally::new(&layout, 0).fold(&wrong), Err(TallyError::Shape(2)));
        let mut wrong = records.clone();
        wrong[3].weekly[[1, 2]] = f32::INFINITY;
        let too_large = TallyError::TooLarge { series: 1, week: 2, value: f32::INFINITY, from: 0 };
        assert_eq!(Tally::new(&layout, 0).fold(&wrong), Err(too_large));
    }
}
