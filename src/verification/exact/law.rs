//! Laws of durations: moments, distribution functions and limited means in closed form.

use statrs::function::erf::erfc;
use statrs::function::gamma::gamma_lr;

/// The law of a duration. Means are in days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Always this long.
    Fixed(f64),
    /// Exponential with this mean.
    Exponential(f64),
    /// Lognormal with this mean and coefficient of variation.
    Lognormal {
        /// Mean.
        mean: f64,
        /// Standard deviation over mean.
        cv: f64,
    },
    /// Gamma with this mean and shape.
    Gamma {
        /// Mean.
        mean: f64,
        /// Shape; 1 is exponential.
        shape: f64,
    },
}

impl Law {
    /// The mean, `E[S]`.
    pub fn mean(self) -> f64 {
        match self {
            Law::Fixed(mean) | Law::Exponential(mean) => mean,
            Law::Lognormal { mean, .. } | Law::Gamma { mean, .. } => mean,
        }
    }

    /// The second moment, `E[S²]`.
    pub fn second_moment(self) -> f64 {
        let squared_cv = match self {
            Law::Fixed(_) => 0.0,
            Law::Exponential(_) => 1.0,
            Law::Lognormal { cv, .. } => cv * cv,
            Law::Gamma { shape, .. } => 1.0 / shape,
        };
        self.mean().powi(2) * (1.0 + squared_cv)
    }

    /// P(S > x).
    pub fn survival(self, x: f64) -> f64 {
        if x <= 0.0 {
            return 1.0;
        }
        match self {
            Law::Fixed(mean) => f64::from(u8::from(x < mean)),
            Law::Exponential(mean) => (-x / mean).exp(),
            Law::Lognormal { mean, cv } => {
                let (location, scale) = lognormal(mean, cv);
                normal_tail((x.ln() - location) / scale)
            }
            Law::Gamma { mean, shape } => 1.0 - gamma_lr(shape, x * shape / mean),
        }
    }

    /// E[min(S, x)], the integral of the survival function from 0 to `x`.
    pub fn limited_mean(self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        match self {
            Law::Fixed(mean) => mean.min(x),
            Law::Exponential(mean) => mean * (1.0 - (-x / mean).exp()),
            Law::Lognormal { mean, cv } => {
                let (location, scale) = lognormal(mean, cv);
                let z = (x.ln() - location) / scale;
                mean * normal_tail(scale - z) + x * normal_tail(z)
            }
            Law::Gamma { mean, shape } => {
                let y = x * shape / mean;
                mean * gamma_lr(shape + 1.0, y) + x * (1.0 - gamma_lr(shape, y))
            }
        }
    }

    /// The same law with every duration multiplied by `factor`.
    pub fn stretched(self, factor: f64) -> Self {
        match self {
            Law::Fixed(mean) => Law::Fixed(mean * factor),
            Law::Exponential(mean) => Law::Exponential(mean * factor),
            Law::Lognormal { mean, cv } => Law::Lognormal { mean: mean * factor, cv },
            Law::Gamma { mean, shape } => Law::Gamma { mean: mean * factor, shape },
        }
    }
}

/// Location and scale of the logarithm.
fn lognormal(mean: f64, cv: f64) -> (f64, f64) {
    let variance = (cv * cv).ln_1p();
    (mean.ln() - variance / 2.0, variance.sqrt())
}

/// P(Z > z) for a standard normal Z.
fn normal_tail(z: f64) -> f64 {
    0.5 * erfc(z / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAWS: [Law; 4] = [
        Law::Fixed(3.0),
        Law::Exponential(3.0),
        Law::Lognormal { mean: 3.0, cv: 0.8 },
        Law::Gamma { mean: 3.0, shape: 0.5 },
    ];

    #[test]
    fn limited_mean_is_the_integral_of_the_survival_function() {
        for law in LAWS {
            for x in [0.5, 2.0, 3.5, 20.0] {
                let steps = 200_000;
                let width = x / f64::from(steps);
                let integral: f64 =
                    (0..steps).map(|step| law.survival((f64::from(step) + 0.5) * width) * width).sum();
                let closed = law.limited_mean(x);
                assert!((integral - closed).abs() < 1e-3, "{law:?} at {x}: {integral} {closed}");
            }
        }
    }

    #[test]
    fn limited_mean_tends_to_the_mean() {
        for law in LAWS {
            assert!((law.limited_mean(1e5) - 3.0).abs() < 1e-6, "{law:?}");
        }
    }

    #[test]
    fn second_moment_is_twice_the_integral_of_x_survival() {
        for law in LAWS {
            let width = 0.002;
            let integral: f64 = (0..250_000)
                .map(|step| (f64::from(step) + 0.5) * width)
                .map(|x| 2.0 * x * law.survival(x) * width)
                .sum();
            assert!((integral / law.second_moment() - 1.0).abs() < 2e-3, "{law:?}");
        }
    }
}
