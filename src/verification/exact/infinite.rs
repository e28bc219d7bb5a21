//! A team without limits under arrivals that change with the calendar: M(t)/G/∞.
//!
//! With Poisson arrivals of rate λ(t) from an empty start, the number open at `t` is Poisson with
//! mean `m(t) = ∫ λ(t−u) P(S>u) du` (Eick, Massey and Whitt 1993), so its variance is its mean.

use super::law::Law;

/// Arrivals a day: `rates[d]` throughout day `d`, none before day 0 or after the last.
#[derive(Clone, Debug, PartialEq)]
pub struct DailyRates(pub Vec<f64>);

impl DailyRates {
    /// Mean number open at time `t`, in days. Exact: the rate is constant within a day, and the
    /// survival function's integral has a closed form.
    pub fn open_at(&self, t: f64, law: Law) -> f64 {
        self.0
            .iter()
            .enumerate()
            .take_while(|(day, _)| (*day as f64) < t)
            .map(|(day, rate)| {
                let start = day as f64;
                rate * (law.limited_mean(t - start) - law.limited_mean(t - start - 1.0))
            })
            .sum()
    }

    /// Time average of the mean number open from `from` to `to`, by Simpson's rule on tenths of a
    /// day (its error is far below any simulation's).
    pub fn open_over(&self, from: f64, to: f64, law: Law) -> f64 {
        let steps = 2 * ((to - from) * 5.0).ceil().max(1.0) as usize;
        let width = (to - from) / steps as f64;
        let sum: f64 = (0..=steps)
            .map(|step| {
                let weight = match step {
                    0 => 1.0,
                    last if last == steps => 1.0,
                    odd if odd % 2 == 1 => 4.0,
                    _ => 2.0,
                };
                weight * self.open_at(from + step as f64 * width, law)
            })
            .sum();
        sum / (3.0 * steps as f64)
    }
}

/// First harmonic of a cycle: amplitudes of its cosine and its sine, for values at equal steps over
/// whole cycles.
pub fn first_harmonic(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let turn = 2.0 * std::f64::consts::PI / count;
    let (mut cosine, mut sine) = (0.0, 0.0);
    for (step, value) in values.iter().enumerate() {
        cosine += value * (turn * step as f64).cos();
        sine += value * (turn * step as f64).sin();
    }
    (2.0 * cosine / count, 2.0 * sine / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_rate_fills_up_to_littles_law() {
        let rates = DailyRates(vec![2.0; 2000]);
        let law = Law::Lognormal { mean: 28.0, cv: 0.8 };
        assert!((rates.open_at(2000.0, law) - 56.0).abs() < 1e-6);
        // From empty, an exponential law fills as 1 − e^{−t/m}.
        let filling = rates.open_at(14.0, Law::Exponential(28.0));
        assert!((filling - 56.0 * (1.0 - (-0.5_f64).exp())).abs() < 1e-9);
    }

    #[test]
    fn closed_form_agrees_with_quadrature() {
        let rates = DailyRates((0..100).map(|day| 1.0 + 0.5 * f64::from(day % 7)).collect());
        for law in [
            Law::Exponential(9.0),
            Law::Gamma { mean: 9.0, shape: 0.5 },
            Law::Lognormal { mean: 9.0, cv: 1.0 },
        ] {
            let (t, width) = (61.3, 0.001);
            let integral: f64 = (0..61_300)
                .map(|step| (f64::from(step) + 0.5) * width)
                .map(|u| rates.0[(t - u) as usize] * law.survival(u) * width)
                .sum();
            assert!((integral - rates.open_at(t, law)).abs() < 0.01, "{law:?}");
        }
    }

    #[test]
    fn sinusoid_lags_as_eick_massey_and_whitt_say() {
        // λ(t) = 10 + 6 sin ωt on fine steps: for exponential service the number open is
        // 10m + 6m/√(1+ω²m²) sin(ωt − arctan ωm).
        let (days, mean) = (364, 28.0);
        let omega = 2.0 * std::f64::consts::PI / f64::from(days);
        // The mean of a sine over a day, so that the daily steps carry the sinusoid itself.
        let rates = DailyRates(
            (0..10 * days).map(|day| 10.0 + 6.0 * (omega * (f64::from(day) + 0.5)).sin()).collect(),
        );
        let open: Vec<f64> =
            (0..days).map(|day| rates.open_at(f64::from(9 * days + day), Law::Exponential(mean))).collect();
        let (cosine, sine) = first_harmonic(&open);
        let lag = -cosine.atan2(sine) / omega;
        assert!((lag - (omega * mean).atan() / omega).abs() < 0.02, "{lag}");
        let amplitude = cosine.hypot(sine);
        let exact = 6.0 * mean / (1.0 + (omega * mean).powi(2)).sqrt();
        assert!((amplitude / exact - 1.0).abs() < 1e-3);
    }

    #[test]
    fn average_over_a_week_lies_on_the_curve() {
        let rates = DailyRates(vec![3.0; 50]);
        let law = Law::Exponential(5.0);
        let (from, to) = (7.0, 14.0);
        let exact = 15.0 - 15.0 * 5.0 / 7.0 * ((-from / 5.0_f64).exp() - (-to / 5.0_f64).exp());
        assert!((rates.open_over(from, to, law) - exact).abs() < 1e-6);
    }
}
