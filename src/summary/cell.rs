//! What is kept of one series in one week: an exact accumulator whose result does not depend on
//! the order or the grouping of what went in.
//!
//! Everything in it is a whole number, a minimum, a maximum or a logical "and": all of them
//! associative and commutative. Values are rounded to multiples of 2⁻²⁰ (a millionth) for the sums;
//! percentiles come from counts on a fixed [grid].
//!
//! **Size.** 80 bytes, and 2 bytes for each bin between the least and the greatest value other than
//! zero (4 bytes beyond 65,535 replications): 256 bytes for each doubling that they span.

mod stored;

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
    /// Sum of values, in fixed point. Magnitude at most 2⁵⁰ × n.
    sum: i128,
    /// Sum of squares, in fixed point twice. At most 2¹⁰⁰ × n: room for millions of values.
    squares: i128,
    /// One slot that is always zero between batches, then counts by bin, from `first_bin`. Neither the
    /// first nor the last count is zero, so equal data has equal counts.
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

/// What stands in place of a bin for values that have none: less than any bin.
const NO_BIN: i16 = i16::MIN;

/// One batch of values, measured before it is added.
struct Batch {
    n: u32,
    least: f32,
    greatest: f32,
    sum: i128,
    squares: i128,
    whole: bool,
    /// Each value's bin; [`NO_BIN`] for `NaN` and zero.
    bins: [i16; BATCH],
    /// Values with a bin.
    nonzero: u32,
    first_bin: i16,
    last_bin: i16,
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
    /// Adds a batch of values; `NaN`s are left out. Returns the first that is too large to count, if
    /// any, and is then unchanged.
    pub(super) fn fold(&mut self, values: &[f32; BATCH]) -> Result<(), f32> {
        let batch = Batch::measure(values);
        if batch.n == 0 {
            return Ok(());
        }
        if batch.greatest > LARGEST || batch.least < -LARGEST {
            let too_large = values.iter().copied().find(|value| value.abs() > LARGEST);
            return Err(too_large.unwrap_or(f32::INFINITY));
        }
        self.n += batch.n;
        self.zeros += batch.n - batch.nonzero;
        self.sum += batch.sum;
        self.squares += batch.squares;
        self.whole &= batch.whole;
        self.least = self.least.min(batch.least);
        self.greatest = self.greatest.max(batch.greatest);
        self.widen_for_n();
        if batch.nonzero > 0 {
            self.reach(batch.first_bin, batch.last_bin);
            // Values without a bin go into the spare slot, for want of a branch that costs nothing.
            let first = self.first_bin;
            let slots =
                batch.bins.map(|bin| if bin == NO_BIN { 0 } else { bin.wrapping_sub(first) as u16 + 1 });
            match &mut self.counts {
                Counts::Narrow(counts) => {
                    slots.iter().for_each(|&slot| counts[usize::from(slot)] += 1);
                    counts[0] = 0;
                }
                Counts::Wide(counts) => {
                    slots.iter().for_each(|&slot| counts[usize::from(slot)] += 1);
                    counts[0] = 0;
                }
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
        let se = if self.n < 2 { f64::NAN } else { (squares / (count - 1.0) / count).sqrt() / one };
        let [p05, p25, p50, p75, p95] = self.percentiles([5, 25, 50, 75, 95]);
        Estimate { n: self.n, mean: self.sum as f64 / count / one, se, p05, p25, p50, p75, p95 }
    }

    /// Nearest-rank percentiles, in ascending order, each the value that stands for the bin of the
    /// exact one.
    fn percentiles<const K: usize>(&self, percents: [u32; K]) -> [f64; K] {
        let mut answers = [f64::NAN; K];
        let mut wanted = 0;
        let mut below = 0;
        let mut pass = |count: u32, bin: Option<i16>| {
            below += count;
            while wanted < K && nearest_rank(percents[wanted], self.n) <= below {
                let value = bin.map_or(0.0, |bin| grid::representative(bin, self.whole));
                // No value lies outside the extremes, which are known exactly.
                answers[wanted] = value.clamp(f64::from(self.least), f64::from(self.greatest));
                wanted += 1;
            }
        };
        // Zeros have no bin: their place is between those of negative and of positive values.
        let mut zeros = Some(self.zeros);
        self.each_occupied(|bin, count| {
            if bin >= 0
                && let Some(zeros) = zeros.take()
            {
                pass(zeros, None);
            }
            pass(count, Some(bin));
        });
        if let Some(zeros) = zeros {
            pass(zeros, None);
        }
        answers
    }

    /// Visits the bins with anything in them, in order.
    fn each_occupied(&self, mut visit: impl FnMut(i16, u32)) {
        let mut bin = self.first_bin;
        let mut next = |count: u32| {
            if count > 0 {
                visit(bin, count);
            }
            bin += 1;
        };
        match &self.counts {
            Counts::Narrow(counts) => counts.iter().skip(1).for_each(|&count| next(u32::from(count))),
            Counts::Wide(counts) => counts.iter().skip(1).for_each(|&count| next(count)),
        }
    }

    /// The bins with anything in them, in order.
    fn occupied(&self) -> Vec<(i16, u32)> {
        let mut occupied = Vec::new();
        self.each_occupied(|bin, count| occupied.push((bin, count)));
        occupied
    }

    /// Adds counts to bins within reach.
    fn add(&mut self, added: &[(i16, u32)]) {
        for &(bin, count) in added {
            let at = (bin - self.first_bin) as usize + 1;
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
        }
        .saturating_sub(1) as i16;
        let from = if held == 0 { first } else { first.min(self.first_bin) };
        let until = if held == 0 { last + 1 } else { (last + 1).max(self.first_bin + held) };
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

/// A spare slot and a row of `size` counts, with those held moved up by `shift`.
fn extended<T: Copy + Default>(held: &[T], shift: usize, size: usize) -> Box<[T]> {
    let mut row = vec![T::default(); size + 1].into_boxed_slice();
    if let Some((_, counts)) = held.split_first() {
        row[shift + 1..shift + 1 + counts.len()].copy_from_slice(counts);
    }
    row
}

/// Measuring is where summaries spend their time: it meets every week of every series of every
/// replication. Hence short loops over rows of fixed length without branches, which the compiler
/// turns into instructions on several values at once.
impl Batch {
    #[inline]
    fn measure(values: &[f32; BATCH]) -> Self {
        let (n, least, greatest) = extremes(values);
        let (sum, squares, whole) = sums(values, least.abs().max(greatest.abs()));
        let bins = values.map(|value| if value.abs() > 0.0 { grid::bin(value) } else { NO_BIN });
        // One reduction to a loop: together they would not be done on several values at once.
        let binless = bins.iter().fold(0_i16, |count, &bin| count + i16::from(bin == NO_BIN));
        // One less than `NO_BIN` wraps round to the greatest of all.
        let before_first = bins.iter().fold(i16::MAX, |least, bin| least.min(bin.wrapping_sub(1)));
        let last_bin = bins.iter().fold(NO_BIN, |last, &bin| last.max(bin));
        Self {
            n,
            least,
            greatest,
            sum,
            squares,
            whole,
            bins,
            nonzero: BATCH as u32 - u32::from(binless.unsigned_abs()),
            first_bin: before_first.wrapping_add(1),
            last_bin,
        }
    }
}

/// How many values are not `NaN`, and the least and the greatest of them.
#[inline]
fn extremes(values: &[f32; BATCH]) -> (u32, f32, f32) {
    const LANES: usize = 8;
    let mut n = [0_u32; LANES];
    let mut least = [f32::INFINITY; LANES];
    let mut greatest = [f32::NEG_INFINITY; LANES];
    for values in values.chunks_exact(LANES) {
        for lane in 0..LANES {
            // Minus zero becomes zero: which of the two is "less" would depend on the order.
            let value = values[lane] + 0.0;
            // Comparisons with `NaN` are false.
            n[lane] += u32::from(!value.is_nan());
            least[lane] = if value < least[lane] { value } else { least[lane] };
            greatest[lane] = if value > greatest[lane] { value } else { greatest[lane] };
        }
    }
    (
        n.iter().sum(),
        least.into_iter().fold(f32::INFINITY, f32::min),
        greatest.into_iter().fold(f32::NEG_INFINITY, f32::max),
    )
}

/// Sum, sum of squares and whether all are whole, of values in fixed point; no magnitude is above
/// `magnitude`. Meaningless if that is above [`LARGEST`].
#[inline]
fn sums(values: &[f32; BATCH], magnitude: f32) -> (i128, i128, bool) {
    /// 64 squares of magnitudes below this, with 2 × 20 bits after the point, fit 64 bits.
    const SMALL: f32 = 512.0;
    let fixed = values.map(to_fixed);
    let sum = fixed.iter().fold(0_i64, |sum, &value| sum.wrapping_add(value));
    let fractions = fixed.iter().fold(0, |bits, &value| bits | value) & (ONE - 1);
    let squares = if magnitude < SMALL {
        let square = |value: i64| {
            let value = u64::from((value as i32).unsigned_abs());
            value * value
        };
        i128::from(fixed.iter().map(|&value| square(value)).sum::<u64>())
    } else {
        let square = |value: i64| i128::from(value).wrapping_mul(i128::from(value));
        let squares = fixed.iter().map(|&value| square(value));
        squares.fold(0, i128::wrapping_add)
    };
    (i128::from(sum), squares, fractions == 0)
}

/// A value of magnitude at most [`LARGEST`] to the nearest multiple of 2⁻²⁰, halves to even; zero
/// for `NaN`.
#[inline]
fn to_fixed(value: f32) -> i64 {
    /// Adding it leaves no bits after the point, and the whole number in the lower bits.
    const ALIGN: f64 = 1.5 * (1_u64 << 52) as f64;
    let value = if value.is_nan() { 0.0 } else { value };
    let aligned = f64::from(value) * ONE as f64 + ALIGN;
    aligned.to_bits().wrapping_sub(ALIGN.to_bits()) as i64
}

#[cfg(test)]
mod tests;
