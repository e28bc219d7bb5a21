//! Posts that fall vacant and are filled: an alternating renewal process seen at Mondays.
//!
//! People leave and start on Mondays. A leaver's hazard is constant, so the weeks in post are
//! geometric; an exponential time to hire, rounded up to whole weeks, is geometric too.

/// A post's turnover.
pub(in crate::verification) struct Turnover {
    /// Leavers a year while the post is filled.
    pub leavers_a_year: f64,
    /// Mean of the exponential time to hire, weeks.
    pub hire_weeks: f64,
}

impl Turnover {
    /// Chance that a filled post falls vacant on a Monday: 1 - exp(-rate / 52.18).
    pub fn leaves(&self) -> f64 {
        -(-self.leavers_a_year * 7.0 / 365.25).exp_m1()
    }

    /// Chance that a vacancy lasts beyond one more Monday.
    fn stays_vacant(&self) -> f64 {
        (-1.0 / self.hire_weeks).exp()
    }

    /// Mean weeks of a vacancy: of an exponential time rounded up.
    fn vacant_weeks(&self) -> f64 {
        1.0 / (1.0 - self.stays_vacant())
    }

    /// Long-run share of time vacant: mean vacancy over mean cycle.
    pub fn vacant_share(&self) -> f64 {
        self.vacant_weeks() / (self.vacant_weeks() + 1.0 / self.leaves())
    }

    /// Starters a week for each post: one in every cycle.
    pub fn starts_a_week(&self) -> f64 {
        1.0 / (self.vacant_weeks() + 1.0 / self.leaves())
    }

    /// Long-run share of time in a vacancy after its first `weeks`: what is left of a geometric time
    /// beyond them has the same mean, and that there is any has chance q^weeks.
    pub fn covered_share(&self, weeks: i32) -> f64 {
        self.vacant_share() * self.stays_vacant().powi(weeks)
    }
}

/// Mean of `power(weeks in post)` over the weeks in which a post is filled: a filled post has been so
/// for k whole weeks with chance p (1 - p)^k.
pub(in crate::verification) fn ramped_share(turnover: &Turnover, power: impl Fn(f64) -> f64) -> f64 {
    let p = turnover.leaves();
    (0..20_000).map(|k| p * (1.0 - p).powi(k) * power(f64::from(k))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_process_is_the_continuous_one() {
        // With years in post and a year to hire, Mondays hardly matter: share = m / (m + 1 / rate).
        let slow = Turnover { leavers_a_year: 0.1, hire_weeks: 52.0 };
        let continuous = 52.0 / (52.0 + 10.0 * 365.25 / 7.0);
        assert!((slow.vacant_share() / continuous - 1.0).abs() < 0.02);
        assert!((ramped_share(&slow, |_| 1.0) - 1.0).abs() < 1e-9);
        assert!(slow.covered_share(0) == slow.vacant_share());
        // In the long run as many start as leave those who are in post.
        let leaving = (1.0 - slow.vacant_share()) * slow.leaves();
        assert!((slow.starts_a_week() / leaving - 1.0).abs() < 1e-12);
    }
}
