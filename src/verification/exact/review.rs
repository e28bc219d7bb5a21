//! Stays whose end waits for a review, but for those who leave when ready.

use super::law::Law;

/// A stage whose exits are gated by reviews.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gated {
    /// Natural duration.
    pub law: Law,
    /// Days to the first review.
    pub first: f64,
    /// Days between later ones.
    pub then: f64,
    /// Share who leave when ready.
    pub early: f64,
}

impl Gated {
    /// P(stay > x): of those who wait for reviews, all who were not ready at the last one.
    pub fn survival(self, x: f64) -> f64 {
        let waits = if x < self.first {
            1.0
        } else {
            let last = self.first + ((x - self.first) / self.then).floor() * self.then;
            self.law.survival(last)
        };
        self.early * self.law.survival(x) + (1.0 - self.early) * waits
    }

    /// Mean stay under a hazard (events a day): `∫ e^(−hx) P(stay > x) dx`, in thousandths of the
    /// time between reviews, so that no step straddles one.
    pub fn mean_until_struck(self, hazard: f64) -> f64 {
        self.integral(f64::INFINITY, hazard)
    }

    /// `∫ e^(−hx) P(stay > x) dx` from 0 to `end`.
    pub fn integral(self, end: f64, hazard: f64) -> f64 {
        let mut sum = 0.0;
        let (mut from, mut length) = (0.0, self.first);
        while from < end && self.survival(from) > 1e-10 {
            let width = length.min(end - from) / 1000.0;
            for step in 0..1000 {
                let x = from + (f64::from(step) + 0.5) * width;
                sum += (-hazard * x).exp() * self.survival(x) * width;
            }
            from += length;
            length = self.then;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_stays_have_a_geometric_series() {
        let gated = Gated { law: Law::Exponential(20.0), first: 14.0, then: 21.0, early: 0.2 };
        let (to_first, between) = ((-14.0_f64 / 20.0).exp(), (-21.0_f64 / 20.0).exp());
        let exact = 0.2 * 20.0 + 0.8 * (14.0 + 21.0 * to_first / (1.0 - between));
        assert!((gated.mean_until_struck(0.0) - exact).abs() < 1e-5, "{exact}");
        assert!((gated.survival(34.9) - (0.2 * (-34.9_f64 / 20.0).exp() + 0.8 * to_first)).abs() < 1e-12);
        // Under a hazard h, (1 − E[e^(−hT)])/h.
        let h: f64 = 0.01;
        let early = 0.05 / (0.05 + h);
        let waits = (1.0 - to_first) * (-14.0 * h).exp()
            + to_first * (1.0 - between) * (-35.0 * h).exp() / (1.0 - between * (-21.0 * h).exp());
        let exact = (1.0 - 0.2 * early - 0.8 * waits) / h;
        assert!((gated.mean_until_struck(h) - exact).abs() < 1e-5, "{exact}");
    }
}
