//! A cell as it is written to a shard's file, and the checks when it is read back.

use serde::{Deserialize, Serialize};

use super::Cell;
use crate::experiment::MOST_REPLICATIONS;
use crate::summary::grid::{self, LARGEST};

/// A cell as it is written down: only bins with something in them, each with its distance from the
/// one before.
#[derive(Serialize, Deserialize)]
struct StoredCell {
    n: u32,
    zeros: u32,
    sum: i128,
    squares: i128,
    whole: bool,
    least: f32,
    greatest: f32,
    counts: Vec<(i16, u32)>,
}

impl Serialize for Cell {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut counts = self.occupied();
        let mut before = 0;
        for (bin, _) in &mut counts {
            (before, *bin) = (*bin, *bin - before);
        }
        StoredCell {
            n: self.n,
            zeros: self.zeros,
            sum: self.sum,
            squares: self.squares,
            whole: self.whole,
            least: self.least,
            greatest: self.greatest,
            counts,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = StoredCell::deserialize(deserializer)?;
        stored.check().map_err(serde::de::Error::custom)
    }
}

impl StoredCell {
    /// The cell, if values could have made it.
    fn check(mut self) -> Result<Cell, &'static str> {
        let mut bin = 0_i16;
        for (at, (step, _)) in self.counts.iter_mut().enumerate() {
            let next = bin.checked_add(*step).filter(|_| at == 0 || *step > 0);
            bin = next.ok_or("bins out of order")?;
            *step = bin;
        }
        let counted: u64 = self.counts.iter().map(|&(_, count)| u64::from(count)).sum();
        if counted + u64::from(self.zeros) != u64::from(self.n) {
            return Err("counts that do not add up");
        }
        // Also keeps the bounds of the sums, just below, from overflowing.
        if self.n > MOST_REPLICATIONS {
            return Err("more values than there may be replications");
        }
        let n = i128::from(self.n);
        if self.sum.unsigned_abs() > n.unsigned_abs() << 50 || !(0..=n << 100).contains(&self.squares) {
            return Err("sums out of range");
        }
        let within = -LARGEST <= self.least && self.least <= self.greatest && self.greatest <= LARGEST;
        let ends = [self.counts.first(), self.counts.last()].map(|end| end.map(|&(bin, _)| bin));
        // Bins lie between those of the extremes, which keeps a row of counts to its proper length.
        let reached = |end: Option<i16>| {
            end.is_none_or(|bin| (grid::bin(self.least)..=grid::bin(self.greatest)).contains(&bin))
        };
        if self.n > 0 && !(within && ends.into_iter().all(reached)) {
            return Err("extremes that do not fit the counts");
        }
        Ok(self.into_cell(ends))
    }

    /// The cell, given its first and last bin.
    fn into_cell(self, ends: [Option<i16>; 2]) -> Cell {
        let mut cell = Cell {
            n: self.n,
            zeros: self.zeros,
            sum: self.sum,
            squares: self.squares,
            whole: self.whole,
            least: self.least,
            greatest: self.greatest,
            ..Cell::default()
        };
        cell.widen_for_n();
        if let [Some(first), Some(last)] = ends {
            cell.reach(first, last);
            cell.add(&self.counts);
        }
        cell
    }
}
