//! The shape of the year, as known at an origin.
//!
//! Consumes England's months before an origin; produces the expected log of referrals a working day relative to
//! the year's mean, for any month, and how far single months of England depart from it. Years ending March
//! 2020 and 2021 are left out. Invariant: nothing from the origin on is looked at.

use ndarray::{Array1, Array2};

use crate::authority::months::Month;

/// What schools see while closed to most pupils: referrals from them 76% below usual in late May 2020 (DfE
/// Vulnerable children and young people survey).
pub const SEEN_WHILE_CLOSED: f64 = 0.24;

/// The year's shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// By month of the year, log relative to the year's mean.
    pub effects: [f64; 12],
    /// Change of the log for a month wholly in school holidays beyond its usual share of them: Easter moves
    /// between March and April.
    pub holidays: f64,
    /// Mean share of holidays by month of the year, in the years looked at.
    pub usual_holidays: [f64; 12],
    /// Standard deviation of England's months about it, log scale.
    pub spread: f64,
}

/// Without closures of schools.
pub fn is_ordinary(month: &Month) -> bool {
    !matches!(month.year_ending(), 2020 | 2021)
}

impl Shape {
    /// The shape in the months before an origin: least squares of the log of referrals a working day on year,
    /// month and holidays.
    ///
    /// With less than one whole ordinary year before the origin there is no shape: all months are alike.
    pub fn before(calendar: &[Month], england: &[Option<f64>], origin: usize) -> Self {
        let months: Vec<(&Month, f64)> = calendar
            .iter()
            .zip(england)
            .take(origin)
            .filter(|(month, _)| is_ordinary(month))
            .filter_map(|(month, count)| Some((month, libm::log((*count)? / month.working_days))))
            .collect();
        let mut years: Vec<i16> = months.iter().map(|(month, _)| month.year_ending()).collect();
        years.dedup();
        years.retain(|year| months.iter().filter(|(month, _)| month.year_ending() == *year).count() == 12);
        let whole: Vec<&(&Month, f64)> =
            months.iter().filter(|(month, _)| years.contains(&month.year_ending())).collect();
        if years.is_empty() {
            return Self { effects: [0.0; 12], holidays: 0.0, usual_holidays: [0.0; 12], spread: 0.05 };
        }
        let count = years.len() as f64;
        let mut usual_holidays = [0.0; 12];
        let mut effects = [0.0; 12];
        for year in &years {
            let own: Vec<&&(&Month, f64)> =
                whole.iter().filter(|(month, _)| month.year_ending() == *year).collect();
            let mean = own.iter().map(|(_, log)| log).sum::<f64>() / 12.0;
            for (month, log) in own {
                effects[month.of_year()] += (log - mean) / count;
                usual_holidays[month.of_year()] += month.holidays / count;
            }
        }
        // What remains beside year and month, on what the holidays depart from the usual.
        let residual = |month: &Month, log: f64| {
            let own = whole.iter().filter(|(other, _)| other.year_ending() == month.year_ending());
            let mean = own.map(|(_, log)| log).sum::<f64>() / 12.0;
            log - mean - effects[month.of_year()]
        };
        let design = Array1::from_iter(
            whole.iter().map(|(month, _)| month.holidays - usual_holidays[month.of_year()]),
        );
        let left = Array1::from_iter(whole.iter().map(|(month, log)| residual(month, *log)));
        let weight = design.dot(&design);
        let holidays = if weight > 0.01 { design.dot(&left) / weight } else { 0.0 };
        let rest = &left - &(&design * holidays);
        // Twelve months lose a degree of freedom to the year, the years one for each month.
        let freedom = (whole.len() as f64 - 11.0 - count).max(1.0);
        let spread = if years.len() > 1 { (rest.dot(&rest) / freedom).sqrt() } else { 0.05 };
        Self { effects, holidays, usual_holidays, spread }
    }

    /// Log of the factor of each month beside its working days; `schools` is the share of referrals that comes
    /// from schools, by which closures lower the total. With `closures` false schools are taken to be open.
    pub fn logs(&self, calendar: &[Month], schools: f64, closures: bool) -> Vec<f64> {
        let closed = |month: &Month| {
            let lost = schools * (1.0 - SEEN_WHILE_CLOSED) * month.closures;
            if closures { libm::log(1.0 - lost.min(0.95)) } else { 0.0 }
        };
        let of = |month: &Month| {
            let at = month.of_year();
            self.effects[at] + self.holidays * (month.holidays - self.usual_holidays[at]) + closed(month)
        };
        calendar.iter().map(of).collect()
    }
}

/// The shapes known at each origin, one a year: re-estimated each April, when a year has become whole.
pub fn by_year(calendar: &[Month], england: &[Option<f64>]) -> Vec<Shape> {
    let years = calendar.len().div_ceil(12) + 1;
    (0..years).map(|year| Shape::before(calendar, england, year * 12)).collect()
}

/// Logs of several authorities: authority × month.
pub fn table(rows: Vec<Vec<f64>>) -> Array2<f64> {
    let columns = rows.first().map_or(0, Vec::len);
    let count = rows.len();
    Array2::from_shape_vec((count, columns), rows.concat())
        .unwrap_or_else(|_| Array2::zeros((count, columns)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::months::Months;

    #[test]
    fn a_shape_that_was_put_in_comes_out() {
        let months = Months::read().expect("months");
        let truth = Shape::before(&months.calendar, &months.england.referrals, 84);
        let logs = truth.logs(&months.calendar, 0.0, false);
        let made: Vec<Option<f64>> = months
            .calendar
            .iter()
            .zip(&logs)
            .enumerate()
            .map(|(index, (month, log))| {
                let level = 7.0 + 0.1 * (index / 12) as f64;
                Some(libm::exp(level + log) * month.working_days)
            })
            .collect();
        let found = Shape::before(&months.calendar, &made, 84);
        for month in 0..12 {
            assert!((found.effects[month] - truth.effects[month]).abs() < 1e-3, "{month}");
        }
        assert!(found.spread < 0.005 && (found.holidays - truth.holidays).abs() < 0.02, "{found:?}");
    }

    #[test]
    fn a_shape_does_not_look_past_its_origin() {
        let months = Months::read().expect("months");
        let mut changed = months.england.referrals.clone();
        for count in changed.iter_mut().skip(60) {
            *count = Some(1.0);
        }
        let of = |series: &[Option<f64>]| Shape::before(&months.calendar, series, 60);
        assert_eq!(of(&months.england.referrals), of(&changed));
    }

    #[test]
    fn august_is_low_and_closures_lower_months_by_what_schools_refer() {
        let months = Months::read().expect("months");
        let shape = Shape::before(&months.calendar, &months.england.referrals, 84);
        assert!(shape.effects[7] < -0.1 && shape.effects[4] > 0.0, "{:?}", shape.effects);
        let (with, without) =
            (shape.logs(&months.calendar, 0.2, true), shape.logs(&months.calendar, 0.2, false));
        // May 2020: closed but for half-term.
        let (may, closed) = (97, months.calendar[97].closures);
        let expected = libm::log(1.0 - 0.2 * 0.76 * closed);
        assert!((with[may] - without[may] - expected).abs() < 1e-12 && closed > 0.7);
    }
}
