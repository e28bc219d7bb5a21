//! How long cases last when some are still open and some were open already.
//!
//! Consumes [`Spell`]s; produces the product-limit estimate of the share still open by age (Kaplan and Meier 1958), with
//! those who were open at the window's start counted from the age at which they came into view (delayed entry), and
//! Greenwood's standard error. **Why:** of the cases that ended in a year the long ones are too few while a service
//! grows, and those open at its start were seen only because they were long; a plain average of closed cases
//! is wrong both ways.
//!
//! Dates are whole days. A case of *d* days (the difference of its dates) lasted between d − 1 and d + 1, on average *d*:
//! ages at which cases come into view or are cut off are taken at half days, and the curve is read as if what
//! ends on a day did so evenly from half a day before to half a day after.

/// One case's stay, as far as it was seen. Ages are in days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spell {
    /// Age at which it came into view: 0, or more if it was open at the window's start.
    pub from: f64,
    /// Age at which it ended, or at which it was last seen.
    pub to: f64,
    /// Whether it ended then, rather than going on unseen.
    pub ended: bool,
}

impl Spell {
    /// A stay by its dates, as days of a common count; `None` if it was never in view.
    ///
    /// `window` is the first day and the day after the last.
    pub fn of_days(start: i64, end: Option<i64>, window: (i64, i64)) -> Option<Self> {
        let from = if start < window.0 { (window.0 - start) as f64 - 0.5 } else { 0.0 };
        let (to, ended) = match end.filter(|&end| end < window.1) {
            Some(end) => ((end - start) as f64, true),
            None => ((window.1 - start) as f64 - 0.5, false),
        };
        (to >= from && start < window.1 && to >= 0.0).then_some(Self { from, to, ended })
    }
}

/// A step of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Age, days.
    pub age: f64,
    /// Share still open after it.
    pub open: f64,
    /// Greenwood's sum up to here: the variance of the share over its square.
    pub greenwood: f64,
    /// Cases in view just before.
    pub at_risk: usize,
}

/// The product-limit estimate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProductLimit {
    /// Its steps, by age.
    pub steps: Vec<Step>,
    /// Cases.
    pub cases: usize,
    /// Of these, how many ended in view.
    pub ended: usize,
    /// The greatest age at which any case was in view.
    pub last: f64,
}

impl ProductLimit {
    /// Estimates from cases.
    pub fn new(spells: &[Spell]) -> Self {
        let mut ends: Vec<f64> = spells.iter().filter(|spell| spell.ended).map(|spell| spell.to).collect();
        ends.sort_by(f64::total_cmp);
        let ended = ends.len();
        let mut entries: Vec<f64> = spells.iter().map(|spell| spell.from).collect();
        let mut exits: Vec<f64> = spells.iter().map(|spell| spell.to).collect();
        entries.sort_by(f64::total_cmp);
        exits.sort_by(f64::total_cmp);
        let (mut open, mut greenwood) = (1.0, 0.0);
        let mut steps = Vec::new();
        let mut at = 0;
        while at < ends.len() {
            let age = ends[at];
            let here = ends[at..].iter().take_while(|end| **end == age).count();
            // In view: those who came before this age (from the start, for a case of no days) and have not gone.
            let come = entries.partition_point(|from| *from < age || *from == 0.0);
            let gone = exits.partition_point(|to| *to < age);
            let at_risk = come.saturating_sub(gone).max(here);
            let share = here as f64 / at_risk as f64;
            open *= 1.0 - share;
            greenwood += share / ((at_risk - here) as f64).max(0.5);
            steps.push(Step { age, open, greenwood, at_risk });
            at += here;
        }
        Self { steps, cases: spells.len(), ended, last: exits.last().copied().unwrap_or(0.0) }
    }

    /// Share still open at an age.
    pub fn open_at(&self, age: f64) -> f64 {
        let place = self.steps.partition_point(|step| step.age <= age);
        place.checked_sub(1).map_or(1.0, |place| self.steps[place].open)
    }

    /// Share that has ended by an age, what ends on a day spread over half a day either way.
    pub fn ended_by(&self, age: f64) -> f64 {
        let mut before = 1.0;
        let mut ended = 0.0;
        for step in &self.steps {
            let (low, high) = ((step.age - 0.5).max(0.0), step.age + 0.5);
            if low >= age {
                break;
            }
            ended += (before - step.open) * ((age - low) / (high - low)).min(1.0);
            before = step.open;
        }
        ended
    }

    /// The 90% interval of the share still open after a step, where `inflation` is how much more the cases vary
    /// than independent ones would; on the scale of log(−log), so that it stays between 0 and 1.
    pub fn interval(&self, step: &Step, inflation: f64) -> (f64, f64) {
        if step.open <= 0.0 || step.open >= 1.0 {
            return (step.open, step.open);
        }
        let log = libm::log(step.open);
        let spread = super::figure::NORMAL_95 * (inflation * step.greenwood).sqrt() / log.abs();
        let at = |sign: f64| libm::exp(log * libm::exp(sign * spread));
        (at(1.0), at(-1.0))
    }

    /// The mean up to the last age in view (what lies beyond is not counted), days.
    pub fn mean_in_view(&self) -> f64 {
        let (mut mean, mut open, mut from) = (0.0, 1.0, 0.0);
        for step in &self.steps {
            mean += open * (step.age - from);
            (open, from) = (step.open, step.age);
        }
        mean + open * (self.last - from).max(0.0)
    }
}

/// The plain average of the cases that ended, which is what this module is there to avoid: see the module.
pub fn average_of_closed(spells: &[Spell]) -> f64 {
    let closed: Vec<f64> = spells.iter().filter(|spell| spell.ended).map(|spell| spell.to).collect();
    closed.iter().sum::<f64>() / closed.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(to: f64, ended: bool) -> Spell {
        Spell { from: 0.0, to, ended }
    }

    /// The textbook example of Kaplan and Meier (1958): 0.8, 1.0*, 2.7*, 3.1, 5.4, 7.0*, 9.2, 12.1*.
    #[test]
    fn the_published_example_is_met() {
        let spells = [
            whole(0.8, true),
            whole(1.0, false),
            whole(2.7, false),
            whole(3.1, true),
            whole(5.4, true),
            whole(7.0, false),
            whole(9.2, true),
            whole(12.1, false),
        ];
        let curve = ProductLimit::new(&spells);
        let open: Vec<f64> = curve.steps.iter().map(|step| step.open).collect();
        let exact = [7.0 / 8.0, 7.0 / 8.0 * 4.0 / 5.0, 7.0 / 8.0 * 3.0 / 5.0, 7.0 / 8.0 * 3.0 / 5.0 / 2.0];
        for (open, exact) in open.iter().zip(exact) {
            assert!((open - exact).abs() < 1e-12, "{open} {exact}");
        }
        assert_eq!((curve.cases, curve.ended), (8, 4));
        // Greenwood at the second step: 1/(8·7) + 1/(5·4).
        assert!((curve.steps[1].greenwood - (1.0 / 56.0 + 1.0 / 20.0)).abs() < 1e-12);
    }

    #[test]
    fn a_case_that_came_late_is_not_at_risk_before() {
        let spells = [whole(1.0, true), whole(3.0, true), Spell { from: 2.0, to: 4.0, ended: true }];
        let curve = ProductLimit::new(&spells);
        let open: Vec<f64> = curve.steps.iter().map(|step| step.open).collect();
        // At 1 two are in view, at 3 two, at 4 one.
        assert_eq!(open, [0.5, 0.25, 0.0]);
    }

    #[test]
    fn dates_become_ages() {
        let window = (100, 200);
        assert_eq!(Spell::of_days(120, Some(150), window), Some(whole(30.0, true)));
        assert_eq!(Spell::of_days(120, None, window), Some(whole(79.5, false)));
        assert_eq!(
            Spell::of_days(120, Some(200), window),
            Some(whole(79.5, false)),
            "it ends after the window"
        );
        assert_eq!(Spell::of_days(90, Some(150), window), Some(Spell { from: 9.5, to: 60.0, ended: true }));
        assert_eq!(Spell::of_days(90, Some(99), window), None, "it had ended before");
        assert_eq!(Spell::of_days(201, None, window), None);
    }

    #[test]
    fn what_ends_on_a_day_is_spread_over_it() {
        let curve =
            ProductLimit::new(&[whole(0.0, true), whole(2.0, true), whole(2.0, true), whole(9.0, true)]);
        assert_eq!(curve.ended_by(0.25), 0.125, "half of those on the same day");
        assert_eq!(curve.ended_by(2.0), 0.5);
        assert_eq!(curve.ended_by(20.0), 1.0);
        assert_eq!(curve.mean_in_view(), 13.0 / 4.0);
    }
}
