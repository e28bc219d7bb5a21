//! From a scenario file to a valid, immutable [`Scenario`].
//!
//! Data goes one way: the file, what it extends and the overrides are read into one tree that knows
//! where everything stands (`layers`, `merge`, `lead`, `tree`); the tree is read into a raw form
//! (`deserialize`, `file`, `people`, `interventions`, `money`, `number`); the raw form is checked and made
//! into a [`Scenario`] (`validate`). Every fault found on the way is told at once, with its line ([`Faults`]).
//!
//! Invariant: whoever holds a [`Scenario`] need not check it again, and every figure of it stands in
//! [`Scenario::parameters`].

mod charges;
mod compare;
mod deserialize;
mod draw;
mod faults;
mod file;
mod funding;
mod interventions;
mod layers;
mod lead;
mod measures;
mod merge;
mod model;
mod money;
mod number;
mod parts;
mod people;
mod posts;
mod published;
mod tree;
mod validate;

use std::path::Path;

pub use charges::*;
pub(crate) use faults::suggestion;
pub use faults::{Fault, Faults};
pub use measures::{MEASURES, MeasureKind, MeasuredOf, WAITING_FAMILIES, is_measured_of, measure_kind};
pub use model::*;
pub use parts::{Part, parts, parts_of_texts};
pub use posts::DeskUnitId;

use layers::Layers;

/// Reads a scenario file, what it extends, and `path = value` overrides.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load(path: &Path, overrides: &[(String, String)]) -> Result<Scenario, Faults> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    finish(layers::read_file(path, overrides)?, &stem)
}

/// Reads a scenario from text. What it extends is looked for in the current directory, unless it is
/// built in; `name` is shown in faults and stands in for a missing `name`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load_text(name: &str, text: &str) -> Result<Scenario, Faults> {
    load_text_with(name, text, &[])
}

/// As [`load_text`], with overrides.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load_text_with(name: &str, text: &str, overrides: &[(String, String)]) -> Result<Scenario, Faults> {
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    finish(layers::read_text(name, text, overrides)?, stem)
}

/// The effective scenario, all layers and overrides merged, as one text that [`load_text`] reads back
/// to the same scenario with the same hash (given the same name, should the text hold none).
///
/// # Errors
/// If a layer cannot be read or the layers cannot be merged.
pub fn effective(path: &Path, overrides: &[(String, String)]) -> Result<String, Faults> {
    Ok(layers::read_file(path, overrides)?.effective())
}

fn finish(layers: Layers, stem: &str) -> Result<Scenario, Faults> {
    let reading = deserialize::read(&layers);
    validate::validate(&layers, reading, stem)
}

/// The JSON Schema of scenario files, for completion and hovers in editors. Nothing is required in
/// it, because a scenario that extends another may leave anything out.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(file::ScenarioFile).to_value();
    relax(&mut schema);
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), "caseflow scenario".into());
    }
    schema
}

/// Takes out what only holds for complete files: `required`, and the `null` that stands for an absent
/// field but that TOML cannot write.
fn relax(schema: &mut serde_json::Value) {
    match schema {
        serde_json::Value::Object(object) => {
            if object.get("required").is_some_and(serde_json::Value::is_array) {
                object.remove("required");
            }
            if object.get("default").is_some_and(|default| !default.is_boolean()) {
                object.remove("default");
            }
            if let Some(serde_json::Value::Array(types)) = object.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(serde_json::Value::Array(forms)) = object.get_mut("anyOf") {
                forms.retain(|form| form.get("type").is_none_or(|name| name != "null"));
                if let [serde_json::Value::Object(only)] = forms.as_slice() {
                    let only = only.clone();
                    object.remove("anyOf");
                    object.extend(only);
                }
            }
            object.values_mut().for_each(relax);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(relax),
        _ => {}
    }
}
