//! Every series in every week: the cells, and how windows of records are folded into them.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::cell::{BATCH, Cell};
use super::estimate::Estimate;

/// Cells that one thread takes at a time.
const CHUNK: usize = 1024;
/// Cells whose values are turned from "by replication" to "by cell" at one go: with [`BATCH`]
/// replications 16 KiB, which stays in a core's first cache.
const TILE: usize = 64;

/// A value that no measure can have: infinite, or beyond 2³⁰ (about a thousand million).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TooLarge {
    /// Series × weeks + week.
    pub(super) cell: usize,
    pub(super) value: f32,
}

/// One cell for each series and week, series by series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct WeeklyCells(Vec<Cell>);

impl WeeklyCells {
    /// So many empty cells.
    pub(super) fn new(cells: usize) -> Self {
        Self(vec![Cell::default(); cells])
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The most values in any cell.
    pub(super) fn greatest_n(&self) -> u32 {
        self.0.iter().map(Cell::n).max().unwrap_or(0)
    }

    /// Adds records, each a row of as many values as there are cells. Cells are shared out among
    /// the current threads; within a cell only whole numbers are added, so it does not matter how.
    pub(super) fn fold(&mut self, records: &[&[f32]]) -> Result<(), TooLarge> {
        let failed = self
            .0
            .par_chunks_mut(CHUNK)
            .enumerate()
            .find_map_first(|(at, cells)| fold_chunk(cells, at * CHUNK, records).err());
        failed.map_or(Ok(()), Err)
    }

    /// Adds what other cells have counted, cell by cell; both have the same number.
    pub(super) fn merge(&mut self, other: &Self) {
        self.0.par_iter_mut().zip(&other.0).for_each(|(cell, other)| cell.merge(other));
    }

    /// An estimate for each cell.
    pub(super) fn estimates(&self) -> Vec<Estimate> {
        self.0.par_iter().map(Cell::estimate).collect()
    }
}

/// Folds the records' values from `first` on into these cells.
fn fold_chunk(cells: &mut [Cell], first: usize, records: &[&[f32]]) -> Result<(), TooLarge> {
    for batch in records.chunks(BATCH) {
        // What a short batch leaves unfilled is empty.
        let mut tile = [[f32::NAN; BATCH]; TILE];
        for (at, cells) in cells.chunks_mut(TILE).enumerate() {
            let first = first + at * TILE;
            for (column, record) in batch.iter().enumerate() {
                for (row, &value) in tile.iter_mut().zip(&record[first..first + cells.len()]) {
                    row[column] = value;
                }
            }
            for (row, (cell, values)) in cells.iter_mut().zip(&tile).enumerate() {
                cell.fold(values).map_err(|value| TooLarge { cell: first + row, value })?;
            }
        }
    }
    Ok(())
}
