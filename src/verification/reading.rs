//! Reading a replication's record by name.

use std::collections::BTreeMap;

use super::VerifyError;
use crate::scenario::{AreaId, CostItem, Scenario};
use crate::simulation::{Holding, Layout, ReplicationRecord, Series};

/// Where each series stands.
type Index = BTreeMap<(Option<AreaId>, Holding, String), usize>;

/// The names of a scenario's series, made once for all replications.
pub(super) struct Names<'s> {
    scenario: &'s Scenario,
    layout: &'s Layout,
    index: Index,
}

impl<'s> Names<'s> {
    pub(super) fn new(scenario: &'s Scenario, layout: &'s Layout) -> Self {
        let index = layout
            .series
            .iter()
            .enumerate()
            .map(|(row, series)| ((series.area, series.holding, series.measure.clone()), row))
            .collect();
        Self { scenario, layout, index }
    }

    pub(super) fn reading<'a>(&'a self, record: &'a ReplicationRecord) -> Reading<'a> {
        Reading { scenario: self.scenario, layout: self.layout, index: &self.index, record }
    }
}

/// One replication's figures, by name.
pub struct Reading<'a> {
    scenario: &'a Scenario,
    layout: &'a Layout,
    index: &'a Index,
    record: &'a ReplicationRecord,
}

/// One series of one replication.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    record: &'a ReplicationRecord,
    row: usize,
}

impl Figures<'_> {
    /// The figure over the whole horizon.
    pub fn horizon(&self) -> f64 {
        self.record.horizon[self.row]
    }

    /// The figure of one week, counted from 0.
    pub fn week(&self, week: usize) -> f64 {
        f64::from(self.record.weekly[[self.row, week]])
    }

    /// All weeks in order.
    pub fn weeks(&self) -> Vec<f64> {
        self.record.weekly.row(self.row).iter().map(|value| f64::from(*value)).collect()
    }
}

impl<'a> Reading<'a> {
    /// Number of areas.
    pub fn areas(&self) -> usize {
        self.scenario.areas.len()
    }

    /// Every series with its figures, in the order of the layout.
    pub fn series(&self) -> impl Iterator<Item = (&'a Series, Figures<'a>)> + use<'a> {
        let record = self.record;
        let numbered = self.layout.series.iter().enumerate();
        numbered.map(move |(row, series)| (series, Figures { record, row }))
    }

    /// Days of the horizon.
    pub fn days(&self) -> f64 {
        7.0 * self.record.weekly.ncols() as f64
    }

    /// A series of an area as a whole (areas in the order of their identifiers).
    ///
    /// # Errors
    /// If the record has no such series.
    pub fn area(&self, area: AreaId, measure: &str) -> Result<Figures<'a>, VerifyError> {
        self.find(area, Holding::Area, "the area", measure)
    }

    /// A series of a caseload team: the area's own, or the shared one's.
    ///
    /// # Errors
    /// If the record has no such series.
    pub fn team(&self, area: AreaId, team: &str, measure: &str) -> Result<Figures<'a>, VerifyError> {
        let found = self.scenario.teams.iter().position(|candidate| candidate.id == team);
        let holding = found.map(Holding::Team).ok_or_else(|| missing(team, measure))?;
        self.find(area, holding, team, measure)
    }

    /// A series of a desk: the area's own, or the shared one's.
    ///
    /// # Errors
    /// If the record has no such series.
    pub fn desk(&self, area: AreaId, desk: &str, measure: &str) -> Result<Figures<'a>, VerifyError> {
        let found = self.scenario.desks.iter().position(|candidate| candidate.id == desk);
        let holding = found.map(Holding::Desk).ok_or_else(|| missing(desk, measure))?;
        self.find(area, holding, desk, measure)
    }

    /// Pounds spent over the horizon on some items, whoever pays.
    pub fn pounds(&self, of: impl Fn(CostItem) -> bool) -> f64 {
        let lines = self.layout.cost_lines.iter().zip(&self.record.costs);
        let pence: i64 = lines.filter(|(line, _)| of(line.item)).map(|(_, pence)| pence).sum();
        pence as f64 / 100.0
    }

    fn find(
        &self,
        area: AreaId,
        holding: Holding,
        whom: &str,
        measure: &str,
    ) -> Result<Figures<'a>, VerifyError> {
        [Some(area), None]
            .into_iter()
            .find_map(|area| self.index.get(&(area, holding, measure.to_owned())))
            .map(|&row| Figures { record: self.record, row })
            .ok_or_else(|| missing(whom, measure))
    }
}

fn missing(whom: &str, measure: &str) -> VerifyError {
    VerifyError::NoSeries { whom: whom.to_owned(), measure: measure.to_owned() }
}
