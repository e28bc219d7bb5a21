//! Durations: the figures that a distribution needs, and no others.

use super::super::faults::words;
use super::super::model::{Duration, Quantity};
use super::super::number::{
    DescribedNumber, DistributionName, DurationTable, NumberOrRangeShape, RawDuration, RawNumber, TimeUnit,
};
use super::super::tree::Path;
use super::figures::{Limits, POSITIVE_SHARE};
use super::{Context, NOTHING};

/// The longest duration in days: a hundred years.
const LONGEST_DAYS: f64 = 36_525.0;

const CV: Limits =
    Limits::over(0.0, 10.0, "a coefficient of variation over 0, at most 10; use \"fixed\" for no spread");
const SHAPE: Limits = Limits::between(0.05, 1000.0, "a shape from 0.05 to 1000; 1 is exponential");

impl Context<'_> {
    /// A duration in days; a bare number and a table without `unit` are in `unit`.
    pub(super) fn duration(&mut self, path: &Path, raw: &RawDuration, unit: TimeUnit) -> Duration {
        match raw {
            RawDuration::Plain(value) if *value == 0.0 => Duration::Zero,
            RawDuration::Plain(value) => {
                let number = RawNumber::plain(*value);
                let value = self.required(path, Some(&number), &length(unit, true));
                scaled(unit, Duration::Fixed(value))
            }
            RawDuration::Table(table) => self.distribution(path, table, table.unit.unwrap_or(unit)),
        }
    }

    fn distribution(&mut self, path: &Path, table: &DurationTable, unit: TimeUnit) -> Duration {
        let Some(name) = table.distribution.or(table.value.is_some().then_some(DistributionName::Fixed))
        else {
            // A distribution that is there but faulty has been reported.
            if !self.is_touched(path) {
                let help = "for example distribution = \"lognormal\" with mean and cv; or \"fixed\", \"exponential\", \"gamma\", \"erlang\", \"weibull\", \"bands\", \"mixture\"";
                self.fault(path, words("nothing says how this duration is distributed", help));
            }
            return Duration::Zero;
        };
        self.check_belongings(path, table, name);
        let mean_limits = length(unit, false);
        match name {
            DistributionName::Fixed => self.fixed(path, table, unit),
            DistributionName::Exponential => {
                let mean = self.required(&path.key("mean"), table.mean.as_ref(), &mean_limits);
                scaled(unit, Duration::Exponential(mean))
            }
            DistributionName::Gamma => {
                let mean = self.required(&path.key("mean"), table.mean.as_ref(), &mean_limits);
                let shape = self.shape(path, table);
                scaled(unit, Duration::Gamma { mean, shape })
            }
            DistributionName::Erlang => {
                let mean = self.required(&path.key("mean"), table.mean.as_ref(), &mean_limits);
                let key = path.key("stages");
                if table.stages.is_none() {
                    self.fault(
                        &key,
                        words("`stages` is missing", "the number of equal steps, such as stages = 3"),
                    );
                }
                let stages = self.whole(&key, table.stages, 1, 1, 100);
                let shape = self.required(&key, Some(&RawNumber::plain(stages as f64)), &SHAPE);
                scaled(unit, Duration::Gamma { mean, shape })
            }
            DistributionName::Lognormal => {
                let mean = self.required(&path.key("mean"), table.mean.as_ref(), &mean_limits);
                let cv = self.required(&path.key("cv"), table.cv.as_ref(), &CV);
                scaled(unit, Duration::Lognormal { mean, cv })
            }
            DistributionName::Weibull => {
                let mean = self.required(&path.key("mean"), table.mean.as_ref(), &mean_limits);
                let shape = self.shape(path, table);
                scaled(unit, Duration::Weibull { mean, shape })
            }
            DistributionName::Bands => self.bands(path, table, unit),
            DistributionName::Mixture => self.mixture(path, table, unit),
        }
    }

    fn fixed(&mut self, path: &Path, table: &DurationTable, unit: TimeUnit) -> Duration {
        let limits = length(unit, true);
        let has_range = table.low.is_some() || table.high.is_some();
        let value = match &table.value {
            // { value = 20, low = 15, high = 30 }: a described number stands for the duration itself.
            Some(number) if number.plain => {
                let shape = match &table.shape {
                    Some(NumberOrRangeShape::Range(shape)) => Some(*shape),
                    _ => None,
                };
                let described = DescribedNumber {
                    value: number.described.value,
                    low: table.low,
                    high: table.high,
                    shape,
                    basis: table.basis,
                    source: table.source.clone(),
                };
                if described.value == Some(0.0) && !has_range {
                    return Duration::Zero;
                }
                self.required(path, Some(&RawNumber { plain: false, described }), &limits)
            }
            Some(number) => {
                if has_range {
                    let help = "write low and high beside the inner value";
                    self.fault(path, words("the range of this value is said outside it", help));
                }
                self.required(&path.key("value"), Some(number), &limits)
            }
            None => match &table.mean {
                Some(mean) => self.required(&path.key("mean"), Some(mean), &limits),
                None => self.required(&path.key("value"), None, &limits),
            },
        };
        scaled(unit, Duration::Fixed(value))
    }

    fn shape(&mut self, path: &Path, table: &DurationTable) -> Quantity {
        let path = path.key("shape");
        match &table.shape {
            Some(NumberOrRangeShape::Number(number)) => self.required(&path, Some(number), &SHAPE),
            Some(NumberOrRangeShape::Range(_)) => {
                self.fault(
                    &path,
                    words("the shape of this distribution is a number", "for example shape = 2"),
                );
                NOTHING
            }
            None => self.required(&path, None, &SHAPE),
        }
    }

    fn bands(&mut self, path: &Path, table: &DurationTable, unit: TimeUnit) -> Duration {
        let (Some(edges), Some(shares)) = (&table.edges, &table.shares) else {
            let key = if table.edges.is_none() { "edges" } else { "shares" };
            let example = "{ distribution = \"bands\", edges = [0, 15, 30], shares = [0.4, 0.6] }";
            self.fault(&path.key(key), words(format!("`{key}` is missing"), example));
            return Duration::Zero;
        };
        let edge_path = path.key("edges");
        let limits = length(unit, true);
        for (index, edge) in edges.iter().enumerate() {
            let item = edge_path.item(index);
            self.within(&item, &edge_path, *edge, &limits);
            if index > 0 && edges[index - 1] >= *edge {
                let message = format!("{edge} does not lie above {}", edges[index - 1]);
                self.fault(&item, words(message, "the edges of bands rise"));
            }
        }
        if edges.len() != shares.len() + 1 {
            let message = format!(
                "{} edges make {} bands, and there are {} shares",
                edges.len(),
                edges.len().max(1) - 1,
                shares.len()
            );
            self.fault(&path.key("shares"), words(message, "one edge more than shares"));
        }
        let shares = self.shares(&path.key("shares"), shares);
        scaled(unit, Duration::Bands { edges: edges.clone(), shares })
    }

    fn mixture(&mut self, path: &Path, table: &DurationTable, unit: TimeUnit) -> Duration {
        let list = path.key("of");
        let Some(parts) = table.of.as_ref().filter(|parts| !parts.is_empty()) else {
            let example =
                "of = [{ share = 0.3, distribution = \"exponential\", mean = 5 }, { share = 0.7, … }]";
            self.fault(&list, words("a mixture needs its parts", example));
            return Duration::Zero;
        };
        let mut kinds = Vec::new();
        let mut total = Some(0.0);
        for (index, part) in parts.iter().enumerate() {
            let path = list.item(index);
            let share = match part {
                RawDuration::Table(table) => table.share.as_ref(),
                RawDuration::Plain(_) => None,
            };
            total = total.zip(share.and_then(|share| share.described.value)).map(|(sum, share)| sum + share);
            let share = self.required(&path.key("share"), share, &POSITIVE_SHARE);
            kinds.push((share, self.duration(&path, part, unit)));
        }
        if let Some(total) = total {
            self.check_sum(&list, total);
        }
        Duration::Mixture(kinds)
    }

    /// Figures that the distribution has no use for are a slip: the reader would think they count.
    fn check_belongings(&mut self, path: &Path, table: &DurationTable, name: DistributionName) {
        use DistributionName::{Bands, Erlang, Exponential, Fixed, Gamma, Lognormal, Mixture, Weibull};
        let fixed = name == Fixed;
        let described =
            table.low.is_some() || table.high.is_some() || table.basis.is_some() || table.source.is_some();
        for (key, given, belongs) in [
            ("value", table.value.is_some(), fixed),
            (
                "mean",
                table.mean.is_some(),
                fixed && table.value.is_none()
                    || matches!(name, Exponential | Gamma | Erlang | Lognormal | Weibull),
            ),
            ("cv", table.cv.is_some(), name == Lognormal),
            ("shape", table.shape.is_some(), fixed || matches!(name, Gamma | Weibull)),
            ("stages", table.stages.is_some(), name == Erlang),
            ("edges", table.edges.is_some(), name == Bands),
            ("shares", table.shares.is_some(), name == Bands),
            ("of", table.of.is_some(), name == Mixture),
        ] {
            if given && !belongs {
                let message = format!("`{key}` has no meaning for this distribution");
                self.fault_at_key(&path.key(key), words(message, needs(name)));
            }
        }
        if described && !fixed {
            let keys = ["low", "high", "basis", "source"];
            let given =
                [table.low.is_some(), table.high.is_some(), table.basis.is_some(), table.source.is_some()];
            let key = keys.iter().zip(given).find(|(_, given)| *given).map_or("low", |(key, _)| key);
            let help = "describe the figure that it belongs to: mean = { value = 30, low = 20, high = 40 }";
            let message = format!("`{key}` belongs to a number, not to a distribution");
            self.fault_at_key(&path.key(key), words(message, help));
        }
    }
}

fn needs(name: DistributionName) -> &'static str {
    match name {
        DistributionName::Fixed => "a fixed duration has a `value`",
        DistributionName::Exponential => "an exponential duration has a `mean`",
        DistributionName::Gamma => "a gamma duration has `mean` and `shape`",
        DistributionName::Erlang => "an erlang duration has `mean` and `stages`",
        DistributionName::Lognormal => "a lognormal duration has `mean` and `cv`",
        DistributionName::Weibull => "a weibull duration has `mean` and `shape`",
        DistributionName::Bands => "bands have `edges` and `shares`",
        DistributionName::Mixture => "a mixture has `of`",
    }
}

/// Limits of a length of time in a unit.
fn length(unit: TimeUnit, zero: bool) -> Limits {
    let most = LONGEST_DAYS / unit.days();
    if zero {
        Limits::between(0.0, most, "a length of time: 0 or more, at most a hundred years")
    } else {
        Limits::over(0.0, most, "a mean length of time: over 0, at most a hundred years")
    }
}

fn scaled(unit: TimeUnit, duration: Duration) -> Duration {
    if unit == TimeUnit::Days { duration } else { Duration::Scaled(unit.days(), Box::new(duration)) }
}
