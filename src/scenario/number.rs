//! The raw forms of a figure: a number, a share, a duration, a date.
//!
//! Consumes what the file holds; produces types that keep all of it, unchecked. Each form accepts
//! what people naturally write (a bare number or a table) and says in plain words what it wants.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor};

use super::model::{Basis, RangeShape};

/// A number: plain, or described by a range, a basis and a source.
#[derive(Clone, Debug, Default)]
pub struct RawNumber {
    /// Whether it is written as a bare number.
    pub plain: bool,
    /// What is written.
    pub described: DescribedNumber,
}

/// A number with its range, its basis and its source.
#[derive(Clone, Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DescribedNumber {
    /// The central value: used where uncertainty is not asked for; the most likely value of the range.
    pub value: Option<f64>,
    /// The lowest value that is credible. Give both `low` and `high`, or neither.
    pub low: Option<f64>,
    /// The highest value that is credible.
    pub high: Option<f64>,
    /// How the range is read: "pert" (default: `low` and `high` are the ends, `value` the most
    /// likely), "triangular", "uniform", or "lognormal" (`low` and `high` are the 5th and 95th percentiles).
    pub shape: Option<RangeShape>,
    /// What stands behind the number: "measured" (counted by the council), "published" (from
    /// published statistics) or "judgement".
    pub basis: Option<Basis>,
    /// Where the number comes from: a document, a data set, a person.
    pub source: Option<String>,
}

impl RawNumber {
    /// A bare number.
    pub fn plain(value: f64) -> Self {
        RawNumber { plain: true, described: DescribedNumber { value: Some(value), ..Default::default() } }
    }
}

/// Implements the visitor's methods for every kind of bare number.
macro_rules! visit_numbers {
    ($value:ident => $result:expr) => {
        fn visit_i64<E: de::Error>(self, $value: i64) -> Result<Self::Value, E> {
            let $value = $value as f64;
            Ok($result)
        }
        fn visit_u64<E: de::Error>(self, $value: u64) -> Result<Self::Value, E> {
            let $value = $value as f64;
            Ok($result)
        }
        fn visit_f64<E: de::Error>(self, $value: f64) -> Result<Self::Value, E> {
            Ok($result)
        }
    };
}

/// A number as people describe it to one another.
const NUMBER_WANTED: &str = "a number: for example 0.39, or { value = 0.39, low = 0.33, high = 0.45, basis = \"measured\", source = \"…\" }";

impl<'de> Deserialize<'de> for RawNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;
        impl<'de> Visitor<'de> for NumberVisitor {
            type Value = RawNumber;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(NUMBER_WANTED)
            }
            visit_numbers!(value => RawNumber::plain(value));
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawNumber, A::Error> {
                let described = DescribedNumber::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RawNumber { plain: false, described })
            }
        }
        deserializer.deserialize_any(NumberVisitor)
    }
}

/// Gives a raw form the schema "this, or that".
macro_rules! either_schema {
    ($type:ty, $name:literal, $description:literal, |$generator:ident| $forms:expr) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                let forms: Vec<serde_json::Value> = $forms;
                json_schema!({ "description": $description, "anyOf": forms })
            }
        }
    };
}

either_schema!(
    RawNumber,
    "Number",
    "A number, or { value = …, low = …, high = …, basis = \"measured|published|judgement\", source = \"…\" }.",
    |generator| vec![
        serde_json::json!({ "type": "number" }),
        generator.subschema_for::<DescribedNumber>().to_value(),
    ]
);

/// A share of a split: a number, or "rest" for what the others leave over.
#[derive(Clone, Debug)]
pub enum RawShare {
    /// A number from 0 to 1.
    Number(RawNumber),
    /// What the others leave over.
    Rest,
}

impl<'de> Deserialize<'de> for RawShare {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ShareVisitor;
        impl<'de> Visitor<'de> for ShareVisitor {
            type Value = RawShare;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a share: a number from 0 to 1, or \"rest\" for what the others leave over")
            }
            visit_numbers!(value => RawShare::Number(RawNumber::plain(value)));
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawShare, E> {
                if text == "rest" {
                    return Ok(RawShare::Rest);
                }
                Err(E::invalid_value(Unexpected::Str(text), &self))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawShare, A::Error> {
                let described = DescribedNumber::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RawShare::Number(RawNumber { plain: false, described }))
            }
        }
        deserializer.deserialize_any(ShareVisitor)
    }
}

either_schema!(
    RawShare,
    "Share",
    "A share of families from 0 to 1, plain or described, or \"rest\" for what the others leave over.",
    |generator| vec![
        generator.subschema_for::<RawNumber>().to_value(),
        serde_json::json!({ "const": "rest" }),
    ]
);

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Minutes of the clock (at a desk, of staff time).
    Minutes,
    /// Hours.
    Hours,
    /// Calendar days.
    Days,
    /// Weeks of seven days.
    Weeks,
    /// Months of 365.25 / 12 days.
    Months,
    /// Working days, as 365.25 / 253 calendar days each.
    WorkingDays,
}

impl TimeUnit {
    /// Days in one unit. England has on average 253 working days a year: 261 weekdays and 8 bank holidays.
    pub fn days(self) -> f64 {
        match self {
            TimeUnit::Minutes => 1.0 / 1440.0,
            TimeUnit::Hours => 1.0 / 24.0,
            TimeUnit::Days => 1.0,
            TimeUnit::Weeks => 7.0,
            TimeUnit::Months => 365.25 / 12.0,
            TimeUnit::WorkingDays => 365.25 / 253.0,
        }
    }
}

/// A family of distributions.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DistributionName {
    /// Always the same: give `value`.
    Fixed,
    /// Exponential: give `mean`.
    Exponential,
    /// Gamma: give `mean` and `shape`.
    Gamma,
    /// Several equal exponential steps: give `mean` and `stages`.
    Erlang,
    /// Lognormal: give `mean` and `cv`.
    Lognormal,
    /// Weibull: give `mean` and `shape`.
    Weibull,
    /// Published bands, uniform within each: give `edges` and `shares`.
    Bands,
    /// One of several durations: give `of`.
    Mixture,
}

/// A duration: a bare number (always the same) or a distribution.
#[derive(Clone, Debug)]
pub enum RawDuration {
    /// A bare number.
    Plain(f64),
    /// A distribution.
    Table(Box<DurationTable>),
}

/// A duration as a distribution.
#[derive(Clone, Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DurationTable {
    /// The kind of distribution; "fixed" when only `value` is given.
    pub distribution: Option<DistributionName>,
    /// The value of a fixed duration, in `unit`.
    pub value: Option<RawNumber>,
    /// Mean, in `unit`.
    pub mean: Option<RawNumber>,
    /// Coefficient of variation (standard deviation divided by mean) of a lognormal duration.
    pub cv: Option<RawNumber>,
    /// Shape of a gamma or Weibull duration: 1 is exponential, more is more regular. Of a fixed
    /// duration with `low` and `high`: how its range is read ("pert", …).
    pub shape: Option<NumberOrRangeShape>,
    /// Steps of an erlang duration, a whole number.
    pub stages: Option<i64>,
    /// Edges of the bands, in `unit`, rising; one more than there are `shares`.
    pub edges: Option<Vec<f64>>,
    /// Share of cases in each band; they sum to 1.
    pub shares: Option<Vec<RawNumber>>,
    /// The durations of a mixture, each with its `share`.
    pub of: Option<Vec<RawDuration>>,
    /// Share of this duration in the mixture that holds it; shares of a mixture sum to 1.
    pub share: Option<RawNumber>,
    /// Unit of `value`, `mean` and `edges`; "days" by default, "minutes" in a field called `minutes`.
    pub unit: Option<TimeUnit>,
    /// Lowest credible value of a fixed duration.
    pub low: Option<f64>,
    /// Highest credible value of a fixed duration.
    pub high: Option<f64>,
    /// What stands behind a fixed duration's value.
    pub basis: Option<Basis>,
    /// Where a fixed duration's value comes from.
    pub source: Option<String>,
}

impl<'de> Deserialize<'de> for RawDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DurationVisitor;
        impl<'de> Visitor<'de> for DurationVisitor {
            type Value = RawDuration;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a duration: for example 30, or { distribution = \"lognormal\", mean = 140, cv = 0.6, unit = \"days\" }",
                )
            }
            visit_numbers!(value => RawDuration::Plain(value));
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawDuration, A::Error> {
                DurationTable::deserialize(MapAccessDeserializer::new(map))
                    .map(|table| RawDuration::Table(Box::new(table)))
            }
        }
        deserializer.deserialize_any(DurationVisitor)
    }
}

either_schema!(
    RawDuration,
    "Duration",
    "A duration: a number (always the same) or a distribution such as { distribution = \"lognormal\", mean = 140, cv = 0.6, unit = \"days\" }.",
    |generator| vec![
        serde_json::json!({ "type": "number" }),
        generator.subschema_for::<DurationTable>().to_value(),
    ]
);

/// `shape` means two things in a duration: a number, or the way to read a range.
#[derive(Clone, Debug)]
pub enum NumberOrRangeShape {
    /// The shape of a gamma or Weibull distribution.
    Number(RawNumber),
    /// How a range is read.
    Range(RangeShape),
}

impl<'de> Deserialize<'de> for NumberOrRangeShape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ShapeVisitor;
        impl<'de> Visitor<'de> for ShapeVisitor {
            type Value = NumberOrRangeShape;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(NUMBER_WANTED)
            }
            visit_numbers!(value => NumberOrRangeShape::Number(RawNumber::plain(value)));
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                RangeShape::deserialize(de::value::StrDeserializer::new(text)).map(NumberOrRangeShape::Range)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let described = DescribedNumber::deserialize(MapAccessDeserializer::new(map))?;
                Ok(NumberOrRangeShape::Number(RawNumber { plain: false, described }))
            }
        }
        deserializer.deserialize_any(ShapeVisitor)
    }
}

either_schema!(
    NumberOrRangeShape,
    "NumberOrRangeShape",
    "The shape of a gamma or Weibull distribution, or how the range of a fixed duration is read.",
    |generator| vec![
        generator.subschema_for::<RawNumber>().to_value(),
        generator.subschema_for::<RangeShape>().to_value(),
    ]
);

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RawDate(pub Date);

impl<'de> Deserialize<'de> for RawDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DateVisitor;
        impl Visitor<'_> for DateVisitor {
            type Value = RawDate;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date: dates are written 2020-09-01, without quotes and without a time")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawDate, E> {
                match text.parse() {
                    Ok(date) if text.len() == 10 => Ok(RawDate(date)),
                    _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
                }
            }
        }
        deserializer.deserialize_any(DateVisitor)
    }
}

impl JsonSchema for RawDate {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // Editors read a TOML date as text of the format `date`.
        json_schema!({ "description": "A day, written 2020-09-01.", "type": "string", "format": "date" })
    }
}

/// Which areas a team serves.
#[derive(Clone, Debug)]
pub enum RawServes {
    /// A unit of its own in each area.
    EachArea,
    /// One unit shared by all areas.
    AllAreas,
    /// One unit shared by these areas.
    Areas(Vec<String>),
}

impl<'de> Deserialize<'de> for RawServes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ServesVisitor;
        impl<'de> Visitor<'de> for ServesVisitor {
            type Value = RawServes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the areas served: \"each_area\", \"all_areas\", or a list such as [\"north\", \"south\"]")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawServes, E> {
                match text {
                    "each_area" => Ok(RawServes::EachArea),
                    "all_areas" => Ok(RawServes::AllAreas),
                    _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
                }
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<RawServes, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(RawServes::Areas)
            }
        }
        deserializer.deserialize_any(ServesVisitor)
    }
}

either_schema!(
    RawServes,
    "Serves",
    "\"each_area\" (a unit of its own in each area), \"all_areas\" (one shared unit), or a list of area ids (one unit shared by these).",
    |_generator| vec![
        serde_json::json!({ "enum": ["each_area", "all_areas"] }),
        serde_json::json!({ "type": "array", "items": { "type": "string" } }),
    ]
);
