//! The few figures by which replications are compared with what was observed.
//!
//! Comparing every week of every series would find no replication near: each has its own luck. So each series is
//! brought down to contrasts of its departures (see [`super::charts`]), chosen for what uncertain figures can move:
//!
//! * its **level**: the mean;
//! * its **slope** over the observed periods;
//! * **schools**: periods in which schools are closed against the others;
//! * its **stretches**: the mean of each quarter of a year (13 weeks, or three months), for figures that matter
//!   for a time, such as a dated change.
//!
//! A contrast that replications do not vary in is left out.

use super::basis::Basis;
use super::cells::Watched;
use super::charts::departures;

/// Periods in a stretch.
const STRETCH_WEEKS: usize = 13;
const STRETCH_MONTHS: usize = 3;

/// The contrasts of all series, each with an entry for every replication and the observed world, in standard
/// deviations from the replications' mean.
pub fn summaries(series: &[Watched], columns: &[Vec<Vec<f64>>]) -> Vec<Vec<f64>> {
    let mut all = Vec::new();
    for (watched, cells) in series.iter().zip(columns) {
        let (scores, _) = departures(cells);
        for weights in contrasts(watched) {
            let worlds = scores.first().map_or(0, Vec::len);
            let value = |world: usize| {
                weights.iter().zip(&scores).map(|(weight, column)| weight * column[world]).sum::<f64>()
            };
            all.extend(standard((0..worlds).map(value).collect()));
        }
    }
    all
}

/// The weights of a series' contrasts, one for each period.
fn contrasts(watched: &Watched) -> Vec<Vec<f64>> {
    let periods = watched.cells.len();
    let mut list = vec![vec![1.0; periods]];
    let middle = (periods as f64 - 1.0) / 2.0;
    list.push((0..periods).map(|at| at as f64 - middle).collect());
    let closed = watched.cells.iter().map(|cell| cell.closed);
    let mean = closed.clone().sum::<f64>() / periods as f64;
    list.push(closed.map(|share| share - mean).collect());
    let stretch = if watched.months { STRETCH_MONTHS } else { STRETCH_WEEKS };
    if periods >= 2 * stretch {
        let whole = periods / stretch;
        // What is left over at the end belongs to the last stretch.
        let of = |at: usize| (at / stretch).min(whole - 1);
        list.extend(
            (0..whole).map(|block| (0..periods).map(|at| f64::from(u8::from(of(at) == block))).collect()),
        );
    }
    list.retain(|weights| weights.iter().any(|weight| weight.abs() > 1e-9));
    list
}

/// A vector in standard deviations from the replications' mean; `None` if they do not vary.
fn standard(values: Vec<f64>) -> Option<Vec<f64>> {
    let replications = values.len().checked_sub(1)?;
    let basis = Basis::even(replications);
    let left = basis.residual(&values);
    let sd = (basis.inner(&left, &left) / (replications as f64 - 1.0)).sqrt();
    (sd > 1e-9).then(|| left.into_iter().map(|value| value / sd).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_brought_to_one_scale() {
        let made = standard(vec![1.0, 2.0, 3.0, 5.0]).expect("they vary");
        for (found, exact) in made.iter().zip([-1.0, 0.0, 1.0, 3.0]) {
            assert!((found - exact).abs() < 1e-12);
        }
        assert!(standard(vec![2.0, 2.0, 2.0, 9.0]).is_none());
    }
}
