//! Working hours and working days, by walking through a small calendar of its own.

/// Days counted from a Monday, of which some are bank holidays.
#[derive(Clone, Copy, Debug)]
pub struct SmallCalendar(pub &'static [i64]);

impl SmallCalendar {
    /// Monday to Friday, and no bank holiday.
    pub fn is_working(self, day: i64) -> bool {
        day.rem_euclid(7) < 5 && !self.0.contains(&day)
    }

    /// Working days between two moments, parts of days included.
    pub fn working_days(self, from: f64, to: f64) -> f64 {
        let (first, last) = (from.floor() as i64, to.floor() as i64);
        (first..=last)
            .filter(|&day| self.is_working(day))
            .map(|day| (to.min(day as f64 + 1.0) - from.max(day as f64)).max(0.0))
            .sum()
    }

    /// When somebody who works from hour `open` to hour `close` of working days next can begin, and
    /// when `hours` of work begun then are done.
    pub fn begin_and_finish(self, at: f64, (open, close): (f64, f64), hours: f64) -> (f64, f64) {
        let (mut left, mut begin) = (hours / 24.0, None);
        let mut day = at.floor() as i64;
        loop {
            let (from, to) = (at.max(day as f64 + open / 24.0), day as f64 + close / 24.0);
            if self.is_working(day) && from < to {
                let started = *begin.get_or_insert(from);
                if left <= to - from {
                    return (started, from + left);
                }
                left -= to - from;
            }
            day += 1;
        }
    }
}

/// Means over moments spread evenly from 0 to `end`, `steps` a day.
pub fn moments(end: f64, steps: f64) -> impl Iterator<Item = f64> {
    let count = (end * steps).round() as usize;
    (0..count).map(move |step| (step as f64 + 0.5) / steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EASTER: SmallCalendar = SmallCalendar(&[4, 7]);

    #[test]
    fn a_long_weekend_does_not_count() {
        // From Thursday noon to Tuesday noon with Good Friday and Easter Monday: two halves.
        assert!((EASTER.working_days(3.5, 8.5) - 1.0).abs() < 1e-12);
        assert!((EASTER.working_days(0.25, 0.5) - 0.25).abs() < 1e-12);
    }

    #[test]
    fn work_goes_on_the_next_working_day() {
        // Ten hours begun on Thursday at 15:00 with a day from 9 to 17: two hours, then eight on Tuesday.
        let (begin, finish) = EASTER.begin_and_finish(3.0 + 15.0 / 24.0, (9.0, 17.0), 10.0);
        assert_eq!(begin, 3.0 + 15.0 / 24.0);
        assert!((finish - (8.0 + 17.0 / 24.0)).abs() < 1e-9);
        let (begin, finish) = EASTER.begin_and_finish(4.2, (9.0, 17.0), 1.0);
        assert!((begin - (8.0 + 9.0 / 24.0)).abs() < 1e-12 && (finish - (8.0 + 10.0 / 24.0)).abs() < 1e-12);
    }
}
