//! Closed families who come back: a renewal equation.
//!
//! Contacts at rate `c(t) = λ + r ∫ c(t−v) f(v) dv`, with `v` a stay of fixed length and then a delay,
//! exponential given that it falls within the period at risk. Solved on a grid of midpoints, each
//! delay's probability being that of the cell around it.

/// New families a day, each of whom comes back with a probability after each closure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Returning {
    /// New families a day, from day 0.
    pub daily: f64,
    /// Days from contact to closure.
    pub stay: f64,
    /// Share who return.
    pub share: f64,
    /// Days at risk.
    pub within: f64,
    /// Mean of the exponential, days.
    pub mean: f64,
}

impl Returning {
    /// Contacts in each of `weeks` weeks, and those of them that are returns within `days` of the
    /// contact before.
    pub fn weeks(self, weeks: usize, days: f64) -> (Vec<f64>, Vec<f64>) {
        const CELLS: usize = 10;
        let width = 1.0 / CELLS as f64;
        let cells = 7 * weeks * CELLS;
        let delayed = |limit: f64| -> Vec<f64> {
            let by = |days: f64| self.share * self.returned_by(days.min(limit) - self.stay);
            // Nothing is left of the delays beyond the period at risk.
            let longest = ((self.stay + self.within) / width).ceil() as usize + 2;
            (0..cells.min(longest))
                .map(|lag| by((lag as f64 + 0.5) * width) - by((lag as f64 - 0.5) * width))
                .collect()
        };
        let (all, soon) = (delayed(f64::INFINITY), delayed(days));
        let mut rate = Vec::with_capacity(cells);
        let (mut contacts, mut again) = (vec![0.0; weeks], vec![0.0; weeks]);
        for cell in 0..cells {
            let back = |kernel: &[f64], rate: &[f64]| -> f64 {
                kernel.iter().skip(1).zip(rate.iter().rev()).map(|(share, rate)| share * rate).sum()
            };
            let (returns, soon) = (back(&all, &rate), back(&soon, &rate));
            rate.push(self.daily + returns);
            contacts[cell / (7 * CELLS)] += (self.daily + returns) * width;
            again[cell / (7 * CELLS)] += soon * width;
        }
        (contacts, again)
    }

    /// P(returned by `days` after closure), given that the family returns.
    fn returned_by(self, days: f64) -> f64 {
        let by = |days: f64| 1.0 - (-days / self.mean).exp();
        by(days.clamp(0.0, self.within)) / by(self.within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_long_run_each_family_makes_one_over_one_less_the_share_contacts() {
        let returning = Returning { daily: 2.0, stay: 5.0, share: 0.3, within: 60.0, mean: 30.0 };
        let (contacts, again) = returning.weeks(80, 365.0);
        assert!((contacts[79] - 14.0 / 0.7).abs() < 1e-3, "{}", contacts[79]);
        assert!((again[79] / contacts[79] - 0.3).abs() < 1e-4);
        // Nobody is back before the first closure.
        assert!((contacts[0] - 14.0).abs() < 0.1 && contacts[0] > 14.0);
    }

    #[test]
    fn returns_later_than_the_limit_are_not_counted_again() {
        let returning = Returning { daily: 1.0, stay: 10.0, share: 0.4, within: 100.0, mean: 1e6 };
        // The delay is all but uniform on 0 to 100: half of those who return do so within 60 of contact.
        let (contacts, again) = returning.weeks(200, 60.0);
        assert!((again[199] / contacts[199] - 0.2).abs() < 1e-3);
    }
}
