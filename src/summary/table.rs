//! One row for each replication: its figures over the whole horizon.
//!
//! **Size.** 8 bytes × (series + standards judged + lines of costs + published figures + 1) × replications: the
//! only part of the results
//! that grows with replications, and what `replications.parquet` holds.

use serde::{Deserialize, Serialize};

use super::estimate::is_met;
use crate::simulation::{Layout, ReplicationRecord};

/// Horizon figures by replication, a column for each series and each standard judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplicationTable {
    /// Number of the first replication.
    first: u32,
    /// For each of [`crate::simulation::Layout::series`], its figure in each replication.
    horizon: Vec<Vec<f64>>,
    /// For each of [`crate::simulation::Layout::judged`], the share that met its threshold.
    achieved: Vec<Vec<f64>>,
    /// For each of [`crate::simulation::Layout::cost_lines`], what was paid.
    costs: Vec<CostColumn>,
    /// For each of [`crate::scenario::Scenario::published`], what stands for it.
    published: Vec<Vec<f64>>,
    /// Events the engine handled.
    events: Vec<u64>,
}

/// Pence of one line of costs in each replication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostColumn {
    /// Who pays; `None` for nobody.
    pub funder: Option<usize>,
    /// The financial year, by the calendar year in which it begins.
    pub year: i32,
    /// Pence, in order of replication.
    pub pence: Vec<i64>,
}

impl ReplicationTable {
    /// An empty table whose first row will be replication `first`.
    pub(super) fn new(first: u32, layout: &Layout) -> Self {
        Self {
            first,
            horizon: vec![Vec::new(); layout.series.len()],
            achieved: vec![Vec::new(); layout.judged.len()],
            costs: (layout.cost_lines.iter())
                .map(|line| CostColumn { funder: line.funder, year: line.year, pence: Vec::new() })
                .collect(),
            published: vec![Vec::new(); layout.published],
            events: Vec::new(),
        }
    }

    /// Number of the first replication, from 0.
    pub fn first(&self) -> u32 {
        self.first
    }

    /// Replications in the table.
    pub fn len(&self) -> u32 {
        self.events.len() as u32
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Number of the replication after the last.
    pub fn next(&self) -> u32 {
        self.first + self.len()
    }

    /// Columns of horizon figures.
    pub fn series(&self) -> usize {
        self.horizon.len()
    }

    /// Standards judged.
    pub fn judged(&self) -> usize {
        self.achieved.len()
    }

    /// One series' figure in each replication, in order; `NaN` where there is none.
    pub fn horizon(&self, series: usize) -> &[f64] {
        &self.horizon[series]
    }

    /// The share that met one standard's threshold in each replication, in order; `NaN` where
    /// there was nothing to judge.
    pub fn achieved(&self, judged: usize) -> &[f64] {
        &self.achieved[judged]
    }

    /// Published figures that something stands for.
    pub fn published_figures(&self) -> usize {
        self.published.len()
    }

    /// What stands for one published figure in each replication, in order; `NaN` where nothing does.
    pub fn published(&self, figure: usize) -> &[f64] {
        &self.published[figure]
    }

    /// Whether one standard was met in each replication, in order.
    pub fn met(&self, judged: usize, required_share: f64) -> impl Iterator<Item = bool> {
        self.achieved[judged].iter().map(move |&share| is_met(share, required_share))
    }

    /// What was paid, line by line.
    pub fn costs(&self) -> &[CostColumn] {
        &self.costs
    }

    /// Events the engine handled in each replication, in order.
    pub fn events(&self) -> &[u64] {
        &self.events
    }

    /// Whether a record fits below the last row.
    pub(super) fn takes(&self, record: &ReplicationRecord) -> bool {
        record.horizon.len() == self.series()
            && record.achieved.len() == self.judged()
            && record.costs.len() == self.costs.len()
            && record.published.len() == self.published_figures()
    }

    /// Adds a record that [fits](Self::takes).
    pub(super) fn push(&mut self, record: &ReplicationRecord) {
        for (column, &figure) in self.horizon.iter_mut().zip(&record.horizon) {
            column.push(figure);
        }
        for (column, &share) in self.achieved.iter_mut().zip(&record.achieved) {
            column.push(share);
        }
        for (column, &pence) in self.costs.iter_mut().zip(&record.costs) {
            column.pence.push(pence);
        }
        for (column, &figure) in self.published.iter_mut().zip(&record.published) {
            column.push(figure);
        }
        self.events.push(record.events);
    }

    /// Adds the rows of a table with the same columns that begins where this one ends.
    pub(super) fn append(&mut self, mut other: Self) {
        let columns = self.horizon.iter_mut().zip(&mut other.horizon);
        columns.for_each(|(column, other)| column.append(other));
        let columns = self.achieved.iter_mut().zip(&mut other.achieved);
        columns.for_each(|(column, other)| column.append(other));
        for (column, other) in self.costs.iter_mut().zip(&mut other.costs) {
            column.pence.append(&mut other.pence);
        }
        let columns = self.published.iter_mut().zip(&mut other.published);
        columns.for_each(|(column, other)| column.append(other));
        self.events.append(&mut other.events);
    }

    /// Whether all columns have the same length, which a table read from a file might not.
    pub(super) fn is_rectangular(&self) -> bool {
        let rows = self.events.len();
        self.horizon.iter().chain(&self.achieved).chain(&self.published).all(|column| column.len() == rows)
            && self.costs.iter().all(|column| column.pence.len() == rows)
    }
}
