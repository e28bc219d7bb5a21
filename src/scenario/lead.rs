//! Who leads: the stages' `family_help` tables laid on their stages.
//!
//! Consumes the merged tree, overrides included; changes its stages where `lead_practitioner` says
//! "family_help". What comes out has its places from where it was written, so that a later fault
//! points into the `family_help` table. Under "classic" the tables stay where they are, to be read and
//! not used.

use super::faults::{Words, words};
use super::merge::merge;
use super::tree::{Node, Path, Place, Value};

/// The key of a stage's overlay.
const OVERLAY: &str = "family_help";

/// Lays overlays on their stages, if that is wanted. Returns overlays within overlays, which mean
/// nothing and are taken out: their places, paths and what to say.
pub(super) fn apply(root: &mut Node) -> Vec<(Place, Path, Words)> {
    let leads = root.child("lead_practitioner").map(|node| &node.value);
    let wanted = matches!(leads, Some(Value::Text(word)) if word == OVERLAY);
    let mut faults = Vec::new();
    let Some(stages) = root.child_mut("stages").and_then(Node::table_mut) else {
        return faults;
    };
    for (id, entry) in stages {
        let stage = &mut entry.node;
        if let Some(overlay) = stage.child_mut(OVERLAY).and_then(Node::table_mut)
            && let Some(inner) = overlay.remove(OVERLAY)
        {
            let words = words(
                "an overlay has no overlay of its own",
                format!("write its keys straight under [stages.{id}.{OVERLAY}]"),
            );
            faults.push((inner.key_place, Path::of(&["stages", id, OVERLAY, OVERLAY]), words));
        }
        let is_table = stage.child(OVERLAY).is_some_and(|overlay| overlay.table().is_some());
        if wanted
            && is_table
            && let Some(overlay) = stage.table_mut().and_then(|stage| stage.remove(OVERLAY))
        {
            let place = stage.place.clone();
            merge(stage, overlay.node);
            // A fault of the stage as a whole is still told at its own heading.
            stage.place = place;
        }
    }
    faults
}
