//! How long stages last, in the form in which the base states it.
//!
//! Consumes the stays of a list and the base's duration; produces the figures of that duration. By form:
//! lognormal, gamma, Weibull and exponential by maximum likelihood; bands from the product limit (for enquiries, whose
//! rows end with the conference, what the conference itself takes is taken off); the shares of a mixture by maximum
//! likelihood, its parts as they are; plans that end at reviews by maximum likelihood with the reviews' dates in it.
//! Hazards cut a stay short: those that the stage's hazards took are cases cut off then.
//!
//! **Siblings** move together, and the lists do not say who is whose: variances of children's rows are multiplied by
//! E\[children²\]/E\[children\] of the base's families.

use super::figure::{Figure, Kind, NORMAL_95, log_interval, share_interval};
use super::law::{Family, Law, alike, fit, log_likelihood};
use super::maximise::{Maximum, inverse, maximise};
use super::survival::{ProductLimit, Spell};
use crate::scenario::{Draw, Duration, Review};

/// Ended stays below which a duration stays as it is.
pub const LEAST_ENDED: usize = 20;

/// The fitted curve of a stage, for pictures: share still open at each age.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Ages, days.
    pub ages: Vec<f64>,
    /// Under the figures estimated.
    pub fitted: Vec<f64>,
    /// Under the base's.
    pub base: Vec<f64>,
}

/// What is known of one stage's stays before they are fitted.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'s> {
    /// Beginning of the paths, such as `stages.assessment.duration`.
    pub path: &'s str,
    /// The base's duration.
    pub duration: &'s Duration,
    /// The base's reviews.
    pub review: Option<Review>,
    /// The base's central values.
    pub central: &'s Draw,
    /// Stays as far as they were in view.
    pub spells: &'s [Spell],
    /// How much more rows vary than independent cases.
    pub inflation: f64,
    /// Days that what follows the stage takes before the row ends, evenly likely; empty where it ends with the stage.
    pub after: &'s [f64],
    /// Where the figures come from.
    pub source: &'s str,
}

/// A duration estimated.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimated {
    /// Its figures.
    pub figures: Vec<Figure>,
    /// Its curve.
    pub curve: Fitted,
}

/// Estimates a stage's duration, or says why not.
pub fn estimate(stage: &Stage) -> Result<Estimated, String> {
    let ended = stage.spells.iter().filter(|spell| spell.ended).count();
    if ended < LEAST_ENDED {
        return Err(format!("only {ended} stays ended in view, fewer than {LEAST_ENDED}"));
    }
    if let Some(review) = stage.review {
        return super::reviews::estimate(stage, &review);
    }
    let (scale, inner) = unscaled(stage.duration);
    match inner {
        Duration::Bands { edges, .. } => Ok(bands(stage, scale, edges)),
        Duration::Mixture(parts) => mixture(stage, scale, parts),
        Duration::Zero | Duration::Fixed(_) => Err("the base has a fixed duration".to_owned()),
        Duration::Scaled(..) => Err("the base's duration is in units of units".to_owned()),
        _ => law(stage, scale, inner),
    }
}

/// A duration without its unit, and the days in one.
pub fn unscaled(duration: &Duration) -> (f64, &Duration) {
    match duration {
        Duration::Scaled(scale, inner) => (*scale, inner),
        other => (1.0, other),
    }
}

/// The law that a simple duration states; `None` for other forms.
pub fn law_of(duration: &Duration, central: &Draw, scale: f64) -> Option<(Family, Law)> {
    let (family, mean, second) = match duration {
        Duration::Exponential(mean) => (Family::Exponential, central[*mean], 1.0),
        Duration::Gamma { mean, shape } => (Family::Gamma, central[*mean], central[*shape]),
        Duration::Lognormal { mean, cv } => (Family::Lognormal, central[*mean], central[*cv]),
        Duration::Weibull { mean, shape } => (Family::Weibull, central[*mean], central[*shape]),
        _ => return None,
    };
    Some((family, Law::new(family, mean * scale, second)))
}

/// The path of a simple duration's mean and of its second figure, from the path of the duration.
pub fn paths(path: &str, family: Family) -> [String; 2] {
    let second = if family == Family::Lognormal { "cv" } else { "shape" };
    [format!("{path}.mean"), format!("{path}.{second}")]
}

fn law(stage: &Stage, scale: f64, inner: &Duration) -> Result<Estimated, String> {
    let (family, base) = law_of(inner, stage.central, scale).ok_or("the base's duration has another form")?;
    let (law, found) = fit(family, stage.spells, (base.mean, base.second))
        .ok_or("the stays do not determine a duration of the base's form")?;
    let figures = law_figures(stage, family, scale, (&base, &law), &found, METHOD_LAW);
    let curve = curve(stage.spells, |age| law.open(age), |age| base.open(age));
    Ok(Estimated { figures, curve })
}

const METHOD_LAW: &str = "maximum likelihood, open cases cut off, cases open at the start from then on";

/// Mean and second figure with their intervals.
pub(super) fn law_figures(
    stage: &Stage,
    family: Family,
    scale: f64,
    (base, law): (&Law, &Law),
    found: &Maximum,
    method: &'static str,
) -> Vec<Figure> {
    let error = |index: usize| (found.error_of(|at| at[index]).powi(2) * stage.inflation).sqrt();
    let figure = |index: usize, path: String, base: f64, value: f64| {
        let (low, high) = log_interval(value, error(index), None);
        Figure {
            path,
            kind: Kind::Positive,
            base,
            value,
            low,
            high,
            rows: stage.spells.len(),
            method,
            source: stage.source.to_owned(),
            derived: false,
        }
    };
    let [mean, second] = paths(stage.path, family);
    let mut figures = vec![figure(0, mean, base.mean / scale, law.mean / scale)];
    if family.figures() > 1 {
        figures.push(figure(1, second, base.second, law.second));
    }
    figures
}

/// Shares of bands. Edges are in the base's unit, of `scale` days.
fn bands(stage: &Stage, scale: f64, edges: &[f64]) -> Estimated {
    let limit = ProductLimit::new(stage.spells);
    let edges: Vec<f64> = edges.iter().map(|edge| edge * scale).collect();
    let (shares, errors) = unfolded(stage, &edges, &limit);
    let (_, inner) = unscaled(stage.duration);
    let base: Vec<f64> = match inner {
        Duration::Bands { shares, .. } => shares.iter().map(|share| stage.central[*share]).collect(),
        _ => Vec::new(),
    };
    let effective = limit.ended as f64 / stage.inflation;
    let method = if stage.after.is_empty() {
        "product limit with delayed entry, days read as such"
    } else {
        "shares most likely to give the days seen, what follows taken off"
    };
    let figures = shares
        .iter()
        .enumerate()
        .map(|(band, &value)| {
            // Days near an edge may belong to either band, so that a case tells less than its count.
            let error = errors.get(band).copied().unwrap_or(0.0);
            let worth = if error > 0.0 {
                (value * (1.0 - value) / (error * error)).min(effective)
            } else {
                effective
            };
            let (low, high) = share_interval(value * worth, worth);
            Figure {
                path: format!("{}.shares.{band}", stage.path),
                kind: Kind::Share,
                base: base.get(band).copied().unwrap_or(0.0),
                value,
                low: low.min(value),
                high: high.max(value),
                rows: stage.spells.len(),
                method,
                source: stage.source.to_owned(),
                derived: false,
            }
        })
        .collect();
    let (fitted, base) = (band_curve(&edges, &shares), band_curve(&edges, &base));
    let after = stage.after.iter().sum::<f64>() / stage.after.len().max(1) as f64;
    let curve = curve(stage.spells, |age| fitted(age - after), |age| base(age - after));
    Estimated { figures, curve }
}

/// Share still open by age where cases end evenly within each band.
fn band_curve<'b>(edges: &'b [f64], shares: &'b [f64]) -> impl Fn(f64) -> f64 + 'b {
    move |age| {
        let part = |(share, edge): (&f64, &[f64])| {
            share * ((edge[1] - age) / (edge[1] - edge[0]).max(1e-9)).clamp(0.0, 1.0)
        };
        shares.iter().zip(edges.windows(2)).map(part).sum()
    }
}

/// Places a day within a band at which what follows is added.
const PLACES: f64 = 4.0;
/// Rounds of expectation and maximisation at most.
const ROUNDS: usize = 2000;

/// The shares of bands under which the days seen are likeliest, and their standard errors (empty if these cannot be told).
///
/// The product limit says what ends on each day. The difference of two dates is a day with a chance that falls off linearly
/// with the distance from it; where something of known length follows the stage within the row, its days are in it
/// too. Found by expectation and maximisation (Dempster and others 1977); errors by the observed information.
fn unfolded(stage: &Stage, edges: &[f64], limit: &ProductLimit) -> (Vec<f64>, Vec<f64>) {
    let bands: Vec<(f64, f64)> = edges.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let mut before = 1.0;
    let mut mass = |open: f64| std::mem::replace(&mut before, open) - open;
    let seen: Vec<(f64, f64)> = limit.steps.iter().map(|step| (step.age, mass(step.open))).collect();
    let after: &[f64] = if stage.after.is_empty() { &[0.0] } else { stage.after };
    let longest = edges.last().copied().unwrap_or(0.0) + after.iter().copied().fold(0.0, f64::max);
    let of_day = |band: usize, day: f64| {
        // What lasts longer than the base allows is in the last band.
        if day > longest {
            return f64::from(u8::from(band + 1 == bands.len()));
        }
        let (from, to) = bands[band];
        let count = ((to - from) * PLACES).ceil().max(PLACES) as usize;
        let places = (0..count).map(|place| from + (to - from) * (place as f64 + 0.5) / count as f64);
        let near = |x: f64| after.iter().map(|after| (1.0 - (x + after - day).abs()).max(0.0)).sum::<f64>();
        places.map(near).sum::<f64>() / (count * after.len()) as f64
    };
    let row = |(day, _): &(f64, f64)| (0..bands.len()).map(|band| of_day(band, *day).max(1e-12)).collect();
    let table: Vec<Vec<f64>> = seen.iter().map(row).collect();
    let mut shares = vec![1.0 / bands.len() as f64; bands.len()];
    for _ in 0..ROUNDS {
        let mut next = vec![0.0; bands.len()];
        for ((_, mass), row) in seen.iter().zip(&table) {
            let all: f64 = row.iter().zip(&shares).map(|(chance, share)| chance * share).sum();
            next.iter_mut().zip(row.iter().zip(&shares)).for_each(|(next, (chance, share))| {
                *next += mass * chance * share / all;
            });
        }
        let total: f64 = next.iter().sum();
        next.iter_mut().for_each(|share| *share /= total);
        let moved: f64 = next.iter().zip(&shares).map(|(a, b)| (a - b).abs()).sum();
        shares = next;
        if moved < 1e-7 {
            break;
        }
    }
    let effective = limit.ended as f64 / stage.inflation;
    let errors = band_errors(&shares, &seen, &table, effective);
    (shares, errors)
}

/// Standard errors of bands' shares by the observed information of so many independent cases.
fn band_errors(shares: &[f64], seen: &[(f64, f64)], table: &[Vec<f64>], effective: f64) -> Vec<f64> {
    // The last share is what the others leave over.
    let free = shares.len() - 1;
    let mut information = vec![0.0; free * free];
    for ((_, mass), row) in seen.iter().zip(table) {
        let all: f64 = row.iter().zip(shares).map(|(chance, share)| chance * share).sum();
        let slope = |band: usize| (row[band] - row[free]) / all;
        for (cell, sum) in information.iter_mut().enumerate() {
            *sum += effective * mass * slope(cell / free) * slope(cell % free);
        }
    }
    let Some(covariance) = inverse(&information, free) else { return Vec::new() };
    let mut variances: Vec<f64> = (0..free).map(|band| covariance[band * free + band]).collect();
    variances.push(covariance.iter().sum());
    variances.into_iter().map(|variance| variance.max(0.0).sqrt()).collect()
}

/// The shares of a mixture, its parts as the base has them.
fn mixture(
    stage: &Stage,
    scale: f64,
    parts: &[(crate::scenario::Quantity, Duration)],
) -> Result<Estimated, String> {
    let laws: Option<Vec<Law>> =
        parts.iter().map(|(_, part)| law_of(part, stage.central, scale).map(|(_, law)| law)).collect();
    let laws = laws.ok_or("a part of the base's mixture has a form that is not fitted")?;
    if !(2..=super::maximise::MOST + 1).contains(&laws.len()) {
        return Err("the base's mixture has too many parts, or one".to_owned());
    }
    let counted = alike(stage.spells);
    let shares = |at: &[f64]| -> Vec<f64> {
        let weights: Vec<f64> =
            std::iter::once(1.0).chain(at.iter().map(|logit| libm::exp(*logit))).collect();
        let total: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / total).collect()
    };
    let mixed = |shares: &[f64], of: &dyn Fn(&Law) -> f64| -> f64 {
        shares.iter().zip(&laws).map(|(share, law)| share * of(law)).sum()
    };
    let likelihood = |at: &[f64]| {
        let shares = shares(at);
        let value = log_likelihood(
            &counted,
            |days| mixed(&shares, &|law| law.of_days(days)),
            |age| mixed(&shares, &|law| law.open(age)),
        );
        // A part that nothing speaks for is not driven to nought: half a case of each (Jeffreys' prior).
        value + stage.inflation * shares.iter().map(|share| 0.5 * libm::log(*share)).sum::<f64>()
    };
    let base: Vec<f64> = parts.iter().map(|(share, _)| stage.central[*share]).collect();
    let start: Vec<f64> = base[1..].iter().map(|share| libm::log((share / base[0]).max(1e-6))).collect();
    let found = maximise(likelihood, &start).ok_or("the stays do not determine the mixture's shares")?;
    let estimated = shares(&found.at);
    let figures = (0..laws.len())
        .map(|part| {
            let value = estimated[part];
            let logit = |at: &[f64]| {
                let share = shares(at)[part];
                libm::log(share / (1.0 - share))
            };
            let reach = NORMAL_95 * found.error_of(logit) * stage.inflation.sqrt();
            let at = |sign: f64| 1.0 / (1.0 + (1.0 - value) / value * libm::exp(-sign * reach));
            Figure {
                path: format!("{}.of.{part}.share", stage.path),
                kind: Kind::Share,
                base: base[part],
                value,
                low: at(-1.0),
                high: at(1.0),
                rows: stage.spells.len(),
                method: "maximum likelihood of the shares; the parts as in the base",
                source: stage.source.to_owned(),
                derived: false,
            }
        })
        .collect();
    let open = |shares: &[f64], age: f64| mixed(shares, &|law| law.open(age));
    let curve = curve(stage.spells, |age| open(&estimated, age), |age| open(&base, age));
    Ok(Estimated { figures, curve })
}

/// Ages of a curve in a picture.
const AGES: usize = 200;

/// Both curves over the ages in view.
pub(super) fn curve(spells: &[Spell], fitted: impl Fn(f64) -> f64, base: impl Fn(f64) -> f64) -> Fitted {
    let last = spells.iter().map(|spell| spell.to).fold(1.0, f64::max);
    let ages: Vec<f64> = (0..=AGES).map(|step| last * step as f64 / AGES as f64).collect();
    Fitted {
        fitted: ages.iter().map(|age| fitted(*age)).collect(),
        base: ages.iter().map(|age| base(*age)).collect(),
        ages,
    }
}
