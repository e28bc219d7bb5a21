//! When the run begins and ends, and where dates lie in it.

use jiff::civil::{Date, Weekday};

use super::super::faults::words;
use super::super::file::ScenarioFile;
use super::super::number::RawDate;
use super::super::tree::Path;
use super::Context;

/// Longest run, in weeks, warm-up or horizon: twenty years.
const MOST_WEEKS: i64 = 1043;

/// The run's days.
pub(super) struct Timeline {
    /// First reported day.
    pub start: Date,
    /// Weeks before it.
    pub warm_up_weeks: u32,
    /// Weeks reported.
    pub horizon_weeks: u32,
    /// First day simulated.
    pub first_day: Date,
    /// Whether `start` and the weeks are sound, so that other dates may be held against them.
    pub known: bool,
}

impl Timeline {
    /// Days from the run's first day to a date.
    pub fn day(&self, date: Date) -> i64 {
        (date - self.first_day).get_days().into()
    }

    /// Days simulated.
    pub fn days(&self) -> i64 {
        7 * (i64::from(self.warm_up_weeks) + i64::from(self.horizon_weeks))
    }

    /// The day after the last.
    pub fn end(&self) -> Date {
        self.first_day.saturating_add(jiff::Span::new().days(self.days()))
    }
}

impl Context<'_> {
    /// Reads `start`, `warm_up_weeks` and `horizon_weeks`.
    pub(super) fn timeline(&mut self, file: &ScenarioFile) -> Timeline {
        let faults = self.faults.len();
        let start = self.start(file.start);
        let horizon_path = Path::of(&["horizon_weeks"]);
        if file.horizon_weeks.is_none() {
            self.fault(
                &horizon_path,
                words("`horizon_weeks` is missing", "say how many weeks to report, such as 104"),
            );
        }
        let horizon = self.whole(&horizon_path, file.horizon_weeks, 52, 1, MOST_WEEKS);
        let warm_up_path = Path::of(&["warm_up_weeks"]);
        let has_initial = !file.initial.is_empty();
        let usual = if has_initial { 0 } else { 52 };
        let warm_up = self.whole(&warm_up_path, file.warm_up_weeks, usual, 0, MOST_WEEKS);
        if has_initial && warm_up > 0 {
            self.fault(
                &warm_up_path,
                words(
                    "the starting state comes either from a warm-up or from [initial], and both are given",
                    "set warm_up_weeks = 0, or take [initial] away",
                ),
            );
        }
        let touched =
            ["start", "horizon_weeks", "warm_up_weeks"].iter().any(|key| self.is_touched(&Path::of(&[key])));
        Timeline {
            start,
            warm_up_weeks: warm_up as u32,
            horizon_weeks: horizon as u32,
            first_day: start.saturating_sub(jiff::Span::new().weeks(warm_up)),
            known: self.faults.len() == faults && !touched,
        }
    }

    fn start(&mut self, given: Option<RawDate>) -> Date {
        let path = Path::of(&["start"]);
        let stand_in = Date::constant(2020, 1, 6);
        let Some(RawDate(start)) = given else {
            self.fault(
                &path,
                words("`start` is missing", "give the first reported day, a Monday: start = 2026-04-06"),
            );
            return stand_in;
        };
        if !(1990..=2100).contains(&start.year()) {
            let message = format!("{start} is too far away");
            self.fault(&path, words(message, "the calendar knows the years 1990 to 2100"));
            return stand_in;
        }
        if start.weekday() != Weekday::Monday {
            let back = i64::from(start.weekday().to_monday_zero_offset());
            let monday = start.saturating_sub(jiff::Span::new().days(back));
            let message = format!("{start} is a {:?}; weeks begin on Monday", start.weekday());
            self.fault(&path, words(message, format!("the Monday before is {monday}")));
        }
        start
    }

    /// A period of dates as days of the run, checked to be in order and to touch the run.
    pub(super) fn period(
        &mut self,
        path: &Path,
        from: Option<RawDate>,
        to: Option<RawDate>,
        timeline: &Timeline,
    ) -> (i64, i64) {
        let from_day = from.map_or(i64::MIN, |date| timeline.day(date.0));
        let to_day = to.map_or(i64::MAX, |date| timeline.day(date.0));
        if from_day >= to_day {
            let words =
                words("this ends before it begins", "`to` is the first day after it, later than `from`");
            self.fault(&path.key("to"), words);
        } else if timeline.known && (from_day >= timeline.days() || to_day <= 0) {
            let key = if to_day <= 0 { "to" } else { "from" };
            let last = timeline.end().saturating_sub(jiff::Span::new().days(1));
            let help = format!("the run, with its warm-up, lasts from {} to {last}", timeline.first_day);
            self.fault(&path.key(key), words("this lies wholly outside the run", help));
        }
        (from_day, to_day)
    }
}
