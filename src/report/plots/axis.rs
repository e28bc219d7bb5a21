//! Scales and ticks: round numbers upwards, real dates along.
//!
//! Consumes ranges; produces positions and labels. **Invariant:** every value given to
//! [`ValueAxis::over`] lies between the axis's ends.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::report::number;

/// An axis of values with ticks at round numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ValueAxis {
    /// Lowest tick.
    pub from: f64,
    /// Highest tick.
    pub to: f64,
    /// Distance between ticks.
    pub step: f64,
}

impl ValueAxis {
    /// An axis that holds all values from `low` to `high`, with four or five ticks.
    ///
    /// It begins at 0, unless that would leave more than half of it empty.
    pub fn over(low: f64, high: f64) -> Self {
        let high = if high > 0.0 && high.is_finite() { high } else { 1.0 };
        let low = if low.is_finite() { low.min(high) } else { 0.0 };
        let base = if low >= 0.6 * high && high - low > 0.0 { low } else { low.min(0.0) };
        let step = round_step((high - base) / 4.0);
        Self { from: (base / step).floor() * step, to: (high / step).ceil() * step, step }
    }

    /// An axis that holds both ends and little more, wherever nothing lies.
    pub fn between(low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        let step = round_step((high - low) / 6.0);
        Self { from: (low / step).floor() * step, to: (high / step).ceil() * step, step }
    }

    /// The ticks with their labels, lowest first.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let count = ((self.to - self.from) / self.step).round() as i32;
        (0..=count)
            .map(|tick| {
                let value = self.from + f64::from(tick) * self.step;
                let value = if value.abs() < self.step / 1e6 { 0.0 } else { value };
                (value, number::tick(value))
            })
            .collect()
    }
}

/// The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `least`.
fn round_step(least: f64) -> f64 {
    let power = number::power_of_ten_within(least);
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    // A hair of tolerance, or 0.30000000000000004 / 0.1 would need the next step.
    let fits = |&step: &f64| step * power >= least * (1.0 - 1e-9);
    steps.into_iter().find(fits).unwrap_or(10.0) * power
}

/// Ticks of a time axis: positions in weeks from `start`, with labels at least `apart` weeks apart.
pub(super) fn dates(start: Date, weeks: usize, apart: f64) -> Vec<(f64, String)> {
    const WEEKS_A_MONTH: f64 = 365.25 / 12.0 / 7.0;
    if (weeks as f64) < 3.0 * WEEKS_A_MONTH {
        let step = (apart.ceil() as usize).max(1);
        return (0..weeks)
            .step_by(step)
            .map(|week| {
                let day = start.saturating_add((week as i64).weeks());
                (week as f64, format!("{} {}", day.day(), month(day)))
            })
            .collect();
    }
    let months = [1, 3, 6, 12, 24, 60, 120]
        .into_iter()
        .find(|&months| f64::from(months) * WEEKS_A_MONTH >= apart)
        .unwrap_or(240);
    let last = start.saturating_add((weeks as i64).weeks());
    let first_month = i32::from(start.year()) * 12 + i32::from(start.month()) - 1;
    let last_month = i32::from(last.year()) * 12 + i32::from(last.month()) - 1;
    (first_month..=last_month)
        .filter(|number| number % months == 0)
        .filter_map(|number| Date::new((number / 12) as i16, (number % 12 + 1) as i8, 1).ok())
        .filter(|day| (start..=last).contains(day))
        .map(|day| {
            let label =
                if months < 12 { format!("{} {}", month(day), day.year()) } else { day.year().to_string() };
            (days(start, day) / 7.0, label)
        })
        .collect()
}

/// Days from one date to another.
pub(super) fn days(from: Date, to: Date) -> f64 {
    from.until(to).map_or(0.0, |span| f64::from(span.get_days()))
}

/// Short name of a date's month.
fn month(day: Date) -> &'static str {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    MONTHS[(day.month() - 1) as usize]
}

/// A date in words, such as `2 September 2019`.
pub(crate) fn in_words(day: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    format!("{} {} {}", day.day(), MONTHS[(day.month() - 1) as usize], day.year())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn labels(ticks: &[(f64, String)]) -> Vec<&str> {
        ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(labels(&ValueAxis::over(3.0, 41.0).ticks()), ["0", "20", "40", "60"]);
        assert_eq!(labels(&ValueAxis::over(0.0, 4_000.0).ticks()), ["0", "1,000", "2,000", "3,000", "4,000"]);
        assert_eq!(labels(&ValueAxis::over(0.0, 0.9).ticks()), ["0", "0.25", "0.5", "0.75", "1"]);
        assert_eq!(labels(&ValueAxis::over(0.0, 0.0).ticks()), ["0", "0.25", "0.5", "0.75", "1"]);
    }

    #[test]
    fn an_axis_leaves_out_what_would_be_empty() {
        let axis = ValueAxis::over(310.0, 390.0);
        assert_eq!((axis.from, axis.to, axis.step), (300.0, 400.0, 20.0));
        assert_eq!(ValueAxis::over(100.0, 390.0).from, 0.0);
        assert_eq!(ValueAxis::over(5.0, 5.0).from, 0.0, "a constant is shown from zero");
    }

    #[test]
    fn dates_are_real_and_spaced() {
        let start = date(2019, 9, 2);
        let quarters = dates(start, 156, 9.0);
        assert_eq!(quarters.first(), Some(&(29.0 / 7.0, "Oct 2019".to_owned())));
        assert_eq!(quarters.last().map(|(_, label)| label.as_str()), Some("Jul 2022"));
        assert_eq!(quarters.len(), 12);
        assert_eq!(labels(&dates(start, 8, 2.0)), ["2 Sep", "16 Sep", "30 Sep", "14 Oct"]);
        assert_eq!(labels(&dates(start, 300, 40.0)), ["2020", "2021", "2022", "2023", "2024", "2025"]);
    }

    proptest! {
        #[test]
        fn every_value_is_on_the_axis(low in 0.0f64..1e6, spread in 0.0f64..1e6) {
            let axis = ValueAxis::over(low, low + spread);
            prop_assert!(axis.from <= low + 1e-6 && axis.to >= (low + spread) * (1.0 - 1e-9));
            let ticks = axis.ticks();
            prop_assert!((2..=8).contains(&ticks.len()), "{ticks:?}");
        }

        #[test]
        fn labels_never_come_closer_than_asked(weeks in 1usize..1500, apart in 1.0f64..60.0) {
            let ticks = dates(date(2019, 9, 2), weeks, apart);
            for pair in ticks.windows(2) {
                // Months differ in length: February is two days and a half short of the mean.
                prop_assert!(pair[1].0 - pair[0].0 >= apart * 0.9 || weeks < 1);
            }
        }
    }
}
