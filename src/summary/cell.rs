//! What is kept of one series in one week: an exact accumulator whose result does not depend on
//! the order or the grouping of what went in.
//!
//! Everything in it is a whole number, a minimum, a maximum or a logical "and": all of them
//! associative and commutative. Values are rounded to multiples of 2⁻²⁰ (a millionth) for the sums;
//! percentiles come from counts on a fixed [grid](super::grid).
//!
//! **Size.** 96 bytes, and 2 bytes for each bin between the least and the greatest value other than
//! zero (4 bytes beyond 65,535 replications): 256 bytes for each doubling that they span.

use serde::{Deserialize, Serialize};

use super::estimate::{Estimate, nearest_rank};
use super::grid::{self, LARGEST};

/// Most values folded at one go.
pub(super) const BATCH: usize = 64;

/// Bits after the binary point in the sums.
const FRACTION_BITS: u32 = 20;
/// One, in fixed point.
const ONE: i64 = 1 << FRACTION_BITS;

/// One series in one week, over all replications folded so far.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    /// Sum of values, in fixed point. Magnitude at most 2⁵² × n.
    sum: i128,
    /// Sum of squares, in fixed point twice. At most 2¹⁰⁴ × n: room for four million values.
    squares: i128,
    /// Counts by bin, from `first_bin`. Neither its first nor its last count is zero, so equal data
    /// has equal counts.
    counts: Counts,
    /// Bin of the first count.
    first_bin: i16,
    /// Whether every value was a whole number.
    whole: bool,
    /// Values that were not `NaN`.
    n: u32,
    /// Values that were zero.
    zeros: u32,
    least: f32,
    greatest: f32,
}

/// Counts by bin.
#[derive(Clone, Debug, PartialEq)]
enum Counts {
    /// While `n` fits 16 bits, and so does every count.
    Narrow(Box<[u16]>),
    /// Beyond.
    Wide(Box<[u32]>),
}

/// One batch of values, measured before it is added.
struct Batch {
    bins: [i16; BATCH],
    nonzero: usize,
    first_bin: i16,
    last_bin: i16,
    n: u32,
    sum: i128,
    squares: i128,
    /// All fixed-point values "or"-ed together: its fraction is zero if all theirs are.
    fractions: i64,
    least: f32,
    greatest: f32,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            sum: 0,
            squares: 0,
            counts: Counts::Narrow(Box::default()),
            first_bin: 0,
            whole: true,
            n: 0,
            zeros: 0,
            least: f32::INFINITY,
            greatest: f32::NEG_INFINITY,
        }
    }
}

impl Cell {
    /// Adds at most [`BATCH`] values; `NaN`s are left out. Returns the first that is too large to
    /// count, if any, and is then unchanged.
    pub(super) fn fold(&mut self, values: &[f32]) -> Result<(), f32> {
        let batch = Batch::measure(values);
        if batch.n == 0 {
            return Ok(());
        }
        if batch.greatest > LARGEST || batch.least < -LARGEST {
            let too_large = values.iter().copied().find(|value| value.abs() > LARGEST);
            return Err(too_large.unwrap_or(f32::INFINITY));
        }
        self.n += batch.n;
        self.zeros += batch.n - batch.nonzero as u32;
        self.sum += batch.sum;
        self.squares += batch.squares;
        self.whole &= batch.fractions & (ONE - 1) == 0;
        self.least = self.least.min(batch.least);
        self.greatest = self.greatest.max(batch.greatest);
        self.widen_for_n();
        if batch.nonzero > 0 {
            self.reach(batch.first_bin, batch.last_bin);
            let first = self.first_bin;
            let bins = batch.bins[..batch.nonzero].iter().map(|&bin| (bin - first) as usize);
            match &mut self.counts {
                Counts::Narrow(counts) => bins.for_each(|bin| counts[bin] += 1),
                Counts::Wide(counts) => bins.for_each(|bin| counts[bin] += 1),
            }
        }
        Ok(())
    }

    /// Values folded, `NaN`s left out.
    pub(super) fn n(&self) -> u32 {
        self.n
    }

    /// Adds what another cell has counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.zeros += other.zeros;
        self.sum += other.sum;
        self.squares += other.squares;
        self.whole &= other.whole;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
        self.widen_for_n();
        let added = other.occupied();
        if let (Some(&(first, _)), Some(&(last, _))) = (added.first(), added.last()) {
            self.reach(first, last);
            self.add(&added);
        }
    }

    /// What the values say.
    pub(super) fn estimate(&self) -> Estimate {
        if self.n == 0 {
            return Estimate::EMPTY;
        }
        let n = i128::from(self.n);
        let count = f64::from(self.n);
        // Squares about the mean rounded to fixed point, then the correction for that rounding.
        // The terms may wrap, their sum, which is small, does not.
        let near_mean = self.sum / n;
        let about_near = self
            .squares
            .wrapping_sub(near_mean.wrapping_mul(self.sum).wrapping_mul(2))
            .wrapping_add(near_mean.wrapping_mul(near_mean).wrapping_mul(n));
        let left_over = (self.sum - near_mean * n) as f64;
        let squares = (about_near as f64 - left_over * left_over / count).max(0.0);
        let one = ONE as f64;
        let se = if self.n < 2 {
            f64::NAN
        } else {
            (squares / (count - 1.0) / count).sqrt() / one
        };
        let [p05, p25, p50, p75, p95] = self.percentiles([5, 25, 50, 75, 95]);
        Estimate {
            n: self.n,
            mean: self.sum as f64 / count / one,
            se,
            p05,
            p25,
            p50,
            p75,
            p95,
        }
    }

    /// Nearest-rank percentiles, in ascending order, each the value that stands for the bin of the
    /// exact one.
    fn percentiles<const K: usize>(&self, percents: [u32; K]) -> [f64; K] {
        let mut answers = [f64::NAN; K];
        let mut wanted = 0;
        let mut below = 0;
        let mut pass = |count: u32, value: &dyn Fn() -> f64| {
            below += count;
            while wanted < K && nearest_rank(percents[wanted], self.n) <= below {
                // No value lies outside the extremes, which are known exactly.
                answers[wanted] = value().clamp(f64::from(self.least), f64::from(self.greatest));
                wanted += 1;
            }
        };
        let counts = self.occupied();
        let negative = counts.partition_point(|&(bin, _)| bin < 0);
        for &(bin, count) in &counts[..negative] {
            pass(count, &|| grid::representative(bin, self.whole));
        }
        pass(self.zeros, &|| 0.0);
        for &(bin, count) in &counts[negative..] {
            pass(count, &|| grid::representative(bin, self.whole));
        }
        answers
    }

    /// The bins with anything in them, in order.
    fn occupied(&self) -> Vec<(i16, u32)> {
        let number = |(at, count)| (self.first_bin + at as i16, count);
        let any = |&(_, count): &(i16, u32)| count > 0;
        match &self.counts {
            Counts::Narrow(counts) => {
                let counts = counts.iter().map(|&count| u32::from(count));
                counts.enumerate().map(number).filter(any).collect()
            }
            Counts::Wide(counts) => counts.iter().copied().enumerate().map(number).filter(any).collect(),
        }
    }

    /// Adds counts to bins within reach.
    fn add(&mut self, added: &[(i16, u32)]) {
        for &(bin, count) in added {
            let at = (bin - self.first_bin) as usize;
            match &mut self.counts {
                // A narrow cell has n, hence every count, within 16 bits.
                Counts::Narrow(counts) => counts[at] += count as u16,
                Counts::Wide(counts) => counts[at] += count,
            }
        }
    }

    /// Makes room for all bins from `first` to `last`. To be followed by counts in both.
    fn reach(&mut self, first: i16, last: i16) {
        let held = match &self.counts {
            Counts::Narrow(counts) => counts.len(),
            Counts::Wide(counts) => counts.len(),
        } as i16;
        let from = if held == 0 { first } else { first.min(self.first_bin) };
        let until = if held == 0 {
            last + 1
        } else {
            (last + 1).max(self.first_bin + held)
        };
        if until - from > held {
            let shift = if held == 0 { 0 } else { (self.first_bin - from) as usize };
            let size = (until - from) as usize;
            match &mut self.counts {
                Counts::Narrow(counts) => *counts = extended(counts, shift, size),
                Counts::Wide(counts) => *counts = extended(counts, shift, size),
            }
            self.first_bin = from;
        }
    }

    /// Goes over to wider counts once there are more values than a narrow count can hold.
    fn widen_for_n(&mut self) {
        if self.n > u32::from(u16::MAX)
            && let Counts::Narrow(counts) = &self.counts
        {
            self.counts = Counts::Wide(counts.iter().map(|&count| u32::from(count)).collect());
        }
    }
}

/// Counts moved up by `shift` in a row of `size`.
fn extended<T: Copy + Default>(counts: &[T], shift: usize, size: usize) -> Box<[T]> {
    let mut row = vec![T::default(); size].into_boxed_slice();
    row[shift..shift + counts.len()].copy_from_slice(counts);
    row
}

impl Batch {
    /// Sums, extremes and bins of at most [`BATCH`] values. This loop is where summaries spend
    /// their time: it meets every week of every series of every replication.
    #[inline]
    fn measure(values: &[f32]) -> Self {
        let mut batch = Self {
            bins: [0; BATCH],
            nonzero: 0,
            first_bin: i16::MAX,
            last_bin: i16::MIN,
            n: 0,
            sum: 0,
            squares: 0,
            fractions: 0,
            least: f32::INFINITY,
            greatest: f32::NEG_INFINITY,
        };
        // At most 64 values of at most 2⁵² each: fits 64 bits, if none is too large.
        let mut sum = 0_i64;
        for &value in &values[..values.len().min(BATCH)] {
            if value.is_nan() {
                continue;
            }
            // Minus zero becomes zero: which of the two is "less" would depend on the order.
            let value = value + 0.0;
            batch.n += 1;
            batch.least = batch.least.min(value);
            batch.greatest = batch.greatest.max(value);
            if value == 0.0 {
                continue;
            }
            let fixed = to_fixed(value);
            sum = sum.wrapping_add(fixed);
            batch.squares = batch
                .squares
                .wrapping_add(i128::from(fixed).wrapping_mul(i128::from(fixed)));
            batch.fractions |= fixed;
            let bin = grid::bin(value);
            batch.first_bin = batch.first_bin.min(bin);
            batch.last_bin = batch.last_bin.max(bin);
            batch.bins[batch.nonzero] = bin;
            batch.nonzero += 1;
        }
        batch.sum = i128::from(sum);
        batch
    }
}

/// A value to the nearest multiple of 2⁻²⁰, halves away from zero.
#[inline]
fn to_fixed(value: f32) -> i64 {
    // Exact in double precision: 24 bits times a power of two.
    let scaled = f64::from(value) * ONE as f64;
    (scaled + 0.5_f64.copysign(scaled)) as i64
}

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
        use serde::de::Error;
        let stored = StoredCell::deserialize(deserializer)?;
        let mut counts = stored.counts;
        let mut bin = 0_i16;
        let mut counted = u64::from(stored.zeros);
        for (at, (step, count)) in counts.iter_mut().enumerate() {
            let in_order = at == 0 || *step > 0;
            let next = bin.checked_add(*step).filter(|next| next.unsigned_abs() < 8192);
            bin = next.filter(|_| in_order).ok_or_else(|| D::Error::custom("bins out of order"))?;
            *step = bin;
            counted += u64::from(*count);
        }
        if counted != u64::from(stored.n) {
            return Err(D::Error::custom("counts that do not add up"));
        }
        let mut cell = Self {
            n: stored.n,
            zeros: stored.zeros,
            sum: stored.sum,
            squares: stored.squares,
            whole: stored.whole,
            least: stored.least,
            greatest: stored.greatest,
            ..Self::default()
        };
        cell.widen_for_n();
        if let (Some(&(first, _)), Some(&(last, _))) = (counts.first(), counts.last()) {
            cell.reach(first, last);
            cell.add(&counts);
        }
        Ok(cell)
    }
}

#[cfg(test)]
mod tests;
