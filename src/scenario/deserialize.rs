//! From the merged tree to the raw [`ScenarioFile`], collecting every fault of form.
//!
//! serde stops at the first error. So an offending value is recorded as a fault, taken out of the
//! tree, and the tree is read again until it fits; nearly every field may be absent for that reason.
//! What was taken out is remembered, so that later checks do not complain that it is missing.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, Expected, IntoDeserializer, Unexpected, Visitor};
use serde_path_to_error::Segment;

use super::faults::{Fault, Words, nearest, suggestion, words};
use super::file::ScenarioFile;
use super::layers::Layers;
use super::tree::{Entry, Node, Path, Value};

/// More faults of form than anyone will read at once.
const MOST_FAULTS: usize = 200;

/// The raw scenario, the faults of form, and the paths that were taken out because of them.
pub(super) struct Reading {
    /// What could be read.
    pub file: ScenarioFile,
    /// What could not.
    pub faults: Vec<Fault>,
    /// Where it stood.
    pub broken: Vec<Path>,
}

/// Reads the tree, whatever is wrong with it.
pub(super) fn read(layers: &Layers) -> Reading {
    let mut tree = layers.root.clone();
    let mut faults = layers.faults.clone();
    let mut broken = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, ScenarioFile>(&tree) {
            Ok(file) => return Reading { file, faults, broken },
            Err(error) => error,
        };
        let path = path_of(error.path());
        let shape = error.into_inner();
        // The place is looked up in the untouched tree: lines do not move.
        let place = match &shape {
            ShapeError::UnknownKey { .. } => layers.root.place_of_key(&path),
            _ => layers.root.place_of(&path),
        };
        if let ShapeError::UnknownKey { key, known } = &shape
            && let Some(meant) = nearest(key, known.iter().copied())
            && let Some((_, above)) = path.0.split_last()
        {
            broken.push(Path(above.to_vec()).key(meant));
        }
        faults.push(layers.fault_at(&place, &path, shape.words()));
        match tree.remove(&path) {
            Some(removed) if faults.len() < MOST_FAULTS => broken.push(removed),
            // Nothing more can be learnt from what is left.
            _ => {
                broken.push(Path::default());
                return Reading { file: ScenarioFile::default(), faults, broken };
            }
        }
    }
}

fn path_of(path: &serde_path_to_error::Path) -> Path {
    let keys = path.iter().filter_map(|segment| match segment {
        Segment::Map { key } => Some(key.clone()),
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    Path(keys.collect())
}

/// What serde found wrong, kept apart so that it can be said plainly.
#[derive(Debug)]
pub(super) enum ShapeError {
    WrongKind { found: String, wanted: String },
    UnknownKey { key: String, known: &'static [&'static str] },
    UnknownWord { word: String, known: &'static [&'static str] },
    Other(String),
}

impl ShapeError {
    fn words(&self) -> Words {
        match self {
            ShapeError::WrongKind { found, wanted } => {
                let (wanted, example) = plain_kind(wanted);
                words(format!("{wanted} belongs here, not {found}"), example)
            }
            ShapeError::UnknownKey { key, known } => {
                words(format!("there is no field called `{key}` here"), suggestion(key, known))
            }
            ShapeError::UnknownWord { word, known } => {
                let list: Vec<String> = known.iter().map(|word| format!("\"{word}\"")).collect();
                words(
                    format!("\"{word}\" is not one of the words allowed here"),
                    format!("use {}", list.join(" or ")),
                )
            }
            ShapeError::Other(message) => words(message.clone(), ""),
        }
    }
}

/// What serde calls a kind of value, and what people call it, with an example.
fn plain_kind(wanted: &str) -> (String, String) {
    let (plain, example) = match wanted {
        "f64" => ("a number", "for example 12 or 0.5"),
        "i64" => ("a whole number", "for example 12"),
        "a boolean" => ("true or false", "write true or false, without quotes"),
        "a string" => ("text in quotes", "for example \"North\""),
        "a sequence" => ("a list", "lists are written in square brackets: [1, 2, 3]"),
        "a map" => ("a table", "write it under a [heading] of its own, or in braces: { … }"),
        _ if wanted.starts_with("struct ")
            || wanted.contains("variant of")
            || wanted.starts_with("enum ") =>
        {
            ("a table or word of the format", "see docs/scenario-format.md")
        }
        other => match other.split_once(": ") {
            Some((plain, example)) => (plain, example),
            None => (other, ""),
        },
    };
    let plain = if wanted.starts_with("struct ") { "a table" } else { plain };
    (plain.to_owned(), example.to_owned())
}

fn found(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(truth) => truth.to_string(),
        Unexpected::Signed(number) => number.to_string(),
        Unexpected::Unsigned(number) => number.to_string(),
        Unexpected::Float(number) => number.to_string(),
        Unexpected::Str(text) => format!("\"{text}\""),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a table".to_owned(),
        other => other.to_string(),
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().message)
    }
}

impl std::error::Error for ShapeError {}

impl de::Error for ShapeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        ShapeError::Other(message.to_string())
    }
    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        ShapeError::WrongKind { found: found(unexpected), wanted: expected.to_string() }
    }
    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }
    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        ShapeError::UnknownKey { key: key.to_owned(), known }
    }
    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        ShapeError::UnknownWord { word: word.to_owned(), known }
    }
}

impl<'de> de::Deserializer<'de> for &'de Node {
    type Error = ShapeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        match &self.value {
            Value::Text(text) | Value::Date(text) => visitor.visit_borrowed_str(text),
            Value::Whole(number) => visitor.visit_i64(*number),
            Value::Real(number) => visitor.visit_f64(*number),
            Value::Truth(truth) => visitor.visit_bool(*truth),
            Value::List(items) => visitor.visit_seq(Items(items.iter())),
            Value::Table(table) => visitor.visit_map(Entries { entries: table.iter(), value: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        match &self.value {
            Value::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            _ => self.deserialize_any(WordWanted).map(|never| match never {}),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// Refuses everything: for a place where only a word may stand.
struct WordWanted;

enum Never {}

impl Visitor<'_> for WordWanted {
    type Value = Never;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word in quotes: see docs/scenario-format.md for the words that are allowed")
    }
}

struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = ShapeError;
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ShapeError> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Entries<'de> {
    entries: std::collections::btree_map::Iter<'de, String, Entry>,
    value: Option<&'de Node>,
}

impl<'de> de::MapAccess<'de> for Entries<'de> {
    type Error = ShapeError;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ShapeError> {
        let Some((key, entry)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(&entry.node);
        let key: StrDeserializer<'_, ShapeError> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ShapeError> {
        match self.value.take() {
            Some(value) => seed.deserialize(value),
            None => Err(de::Error::custom("a value is missing")),
        }
    }
}
