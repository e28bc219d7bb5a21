//! What drives demand in every area: trend, noise, shocks, and children in a family.

use super::super::faults::words;
use super::super::file::{ChildrenFile, NoiseFile, ScenarioFile, ShockFile};
use super::super::model::{ChildrenPerFamily, Demand, Noise, Shock};
use super::super::number::RawNumber;
use super::super::tree::Path;
use super::figures::{FACTOR, GROWTH, Limits};
use super::timeline::Timeline;
use super::{Context, NOTHING, display_name};

const CV: Limits = Limits::between(
    0.0,
    5.0,
    "a coefficient of variation: 0 or more, at most 5 (0.15 moves demand by about 15%)",
);
const CORRELATION: Limits = Limits::inside(-1.0, 1.0, "a correlation over -1 and under 1");
const MEAN_CHILDREN: Limits = Limits::over(1.0, 20.0, "children in a family: a mean over 1 and under `max`");
const SPREAD_SHAPE: Limits = Limits::over(0.0, 1000.0, "a shape over 0, at most 1000");
const RAMP: Limits = Limits::between(0.0, 3660.0, "days: 0 or more, at most ten years");

impl Context<'_> {
    pub(super) fn demand(&mut self, file: &ScenarioFile, timeline: &Timeline) -> Demand {
        let path = Path::of(&["demand"]);
        let given = file.demand.clone().unwrap_or_default();
        Demand {
            trend_per_year: self.number(
                &path.key("trend_per_year"),
                given.trend_per_year.as_ref(),
                0.0,
                &GROWTH,
            ),
            year_noise: self.noise(&path.key("year_noise"), given.year_noise),
            month_noise: self.noise(&path.key("month_noise"), given.month_noise),
            area_month_noise: self.noise(&path.key("area_month_noise"), given.area_month_noise),
            shocks: given
                .shocks
                .iter()
                .map(|(id, shock)| self.shock(&path.key("shocks").key(id), id, shock, timeline))
                .collect(),
            children: self.children(&path.key("children"), given.children),
        }
    }

    fn noise(&mut self, path: &Path, given: Option<NoiseFile>) -> Noise {
        let given = given.unwrap_or_default();
        Noise {
            cv: self.number(&path.key("cv"), given.cv.as_ref(), 0.0, &CV),
            correlation: self.number(&path.key("correlation"), given.correlation.as_ref(), 0.0, &CORRELATION),
        }
    }

    fn shock(&mut self, path: &Path, id: &str, given: &ShockFile, timeline: &Timeline) -> Shock {
        if given.from.is_none() {
            self.fault(
                &path.key("from"),
                words("`from` is missing", "give the first day: from = 2020-03-23"),
            );
        }
        let ramp_in_days = self.plain(&path.key("ramp_in_days"), given.ramp_in_days, 0.0, &RAMP);
        let ramp_out_days = self.plain(&path.key("ramp_out_days"), given.ramp_out_days, 0.0, &RAMP);
        let (from_day, to_day) = self.period(path, given.from, given.to, timeline);
        if given.to.is_none() && given.ramp_out_days.is_some() {
            let help = "give `to`, or remove `ramp_out_days`";
            self.fault_at_key(&path.key("ramp_out_days"), words("a lasting shock has no ramp out", help));
        }
        let member = |chosen: Option<Vec<usize>>, count: usize| match chosen {
            Some(chosen) => (0..count).map(|index| chosen.contains(&index)).collect(),
            None => vec![true; count],
        };
        let sources = given.sources.as_ref().map(|names| self.subset(&path.key("sources"), names, false));
        let areas = given.areas.as_ref().map(|names| self.subset(&path.key("areas"), names, true));
        Shock {
            name: display_name(&given.name, id),
            multiplier: self.required(&path.key("multiplier"), given.multiplier.as_ref(), &FACTOR),
            from_day: if given.from.is_none() { 0 } else { from_day },
            to_day,
            ramp_in_days,
            ramp_out_days,
            sources: member(sources, self.names.sources.len()),
            areas: member(areas, self.names.areas.len()),
        }
    }

    fn children(&mut self, path: &Path, given: Option<ChildrenFile>) -> ChildrenPerFamily {
        let given =
            given.unwrap_or(ChildrenFile { shares: Some(vec![RawNumber::plain(1.0)]), ..Default::default() });
        if let Some(shares) = &given.shares {
            if given.mean.is_some() || given.shape.is_some() || given.max.is_some() {
                let help = "give `shares`, or `mean` with `shape` and `max`";
                self.fault(path, words("the number of children is said twice", help));
            }
            if shares.is_empty() || shares.len() > 20 {
                let message = format!("{} shares of families cannot be", shares.len());
                self.fault(
                    &path.key("shares"),
                    words(message, "shares of families with 1, 2, 3, … children, up to 20"),
                );
            }
            return ChildrenPerFamily::Shares(self.shares(&path.key("shares"), shares));
        }
        let max = self.whole(&path.key("max"), given.max, 8, 2, 20);
        let mean = self.required(&path.key("mean"), given.mean.as_ref(), &MEAN_CHILDREN);
        let shape = self.number(&path.key("shape"), given.shape.as_ref(), 2.0, &SPREAD_SHAPE);
        let central = |raw: &Option<RawNumber>| raw.as_ref().and_then(|raw| raw.described.value);
        let greatest = greatest_mean(central(&given.shape).unwrap_or(2.0), max);
        if mean != NOTHING || given.mean.is_some() {
            let wanted = given.mean.as_ref().and_then(|raw| raw.described.high.or(raw.described.value));
            if let Some(wanted) = wanted
                && wanted > 1.0
                && wanted >= greatest
            {
                let message = format!(
                    "a mean of {wanted} children cannot come from this shape with at most {max} children"
                );
                let help =
                    format!("the mean has to be under {greatest:.2}; a larger `max` or `shape` raises that");
                self.fault(&path.key("mean"), words(message, help));
            }
        }
        ChildrenPerFamily::NegativeBinomial { mean, shape, max: max as u8 }
    }
}

/// The mean that a negative binomial of this shape without its zero, cut at `max`, comes near to as
/// it spreads without end: its weights are then proportional to Γ(k + shape) / k!.
fn greatest_mean(shape: f64, max: i64) -> f64 {
    let mut weight = 1.0;
    let (mut sum, mut total) = (0.0, 0.0);
    for k in 1..=max {
        weight *= (shape + (k - 1) as f64) / k as f64;
        sum += weight;
        total += weight * k as f64;
    }
    total / sum
}

#[cfg(test)]
mod tests {
    use super::greatest_mean;

    #[test]
    fn greatest_mean_of_shape_one_is_the_mean_of_equal_weights() {
        // With shape 1 the limit is uniform on 1..=8, whose mean is 4.5.
        assert!((greatest_mean(1.0, 8) - 4.5).abs() < 1e-12);
        // With shape 2 the weights are k + 1: (1·2 + 2·3 + 3·4) / (2 + 3 + 4) = 20/9.
        assert!((greatest_mean(2.0, 3) - 20.0 / 9.0).abs() < 1e-12);
    }
}
