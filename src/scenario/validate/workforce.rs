//! People as they are: a team's absence, turnover and supervision.

use super::super::faults::words;
use super::super::file::TeamFile;
use super::super::model::{Duration, Managers, Quantity, Workforce};
use super::super::number::{RawDuration, RawNumber, TimeUnit};
use super::super::people::{ManagersFile, WorkforceFile};
use super::super::tree::Path;
use super::Context;
use super::figures::{DAYS, HOURS, Limits, POSITIVE_DAYS, POSITIVE_SHARE, SHARE};

// Leave and training together leave some of the year's working days, of which there are about 253.
const LEAVE: Limits = Limits::between(0.0, 150.0, "working days a year: 0 or more, at most 150");
const TRAINING: Limits = Limits::between(0.0, 90.0, "working days a year: 0 or more, at most 90");
const HOLIDAY_WEIGHT: Limits =
    Limits::between(0.0, 1000.0, "a factor: 0 or more, at most 1000; 1 is as likely as any other week");
const SPELLS: Limits = Limits::between(0.0, 52.0, "spells a year: 0 or more, at most 52");
const ELASTICITY: Limits = Limits::between(
    0.0,
    10.0,
    "per cent for each per cent over the limit: 0 or more, at most 10; 0 turns it off",
);
const LEAVERS: Limits = Limits::between(
    0.0,
    12.0,
    "leavers a year for each post filled: 0 or more, at most 12 (0.118 is 11.8 in a hundred)",
);
const RELATIVE: Limits = Limits::over(0.0, 10.0, "relative to a permanent worker: over 0, at most 10");
const WEEKS: Limits = Limits::between(0.0, 520.0, "weeks: 0 or more, at most 520");
const SPAN: Limits = Limits::over(0.0, 10_000.0, "full-time equivalents for each manager: over 0");

/// Mean weeks to hire, and the shape of its gamma distribution, where nothing is said.
const TIME_TO_HIRE: (f64, f64) = (21.0, 4.0);

impl Context<'_> {
    /// The share of days present, which a workforce replaces.
    pub(super) fn present_share(&mut self, path: &Path, given: &TeamFile) -> Quantity {
        let path = path.key("present_share");
        if given.workforce.is_none() {
            return self.number(&path, given.present_share.as_ref(), 0.83, &POSITIVE_SHARE);
        }
        if given.present_share.is_some() {
            let message = "both `present_share` and `workforce` say who is away";
            let help = format!("keep one; without = [\"{path}\"] takes away what a scenario below says");
            self.fault_at_key(&path, words(message, help));
        }
        self.unused()
    }

    /// Absence, turnover and supervision, with the usual where nothing is said.
    pub(super) fn workforce(&mut self, path: &Path, given: &WorkforceFile) -> Workforce {
        let mut figure = |key: &str, raw: &Option<RawNumber>, usual: f64, limits: &Limits| {
            self.number(&path.key(key), raw.as_ref(), usual, limits)
        };
        Workforce {
            case_holding_share: figure("case_holding_share", &given.case_holding_share, 1.0, &POSITIVE_SHARE),
            vacant_share: figure("vacant_share", &given.vacant_share, 0.0, &SHARE),
            leave_days: figure("leave_days", &given.leave_days, 30.0, &LEAVE),
            leave_holiday_weight: figure(
                "leave_holiday_weight",
                &given.leave_holiday_weight,
                2.25,
                &HOLIDAY_WEIGHT,
            ),
            training_days: figure("training_days", &given.training_days, 5.0, &TRAINING),
            sickness_spells: figure("sickness_spells", &given.sickness_spells, 1.3, &SPELLS),
            sickness_short_share: figure("sickness_short_share", &given.sickness_short_share, 0.9, &SHARE),
            sickness_short_days: figure(
                "sickness_short_days",
                &given.sickness_short_days,
                4.0,
                &POSITIVE_DAYS,
            ),
            sickness_long_days: figure("sickness_long_days", &given.sickness_long_days, 80.0, &POSITIVE_DAYS),
            sickness_elasticity: figure("sickness_elasticity", &given.sickness_elasticity, 0.26, &ELASTICITY),
            leavers: figure("leavers", &given.leavers, 0.118, &LEAVERS),
            leaving_elasticity: figure("leaving_elasticity", &given.leaving_elasticity, 0.33, &ELASTICITY),
            agency_share: figure("agency_share", &given.agency_share, 0.6, &SHARE),
            agency_delay_days: figure("agency_delay_days", &given.agency_delay_days, 28.0, &DAYS),
            agency_productivity: figure("agency_productivity", &given.agency_productivity, 0.9, &RELATIVE),
            ramp_weeks: figure("ramp_weeks", &given.ramp_weeks, 10.0, &WEEKS),
            ramp_from: figure("ramp_from", &given.ramp_from, 0.5, &SHARE),
            newly_qualified_share: figure("newly_qualified_share", &given.newly_qualified_share, 0.0, &SHARE),
            newly_qualified_weeks: figure(
                "newly_qualified_weeks",
                &given.newly_qualified_weeks,
                52.0,
                &WEEKS,
            ),
            newly_qualified_limit: figure("newly_qualified_limit", &given.newly_qualified_limit, 0.7, &SHARE),
            newly_qualified_hours: figure("newly_qualified_hours", &given.newly_qualified_hours, 0.9, &SHARE),
            takeover_hours: figure("takeover_hours", &given.takeover_hours, 4.0, &HOURS),
            cover: figure("cover", &given.cover, 0.3, &SHARE),
            time_to_hire: self.time_to_hire(&path.key("time_to_hire"), given.time_to_hire.as_ref()),
            managers: given.managers.as_ref().map(|given| self.managers(&path.key("managers"), given)),
        }
    }

    fn time_to_hire(&mut self, path: &Path, given: Option<&RawDuration>) -> Duration {
        let Some(given) = given else {
            let (mean, shape) = TIME_TO_HIRE;
            let mean = self.number(&path.key("mean"), None, mean, &POSITIVE_DAYS);
            let shape = self.number(&path.key("shape"), None, shape, &POSITIVE_DAYS);
            return Duration::Scaled(TimeUnit::Weeks.days(), Box::new(Duration::Gamma { mean, shape }));
        };
        let faults = self.faults.len();
        let duration = self.duration(path, given, TimeUnit::Days);
        // A duration that is faulty is no time at all as well, and has been told.
        if matches!(duration, Duration::Zero) && self.faults.len() == faults && !self.is_touched(path) {
            let help = "give a time over 0; leavers = 0 leaves every post filled";
            self.fault(path, words("filling a vacancy takes some time", help));
        }
        duration
    }

    fn managers(&mut self, path: &Path, given: &ManagersFile) -> Managers {
        Managers {
            span: self.number(&path.key("span"), given.span.as_ref(), 6.0, &SPAN),
            deputy: given.deputy.unwrap_or(false),
            deputy_hours_share: self.number(
                &path.key("deputy_hours_share"),
                given.deputy_hours_share.as_ref(),
                0.5,
                &SHARE,
            ),
        }
    }
}
