//! How reliably standards are met, and how sure that is.
//!
//! Consumes outcomes; produces shares of replications with their intervals. A standard is reliable
//! enough when the share of replications that meet it is at least the wanted one.

use statrs::distribution::{Beta, ContinuousCDF};

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use super::seat::Seat;
use crate::scenario::{Scenario, Standard};
use crate::simulation::Judged;
use crate::summary::wilson_95;

/// A count of replications that met something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

    /// How reliably a standard is sought that stands like this with ample posts, in the same replications.
    ///
    /// As wanted; but where ample posts only just reach that, other things than posts decide, and to reach it
    /// with fewer is luck. Then within half the share of failures that is allowed (at most five percentage
    /// points, and at least one replication) of what ample posts give.
    pub fn sought(self, wanted: f64) -> f64 {
        let tolerance = ((1.0 - wanted) / 2.0).min(0.05).max(1.0 / f64::from(self.of.max(1)));
        wanted.min(self.share() - tolerance)
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
    /// Whether no number of posts would meet each: the search leaves it aside.
    pub hopeless: Vec<bool>,
    /// What ample posts do, on the replications that posts are judged by.
    ample: Vec<Outcome>,
}

impl<'a> Aims<'a> {
    /// Nothing tried yet: all standards are sought as wanted.
    pub fn new(scenario: &'a Scenario, judged: &'a [Judged]) -> Self {
        Self { scenario, judged, hopeless: vec![false; judged.len()], ample: Vec::new() }
    }

    /// Judges by the replications in which ample posts did this.
    pub fn measure_against(&mut self, ample: Vec<Outcome>) {
        self.ample = ample;
    }

    /// Leaves aside the standards that ample posts do not meet as reliably as wanted.
    pub fn rule_out(&mut self) {
        let reached = |judged| self.asked(judged, &self.ample).reaches(self.standard(judged).reliability);
        self.hopeless = (0..self.judged.len()).map(|judged| !reached(judged)).collect();
    }

    /// How reliably a standard is sought in the first so many replications: as wanted, or a little less where
    /// ample posts hardly do better. `None` for those left aside.
    pub fn sought(&self, judged: usize, replications: usize) -> Option<f64> {
        let wanted = self.standard(judged).reliability;
        let ample = &self.ample[..replications.min(self.ample.len())];
        (!self.hopeless[judged]).then(|| match ample {
            [] => wanted,
            _ => self.asked(judged, ample).sought(wanted),
        })
    }

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

    /// A seat's standards that posts can meet.
    pub fn of_seat<'s>(&'s self, seat: &'s Seat) -> impl Iterator<Item = usize> + 's {
        seat.standards.iter().copied().filter(|&judged| !self.hopeless[judged])
    }

    /// The least reliable of a seat's standards relative to what is sought; `None` where it has none
    /// that posts can meet.
    pub fn tightest(&self, seat: &Seat, outcomes: &[Outcome]) -> Option<(usize, Standing)> {
        self.of_seat(seat)
            .filter_map(|judged| {
                Some((judged, self.asked(judged, outcomes), self.sought(judged, outcomes.len())?))
            })
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
        assert!((sought(92, 0.9) - 0.87).abs() < 1e-12);
        assert!((sought(98, 0.9) - 0.9).abs() < 1e-12);
        // Where hardly any failure is allowed, hardly any is overlooked: a replication.
        assert!((sought(100, 0.99) - 0.99).abs() < 1e-12);
        assert!((sought(99, 0.99) - 0.98).abs() < 1e-12);
        // Among few replications one may always be luck.
        assert!((Standing { met: 15, of: 16 }.sought(0.9) - 14.0 / 16.0).abs() < 1e-12);
    }
}
