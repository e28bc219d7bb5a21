//! What the replications say about money: exact sums of whole pence.
//!
//! Consumes the pence of every line in every replication; produces means and ranges. **Rounding.**
//! A mean of whole pence is a fraction of a penny. Means are rounded by largest remainder, the total
//! first, then years within it, then lines within their year, so that printed rows add up to printed
//! totals exactly and each is within a penny of its own mean. Percentiles are nearest-rank, of each
//! row by itself: they are whole pence already, and do not add up.

use serde::{Deserialize, Serialize};

use super::estimate::nearest_rank;
use super::table::CostColumn;

/// A sum of money over replications, pence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostEstimate {
    /// Mean, rounded so that rows add up to totals.
    pub mean: i64,
    /// 5th percentile.
    pub p05: i64,
    /// 95th percentile.
    pub p95: i64,
}

/// What one funder pays in one financial year, in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunderYear {
    /// Who pays; `None` for nobody.
    pub funder: Option<usize>,
    /// The financial year, by the calendar year in which it begins; `None` for all that are reported.
    pub year: Option<i32>,
    /// The sum.
    pub cost: CostEstimate,
}

/// What was paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostSummary {
    /// For each of [`crate::simulation::Layout::cost_lines`].
    pub lines: Vec<CostEstimate>,
    /// In each financial year, in order.
    pub years: Vec<(i32, CostEstimate)>,
    /// In all.
    pub all: CostEstimate,
    /// By funder (nobody last) and year, then in all years.
    pub funders: Vec<FunderYear>,
}

impl CostSummary {
    /// Sums up the columns of a table.
    pub(super) fn of(columns: &[CostColumn]) -> Self {
        let replications = columns.first().map_or(0, |column| column.pence.len());
        if replications == 0 {
            return Self::default();
        }
        let sums = |chosen: &dyn Fn(&CostColumn) -> bool| {
            let mut sums = vec![0_i64; replications];
            for column in columns.iter().filter(|column| chosen(column)) {
                sums.iter_mut().zip(&column.pence).for_each(|(sum, pence)| *sum += pence);
            }
            sums
        };
        let mut begins: Vec<i32> = columns.iter().map(|column| column.year).collect();
        begins.sort_unstable();
        begins.dedup();
        let by_year: Vec<Vec<i64>> =
            begins.iter().map(|&year| sums(&|column: &CostColumn| column.year == year)).collect();
        let all = ranges(&sums(&|_| true));
        let year_means = round_within(all.mean, &by_year.iter().map(|year| total(year)).collect::<Vec<_>>());
        let mut lines = vec![CostEstimate::default(); columns.len()];
        for (&year, &mean) in begins.iter().zip(&year_means) {
            let of_year: Vec<usize> = (0..columns.len()).filter(|&at| columns[at].year == year).collect();
            let totals: Vec<(i128, i128)> = of_year.iter().map(|&at| total(&columns[at].pence)).collect();
            for (&at, mean) in of_year.iter().zip(round_within(mean, &totals)) {
                lines[at] = CostEstimate { mean, ..ranges(&columns[at].pence) };
            }
        }
        let years = begins.iter().zip(&by_year).zip(&year_means);
        let years: Vec<(i32, CostEstimate)> =
            years.map(|((&year, sums), &mean)| (year, CostEstimate { mean, ..ranges(sums) })).collect();
        let mut payers: Vec<Option<usize>> = columns.iter().map(|column| column.funder).collect();
        payers.sort_unstable_by_key(|funder| (funder.is_none(), *funder));
        payers.dedup();
        let mut funders = Vec::new();
        for &funder in &payers {
            for year in begins.iter().map(|&year| Some(year)).chain([None]) {
                let chosen = |column: &CostColumn| {
                    column.funder == funder && year.is_none_or(|year| column.year == year)
                };
                let mean = columns.iter().zip(&lines).filter(|(column, _)| chosen(column));
                let mean = mean.map(|(_, line)| line.mean).sum();
                let cost = CostEstimate { mean, ..ranges(&sums(&chosen)) };
                funders.push(FunderYear { funder, year, cost });
            }
        }
        Self { lines, years, all, funders }
    }

    /// Whether there is any money.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// Sum and number.
fn total(pence: &[i64]) -> (i128, i128) {
    (pence.iter().map(|&pence| i128::from(pence)).sum(), pence.len() as i128)
}

/// Mean, to the nearest penny, and percentiles.
fn ranges(pence: &[i64]) -> CostEstimate {
    let (sum, n) = total(pence);
    let mut sorted = pence.to_vec();
    sorted.sort_unstable();
    let rank = |percent| sorted[nearest_rank(percent, sorted.len() as u32) as usize - 1];
    CostEstimate { mean: ((2 * sum + n).div_euclid(2 * n)) as i64, p05: rank(5), p95: rank(95) }
}

/// Means (sum, number) rounded to whole numbers that add up to `whole`, which is their sum rounded in
/// whatever way: up goes who has the largest remainder, ties to the first.
fn round_within(whole: i64, means: &[(i128, i128)]) -> Vec<i64> {
    let mut rounded: Vec<i64> = means.iter().map(|(sum, n)| sum.div_euclid(*n) as i64).collect();
    let rest = usize::try_from(whole - rounded.iter().sum::<i64>()).unwrap_or(0);
    let mut order: Vec<usize> = (0..means.len()).collect();
    // All have the same number.
    order.sort_by_key(|&at| (std::cmp::Reverse(means[at].0.rem_euclid(means[at].1)), at));
    order.into_iter().take(rest).for_each(|at| rounded[at] += 1);
    rounded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn column(funder: Option<usize>, year: i32, pence: &[i64]) -> CostColumn {
        CostColumn { funder, year, pence: pence.to_vec() }
    }

    #[test]
    fn three_thirds_of_a_penny_are_a_penny() {
        // Means 1⅓, 1⅓, 1⅓ sum to 4: one row goes up.
        let columns = [0, 1, 2].map(|funder| column(Some(funder), 2024, &[1, 1, 2]));
        let costs = CostSummary::of(&columns);
        assert_eq!(costs.all, CostEstimate { mean: 4, p05: 3, p95: 6 });
        assert_eq!(costs.lines.iter().map(|line| line.mean).collect::<Vec<_>>(), [2, 1, 1]);
        assert_eq!((costs.lines[2].p05, costs.lines[2].p95), (1, 2));
    }

    #[test]
    fn funders_are_summed_by_year_and_in_all_with_nobody_last() {
        let columns = [
            column(None, 2024, &[5, 7]),
            column(Some(1), 2024, &[10, 20]),
            column(Some(1), 2025, &[100, 300]),
        ];
        let costs = CostSummary::of(&columns);
        let found: Vec<_> = costs.funders.iter().map(|one| (one.funder, one.year, one.cost.mean)).collect();
        assert_eq!(
            found,
            [
                (Some(1), Some(2024), 15),
                (Some(1), Some(2025), 200),
                (Some(1), None, 215),
                (None, Some(2024), 6),
                (None, Some(2025), 0),
                (None, None, 6),
            ]
        );
        assert_eq!(costs.funders[2].cost, CostEstimate { mean: 215, p05: 110, p95: 320 });
        assert_eq!(
            costs.years,
            [(2024, CostEstimate { mean: 21, p05: 15, p95: 27 }), (2025, ranges(&[100, 300]))]
        );
    }

    proptest! {
        #[test]
        fn rows_add_up_and_are_within_a_penny(
            lines in prop::collection::vec((0..3_i32, prop::collection::vec(0..1_000_000_000_000_i64, 7)), 1..20),
        ) {
            let columns: Vec<CostColumn> =
                lines.iter().map(|(year, pence)| column(Some(0), 2024 + year, pence)).collect();
            let costs = CostSummary::of(&columns);
            prop_assert_eq!(costs.years.iter().map(|(_, year)| year.mean).sum::<i64>(), costs.all.mean);
            for (year, total) in &costs.years {
                let rows = columns.iter().zip(&costs.lines).filter(|(column, _)| column.year == *year);
                prop_assert_eq!(rows.map(|(_, line)| line.mean).sum::<i64>(), total.mean);
            }
            for (column, line) in columns.iter().zip(&costs.lines) {
                let (sum, n) = total(&column.pence);
                prop_assert!((i128::from(line.mean) * n - sum).abs() < n);
            }
        }
    }
}
