//! Costs of an option beside the base's, by funder and in all.
//!
//! Consumes pence by common line and replication; produces rows that add up. **Rounding.** The mean
//! of each line is rounded to the nearest penny; totals are sums of the rounded lines, and a difference is
//! option less base of the rounded figures. So every column adds up exactly, and across; a line that is the
//! same in both differs by nothing; and a total may be off its own mean by half a penny for each line.

use serde::{Deserialize, Serialize};

use super::gather::Line;
use super::paired::{Paired, student_95};

/// What one funder pays for one thing in one year; or a total.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostRow {
    /// Identifier of the funder; empty for nobody; `None` for all.
    pub funder: Option<String>,
    /// What for; `None` for everything.
    pub item: Option<String>,
    /// Financial year, by the calendar year in which it begins; `None` for all.
    pub year: Option<i32>,
    /// Mean of the base, pence.
    pub base: i64,
    /// Mean of the option, pence.
    pub option: i64,
    /// Option less base, pence.
    pub difference: i64,
    /// The difference's 95% interval, pence.
    pub interval: (f64, f64),
}

/// The rows of an option: every line; each funder in all; each year in all; everything.
pub(super) fn rows(lines: &[Line], base: &[Vec<i64>], option: &[Vec<i64>]) -> Vec<CostRow> {
    let replications = base.first().map_or(0, Vec::len);
    if lines.is_empty() || replications == 0 {
        return Vec::new();
    }
    let (of_base, of_option) = (means(base), means(option));
    let row = |funder: Option<&str>, item: Option<&str>, year: Option<i32>| {
        let chosen: Vec<usize> = (0..lines.len())
            .filter(|&at| {
                funder.is_none_or(|funder| lines[at].funder == funder)
                    && item.is_none_or(|item| lines[at].item == item)
                    && year.is_none_or(|year| lines[at].year == year)
            })
            .collect();
        let sum = |means: &[i64]| chosen.iter().map(|&at| means[at]).sum::<i64>();
        let mut paired = Paired::default();
        for replication in 0..replications {
            let sum = |all: &[Vec<i64>]| chosen.iter().map(|&at| all[at][replication]).sum::<i64>();
            paired.push(sum(base) as f64, sum(option) as f64);
        }
        let half = student_95(replications as u32) * paired.difference(None).se;
        let (base, option) = (sum(&of_base), sum(&of_option));
        let difference = option - base;
        let interval = (difference as f64 - half, difference as f64 + half);
        CostRow {
            funder: funder.map(str::to_owned),
            item: item.map(str::to_owned),
            year,
            base,
            option,
            difference,
            interval,
        }
    };
    let mut funders: Vec<&str> = lines.iter().map(|line| line.funder.as_str()).collect();
    // Nobody, whose name is empty, goes last.
    funders.sort_unstable_by_key(|funder| (funder.is_empty(), *funder));
    funders.dedup();
    let mut years: Vec<i32> = lines.iter().map(|line| line.year).collect();
    years.dedup();
    let each = lines.iter().map(|line| row(Some(&line.funder), Some(&line.item), Some(line.year)));
    let of_funders = funders.into_iter().map(|funder| row(Some(funder), None, None));
    let of_years = years.into_iter().map(|year| row(None, None, Some(year)));
    each.chain(of_funders).chain(of_years).chain([row(None, None, None)]).collect()
}

/// Means of lines, each to the nearest penny: lines that are alike in both scenarios stay alike.
fn means(lines: &[Vec<i64>]) -> Vec<i64> {
    let mean = |line: &Vec<i64>| {
        let (sum, n) = (line.iter().map(|&pence| i128::from(pence)).sum::<i128>(), line.len().max(1) as i128);
        (2 * sum + n).div_euclid(2 * n) as i64
    };
    lines.iter().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(funder: &str, item: &str, year: i32) -> Line {
        Line { year, unfunded: funder.is_empty(), funder: funder.to_owned(), item: item.to_owned() }
    }

    #[test]
    fn costs_add_up_down_and_across() {
        let lines = [
            line("council", "social_worker", 2024),
            line("police", "social_worker", 2024),
            line("", "social_worker", 2024),
            line("council", "social_worker", 2025),
        ];
        let base = vec![vec![1, 1, 2], vec![1, 2, 1], vec![2, 1, 1], vec![100, 101, 103]];
        let option = vec![vec![5, 1, 2], vec![0, 0, 1], vec![0, 0, 0], vec![90, 91, 97]];
        let rows = rows(&lines, &base, &option);
        assert_eq!(rows.len(), 4 + 3 + 2 + 1);
        let all = rows.last().expect("a total");
        // Means 4/3, 4/3, 4/3, 304/3 and 8/3, 1/3, 0, 278/3, each to the nearest penny.
        assert_eq!((all.base, all.option, all.difference), (1 + 1 + 1 + 101, 3 + 93, -8));
        let sum = |of: &dyn Fn(&CostRow) -> i64, rows: &[CostRow]| rows.iter().map(of).sum::<i64>();
        for part in [&rows[..4], &rows[4..7], &rows[7..9]] {
            assert_eq!(sum(&|row| row.base, part), 104);
            assert_eq!(sum(&|row| row.option, part), 96);
            assert_eq!(sum(&|row| row.difference, part), -8);
        }
        assert_eq!(rows[6].funder.as_deref(), Some(""), "nobody goes last");
        assert!(rows.iter().all(|row| row.difference == row.option - row.base));
        assert!(all.interval.0 < -8.0 && all.interval.1 > -8.0);
    }
}
