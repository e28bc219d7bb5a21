//! Published figures of the real authority, as the scenario file writes them.
//!
//! Raw and unchecked, like all of [`super::file`]; the documentation of the fields is what an editor
//! shows on hovering. They are never inputs: nothing that is simulated reads them.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{self, Deserializer, SeqAccess, Visitor};

use super::model::{Counts, Per};
use super::number::RawDate;

/// A published figure that the results are held against; never an input.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// The measure that stands for it, such as "referrals", or several that are added up.
    pub measure: Option<OneOrMore>,
    /// Measure or measures by which it is divided, where the figure is a share or a quotient.
    pub over: Option<OneOrMore>,
    /// The team or teams whose measure it is. Default: the whole council's.
    pub team: Option<OneOrMore>,
    /// The desk or desks whose measure it is. Default: the whole council's.
    pub desk: Option<OneOrMore>,
    /// "children" where the figure counts children and the measure families: the measure is then
    /// multiplied by the mean number of children in a family. Default: as the measure counts.
    pub counts: Option<Counts>,
    /// For events "year" (default), "month" or "week"; for levels and shares "level" (default).
    pub per: Option<Per>,
    /// First day to which the figure refers: weeks that begin from then on are compared. Default: the first
    /// reported day.
    pub from: Option<RawDate>,
    /// First day to which it refers no more. Default: the end of the reported weeks.
    pub to: Option<RawDate>,
    /// The day to which it refers, in place of `from` and `to`: the week that holds it is compared.
    pub on: Option<RawDate>,
    /// The figure. A share is written from 0 to 1.
    pub value: Option<f64>,
    /// Lowest value that the source allows, for example of two years.
    pub low: Option<f64>,
    /// Highest value that the source allows.
    pub high: Option<f64>,
    /// Where it was published: file, table, publisher.
    pub source: Option<String>,
    /// The year to which it refers, as its publisher writes it.
    pub year: Option<String>,
}

/// A name, or a list of names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OneOrMore {
    /// The names.
    pub names: Vec<String>,
    /// Whether they are written as a list.
    pub is_list: bool,
}

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamesVisitor;
        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = OneOrMore;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name such as \"referrals\", or a list of names")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<OneOrMore, E> {
                Ok(OneOrMore { names: vec![text.to_owned()], is_list: false })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<OneOrMore, A::Error> {
                let names = Vec::deserialize(SeqAccessDeserializer::new(seq))?;
                Ok(OneOrMore { names, is_list: true })
            }
        }
        deserializer.deserialize_any(NamesVisitor)
    }
}

impl JsonSchema for OneOrMore {
    fn schema_name() -> Cow<'static, str> {
        "OneOrMore".into()
    }
    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A name, or a list of names.",
            "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]
        })
    }
}
