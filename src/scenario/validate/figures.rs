//! Single figures: within their range, with ranges in order, and entered in the register.

use super::super::faults::words;
use super::super::model::{Basis, NO_FIGURE, Parameter, Quantity, RangeShape};
use super::super::number::RawNumber;
use super::super::tree::Path;
use super::{Context, NOTHING};

/// Source of figures that the scenario does not give.
const DEFAULT_SOURCE: &str = "caseflow default";

/// The values a figure may take.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    least: f64,
    most: f64,
    /// Whether `least` itself is allowed.
    least_allowed: bool,
    /// Whether `most` itself is allowed.
    most_allowed: bool,
    /// What is wanted, for the reader.
    wanted: &'static str,
}

impl Limits {
    /// From `least` to `most`, both allowed.
    pub const fn between(least: f64, most: f64, wanted: &'static str) -> Self {
        Limits { least, most, least_allowed: true, most_allowed: true, wanted }
    }

    /// Over `least`, up to `most`.
    pub const fn over(least: f64, most: f64, wanted: &'static str) -> Self {
        Limits { least, most, least_allowed: false, most_allowed: true, wanted }
    }

    /// Over `least`, under `most`.
    pub const fn inside(least: f64, most: f64, wanted: &'static str) -> Self {
        Limits { least, most, least_allowed: false, most_allowed: false, wanted }
    }

    /// What is wanted, for the reader.
    pub fn wanted(&self) -> &'static str {
        self.wanted
    }

    /// Whether a value lies within the limits.
    pub fn allow(&self, value: f64) -> bool {
        (value > self.least || self.least_allowed && value == self.least)
            && (value < self.most || self.most_allowed && value == self.most)
    }
}

/// A share of families, hours or need.
pub(super) const SHARE: Limits = Limits::between(0.0, 1.0, "a share lies from 0 to 1 (0.25 is a quarter)");
/// A share that may not be nothing.
pub(super) const POSITIVE_SHARE: Limits = Limits::over(0.0, 1.0, "a share over 0 and at most 1");
/// Full-time equivalents.
pub(super) const FTE: Limits =
    Limits::between(0.0, 100_000.0, "full-time equivalents: 0 or more, at most 100,000");
/// Days of waiting or delay.
pub(super) const DAYS: Limits = Limits::between(0.0, 36_525.0, "days: 0 or more, at most 100 years");
/// Days that may not be none.
pub(super) const POSITIVE_DAYS: Limits = Limits::over(0.0, 36_525.0, "days: over 0, at most 100 years");
/// Hours at one time.
pub(super) const HOURS: Limits = Limits::between(0.0, 1000.0, "hours: 0 or more, at most 1000");
/// Hours a week.
pub(super) const WEEKLY_HOURS: Limits = Limits::between(0.0, 168.0, "hours a week: 0 or more, at most 168");
/// Multipliers.
pub(super) const FACTOR: Limits =
    Limits::between(0.0, 1000.0, "a factor: 0 or more, at most 1000; 1 changes nothing");
/// Multipliers that may not be 0.
pub(super) const POSITIVE_FACTOR: Limits =
    Limits::over(0.0, 1000.0, "a factor over 0, at most 1000; 1 changes nothing");
/// Growth a year.
pub(super) const GROWTH: Limits =
    Limits::inside(-0.9, 1.0, "a share a year, over -0.9 and under 1 (0.02 is two per cent more each year)");

impl Context<'_> {
    /// A figure that has a default.
    pub(super) fn number(
        &mut self,
        path: &Path,
        raw: Option<&RawNumber>,
        usual: f64,
        limits: &Limits,
    ) -> Quantity {
        if let Some(raw) = raw {
            return self.given(path, raw, limits);
        }
        self.limits.insert(path.to_string(), *limits);
        self.register(Parameter {
            path: path.to_string(),
            value: usual,
            low: None,
            high: None,
            shape: RangeShape::Pert,
            basis: Some(Basis::Judgement),
            source: DEFAULT_SOURCE.to_owned(),
        })
    }

    /// A figure that the scenario has to give.
    pub(super) fn required(&mut self, path: &Path, raw: Option<&RawNumber>, limits: &Limits) -> Quantity {
        match raw {
            Some(raw) => self.given(path, raw, limits),
            None => {
                let key = path.0.last().map_or("", String::as_str);
                self.fault(path, words(format!("`{key}` is missing"), limits.wanted));
                NOTHING
            }
        }
    }

    /// A figure without meaning where it would stand; the model's types want one.
    pub(super) fn unused(&mut self) -> Quantity {
        self.register(Parameter {
            path: NO_FIGURE.to_owned(),
            value: 0.0,
            low: None,
            high: None,
            shape: RangeShape::Pert,
            basis: None,
            source: "stands where no figure is needed".to_owned(),
        })
    }

    fn given(&mut self, path: &Path, raw: &RawNumber, limits: &Limits) -> Quantity {
        self.limits.insert(path.to_string(), *limits);
        let given = &raw.described;
        let Some(value) = given.value else {
            self.fault(
                path,
                words("a described number needs its `value`", "{ value = 0.39, low = 0.33, high = 0.45 }"),
            );
            return NOTHING;
        };
        let sound =
            self.within(&if raw.plain { path.clone() } else { path.key("value") }, path, value, limits);
        let mut range = None;
        match (given.low, given.high) {
            (Some(low), Some(high)) => {
                // Both are looked at, so that both faults are told.
                let low_sound = self.within(&path.key("low"), path, low, limits);
                let high_sound = self.within(&path.key("high"), path, high, limits);
                if low_sound && high_sound && sound && self.in_order(path, low, value, high) {
                    range = Some((low, high));
                }
            }
            (None, None) => {
                if given.shape.is_some() {
                    let words = words(
                        "`shape` says how a range is read, but there is none",
                        "give `low` and `high` too",
                    );
                    self.fault_at_key(&path.key("shape"), words);
                }
            }
            _ if self.is_touched(path) => {}
            (low, _) => {
                let (has, lacks) = if low.is_some() { ("low", "high") } else { ("high", "low") };
                let message = format!("there is a `{has}` but no `{lacks}`");
                self.fault_at_key(&path.key(has), words(message, "give both, or neither"));
            }
        }
        if !sound {
            return NOTHING;
        }
        let shape = given.shape.unwrap_or_default();
        if let (Some((low, _)), RangeShape::Lognormal) = (range, shape) {
            self.check_lognormal(path, low, limits);
        }
        self.register(Parameter {
            path: path.to_string(),
            value,
            low: range.map(|(low, _)| low),
            high: range.map(|(_, high)| high),
            shape,
            basis: given.basis,
            source: given.source.clone().unwrap_or_default(),
        })
    }

    fn check_lognormal(&mut self, path: &Path, low: f64, limits: &Limits) {
        if low <= 0.0 {
            let words =
                words("a lognormal range lies wholly above 0", "raise `low`, or use shape = \"pert\"");
            self.fault(&path.key("low"), words);
        } else if limits.most <= 1.0 {
            let words = words(
                "a lognormal range has no upper end, so this share could come out over 1",
                "use shape = \"pert\"",
            );
            self.fault(&path.key("shape"), words);
        }
    }

    fn in_order(&mut self, path: &Path, low: f64, value: f64, high: f64) -> bool {
        if low <= value && value <= high {
            return true;
        }
        let message = format!("low {low}, value {value} and high {high} are not in order");
        self.fault(&path.key("low"), words(message, "low ≤ value ≤ high"));
        false
    }

    /// Whether a value is a number within its limits; if not, a fault says so.
    pub(super) fn within(&mut self, path: &Path, of: &Path, value: f64, limits: &Limits) -> bool {
        let key = of.0.last().map_or("", String::as_str);
        if !value.is_finite() {
            self.fault(
                path,
                words(format!("{value} is not a number that anything can be counted by"), limits.wanted),
            );
            return false;
        }
        let sound = limits.allow(value);
        if !sound {
            self.fault(path, words(format!("{value} is out of range for `{key}`"), limits.wanted));
        }
        sound
    }

    /// A plain figure, which is not drawn.
    pub(super) fn plain(&mut self, path: &Path, given: Option<f64>, usual: f64, limits: &Limits) -> f64 {
        match given {
            Some(value) if self.within(path, path, value, limits) => value,
            _ => usual,
        }
    }

    /// A whole number from `least` to `most`.
    pub(super) fn whole(
        &mut self,
        path: &Path,
        given: Option<i64>,
        usual: i64,
        least: i64,
        most: i64,
    ) -> i64 {
        match given {
            Some(value) if (least..=most).contains(&value) => value,
            Some(value) => {
                let key = path.0.last().map_or("", String::as_str);
                let help = format!("a whole number from {least} to {most}");
                self.fault(path, words(format!("{value} is out of range for `{key}`"), help));
                usual
            }
            None => usual,
        }
    }

    /// A threshold of a promise: it may have a basis and a source, but no range.
    pub(super) fn threshold(&mut self, path: &Path, raw: &RawNumber, limits: &Limits) -> f64 {
        let given = &raw.described;
        if given.low.is_some() || given.high.is_some() {
            let key = if given.low.is_some() { "low" } else { "high" };
            let words = words("a promise is certain and has no range", "give one value");
            self.fault_at_key(&path.key(key), words);
            return 0.0;
        }
        self.given(path, raw, limits);
        given.value.unwrap_or(0.0)
    }

    /// Relative weights: finite, none negative, not all 0. Returns them brought to mean 1.
    pub(super) fn weights(&mut self, path: &Path, weights: &[f64]) -> Vec<f64> {
        for (index, weight) in weights.iter().enumerate() {
            let path = path.item(index);
            let limits = Limits::between(0.0, 1e9, "a relative weight: 0 or more");
            if !self.within(&path, &path, *weight, &limits) {
                return vec![1.0; weights.len()];
            }
        }
        let sum: f64 = weights.iter().sum();
        if sum <= 0.0 {
            self.fault(path, words("the weights are all 0", "at least one has to be over 0"));
            return vec![1.0; weights.len()];
        }
        let mean = sum / weights.len() as f64;
        weights.iter().map(|weight| weight / mean).collect()
    }

    fn register(&mut self, parameter: Parameter) -> Quantity {
        let next = self.order.len() as u32;
        let index = *self.order.entry(parameter.path.clone()).or_insert(next);
        self.parameters.insert(parameter.path.clone(), parameter);
        Quantity(index)
    }
}
