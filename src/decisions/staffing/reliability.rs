//! How reliably standards are met, and how sure that is.
//!
//! Consumes outcomes; produces shares of replications with their intervals. A standard is reliable
//! enough when the share of replications that meet it is at least the wanted one.

use statrs::distribution::{Beta, ContinuousCDF};

use super::outcome::Outcome;
use super::seat::Seat;
use crate::scenario::{Scenario, Standard};
use crate::simulation::Judged;
use crate::summary::wilson_95;

/// A count of replications that met something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Replications that met it.
    pub met: u32,
    /// Replications looked at.
    pub of: u32,
}

impl Standing {
    /// The share that met it.
    pub fn share(self) -> f64 {
        f64::from(self.met) / f64::from(self.of.max(1))
    }

    /// 95% Wilson interval of the share.
    pub fn interval(self) -> (f64, f64) {
        wilson_95(self.met, self.of)
    }

    /// Whether the share reaches what is wanted.
    pub fn reaches(self, wanted: f64) -> bool {
        // A share such as 9 of 10 must reach 0.9.
        self.share() >= wanted - 1e-9
    }

    /// How reliably a standard is to be sought that stands like this with ample posts; `None` where even
    /// those do not reach what is wanted.
    ///
    /// As wanted; but where ample posts only just reach that, other things than posts decide, and reaching it
    /// with fewer is luck. Then less is sought than ample posts give, by two standard errors of that or by
    /// half the share of failures that is allowed (at most five percentage points), whichever is more.
    pub fn sought(self, wanted: f64) -> Option<f64> {
        let share = self.share();
        let error = (share * (1.0 - share) / f64::from(self.of.max(1))).sqrt();
        let tolerance = (2.0 * error).max(((1.0 - wanted) / 2.0).min(0.05));
        self.reaches(wanted).then(|| wanted.min(share - tolerance))
    }

    /// Whether the interval lies wholly on one side of what is wanted.
    pub fn is_clear(self, wanted: f64) -> bool {
        let (low, high) = self.interval();
        low >= wanted || high < wanted
    }

    /// Whether these replications speak against reaching what is wanted: short of it by more than two
    /// standard errors of a share that just reaches it. With one error, a sixth of all standards that just
    /// hold would be spoken against, and posts would creep up with every fresh set.
    pub fn speaks_against(self, wanted: f64) -> bool {
        let error = (wanted * (1.0 - wanted) / f64::from(self.of.max(1))).sqrt();
        self.share() < wanted - 2.0 * error - 1e-9
    }

    /// Chance that the true share is at least `wanted`: by Bayes' rule from Jeffreys' prior,
    /// Beta(1/2, 1/2), the posterior being Beta(met + 1/2, not met + 1/2).
    pub fn chance_of(self, wanted: f64) -> f64 {
        let law = Beta::new(f64::from(self.met) + 0.5, f64::from(self.of - self.met) + 0.5);
        law.map_or(0.5, |law| 1.0 - law.cdf(wanted))
    }
}

/// What is asked of the posts.
#[derive(Clone, Debug)]
pub struct Aims<'a> {
    /// The scenario with its standards.
    pub scenario: &'a Scenario,
    /// The standards judged.
    pub judged: &'a [Judged],
    /// How reliably each is sought; `None` for those that no number of posts would meet, which the search
    /// leaves aside.
    pub sought: Vec<Option<f64>>,
}

impl Aims<'_> {
    /// The standard behind a place in the list of those judged.
    pub fn standard(&self, judged: usize) -> &Standard {
        &self.scenario.standards[self.judged[judged].standard]
    }

    /// How often a standard judged held over the horizon.
    pub fn standing(&self, judged: usize, outcomes: &[Outcome]) -> Standing {
        let standard = self.standard(judged);
        count(outcomes, |outcome| outcome.holds(judged, standard))
    }

    /// How often it held in the worst four weeks of each year.
    pub fn worst_standing(&self, judged: usize, outcomes: &[Outcome]) -> Standing {
        let standard = self.standard(judged);
        count(outcomes, |outcome| outcome.holds_in_worst_weeks(judged, standard))
    }

    /// How often what the scenario asks of a standard held: over the horizon, and in the worst weeks
    /// too where it says so.
    pub fn asked(&self, judged: usize, outcomes: &[Outcome]) -> Standing {
        count(outcomes, |outcome| self.is_kept(judged, outcome))
    }

    /// Whether what the scenario asks of a standard held in a replication.
    pub fn is_kept(&self, judged: usize, outcome: &Outcome) -> bool {
        let standard = self.standard(judged);
        outcome.holds(judged, standard)
            && (!self.scenario.staffing.worst_weeks || outcome.holds_in_worst_weeks(judged, standard))
    }

    /// A seat's standards that posts can meet, with how reliably they are sought.
    pub fn of_seat<'s>(&'s self, seat: &'s Seat) -> impl Iterator<Item = (usize, f64)> + 's {
        seat.standards.iter().filter_map(|&judged| Some((judged, self.sought[judged]?)))
    }

    /// The least reliable of a seat's standards relative to what is sought; `None` where it has none
    /// that posts can meet.
    pub fn tightest(&self, seat: &Seat, outcomes: &[Outcome]) -> Option<(usize, Standing)> {
        self.of_seat(seat)
            .map(|(judged, sought)| (judged, self.asked(judged, outcomes), sought))
            .min_by(|a, b| (a.1.share() - a.2).total_cmp(&(b.1.share() - b.2)))
            .map(|(judged, standing, _)| (judged, standing))
    }
}

fn count(outcomes: &[Outcome], holds: impl Fn(&Outcome) -> bool) -> Standing {
    Standing {
        met: outcomes.iter().filter(|outcome| holds(outcome)).count() as u32,
        of: outcomes.len() as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_of_a_share_is_the_posterior_s() {
        // With a half of many it is as likely above a half as below.
        assert!((Standing { met: 50, of: 100 }.chance_of(0.5) - 0.5).abs() < 1e-9);
        // Of none seen: the arcsine law, P(p >= x) = 1 - 2/pi asin(sqrt x).
        let exact = 1.0 - 2.0 / std::f64::consts::PI * libm::asin(libm::sqrt(0.9));
        assert!((Standing { met: 0, of: 0 }.chance_of(0.9) - exact).abs() < 1e-9);
        assert!(Standing { met: 200, of: 200 }.chance_of(0.9) > 0.999);
    }

    #[test]
    fn fresh_replications_speak_against_what_falls_short_by_more_than_two_errors() {
        // The standard error of nine tenths of 100 is 0.03.
        assert!(!Standing { met: 84, of: 100 }.speaks_against(0.9));
        assert!(Standing { met: 83, of: 100 }.speaks_against(0.9));
        assert!(Standing { met: 90, of: 100 }.reaches(0.9));
    }

    #[test]
    fn what_ample_posts_only_just_reach_is_sought_a_little_less_reliably() {
        let sought = |met, wanted| Standing { met, of: 100 }.sought(wanted);
        assert_eq!(sought(89, 0.9), None);
        // Two standard errors of 0.92 in 100 are 0.0543.
        assert!(
            (sought(92, 0.9).expect("met") - (0.92 - 2.0 * (0.92_f64 * 0.08 / 100.0).sqrt())).abs() < 1e-12
        );
        // With 98 of 100, five percentage points are more than two errors (0.028), and leave what is wanted.
        assert_eq!(sought(98, 0.9), Some(0.9));
        // Where hardly any failure is allowed, hardly any is overlooked.
        assert_eq!(sought(100, 0.99), Some(0.99));
        assert_eq!(sought(100, 1.0), Some(1.0));
    }
}
