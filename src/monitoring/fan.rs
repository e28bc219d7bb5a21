//! Each observed period's place among the replications.

use super::answer::Seen;
use super::cells::Watched;
use super::charts::departures;
use crate::summary::Estimate;

/// The place of every observed period of every series; columns as [`super::cells::columns`] gives them.
pub(super) fn fan(series: &[Watched], columns: &[Vec<Vec<f64>>]) -> Vec<Vec<Seen>> {
    series.iter().zip(columns).map(|(_, cells)| places(cells)).collect()
}

fn places(cells: &[Vec<f64>]) -> Vec<Seen> {
    let (departures, surprises) = departures(cells);
    let place = |(at, column): (usize, &Vec<f64>)| {
        let (runs, observed) = column.split_at(column.len() - 1);
        let observed = observed[0];
        let forecast = Estimate::of(runs);
        let below = runs.iter().filter(|&&run| run < observed).count() as f64;
        let equal = runs.iter().filter(|&&run| run == observed).count() as f64;
        Seen {
            forecast,
            position: (below + 0.5 * equal) / runs.len() as f64,
            within: (forecast.p05..=forecast.p95).contains(&observed),
            departure: departures[at][runs.len()],
            surprise: surprises[at][runs.len()],
        }
    };
    cells.iter().enumerate().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_share_of_replications() {
        let runs: Vec<f64> = (1..=20).map(f64::from).collect();
        let with = |observed: f64| {
            let column: Vec<f64> = runs.iter().copied().chain([observed]).collect();
            places(&[column])[0]
        };
        assert_eq!((with(0.0).position, with(21.0).position, with(10.0).position), (0.0, 1.0, 9.5 / 20.0));
        assert_eq!([0.0, 1.0, 19.0, 20.0].map(|at| with(at).within), [false, true, true, false]);
        // On the scale of square roots, where 25 is 5 beside a mean of 3.1 with a standard deviation of about 1.
        assert!(with(25.0).departure > 1.5 && with(0.0).departure < -1.5);
    }
}
