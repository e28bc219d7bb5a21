//! Codes as people write them: who referred, yes and no, why something ended.
//!
//! Codes are those of Ofsted's child-level data lists ("Annex A") and of the Department for Education's
//! children in need census and looked-after return. Contains public sector information licensed under the Open
//! Government Licence v3.0.

use super::records::{Outcome, ReferralSource};
use super::table::Cell;

/// Lower case, without the list's own letter ("q) 6: Police" is "6: police") and outer blanks.
fn bare(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let prefix =
        text.find(')').filter(|place| *place <= 2 && text[..*place].chars().all(char::is_alphabetic));
    prefix.map_or(text.as_str(), |place| &text[place + 1..]).trim().to_owned()
}

/// Yes or no in the usual ways; `None` for anything else.
pub(super) fn yes_no(cell: &Cell) -> Option<bool> {
    match cell {
        Cell::Bool(value) => Some(*value),
        Cell::Number(number) => (*number == 1.0 || *number == 0.0).then_some(*number == 1.0),
        Cell::Text(text) => match bare(text).as_str() {
            "yes" | "y" | "true" | "t" | "1" => Some(true),
            "no" | "n" | "false" | "f" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// The group of a code from 1A to 10.
fn of_code(text: &str) -> Option<ReferralSource> {
    let figures: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = &text[figures.len()..];
    let letter = rest.chars().next().filter(|c| matches!(c, 'a'..='f'));
    let end = rest.chars().nth(usize::from(letter.is_some()));
    if end.is_some_and(char::is_alphanumeric) {
        return None;
    }
    match figures.parse::<u32>().ok()? {
        1 => Some(ReferralSource::Individual),
        2 => Some(ReferralSource::Education),
        3 => Some(ReferralSource::Health),
        4 => Some(ReferralSource::Housing),
        5 => Some(ReferralSource::Council),
        6 => Some(ReferralSource::Police),
        7 => Some(ReferralSource::Legal),
        8 => Some(ReferralSource::Other),
        9 => Some(ReferralSource::Anonymous),
        10 => Some(ReferralSource::Unknown),
        _ => None,
    }
}

/// Words by which a source without a code is known, the more telling first: a school nurse is health.
const WORDS: [(ReferralSource, &[&str]); 10] = [
    (ReferralSource::Police, &["police", "constabulary"]),
    (ReferralSource::Anonymous, &["anonymous"]),
    (ReferralSource::Housing, &["housing", "landlord"]),
    (
        ReferralSource::Health,
        &[
            "health",
            "nurse",
            "midwi",
            "hospital",
            "doctor",
            "nhs",
            "camhs",
            "ambulance",
            "surgery",
            "paediatric",
            "a&e",
            "a & e",
            "general practi",
        ],
    ),
    (
        ReferralSource::Education,
        &["school", "education", "academy", "college", "nursery", "teacher", "childminder", "pre-school"],
    ),
    (
        ReferralSource::Legal,
        &["court", "probation", "cafcass", "legal", "prison", "immigration", "solicitor", "border force"],
    ),
    (
        ReferralSource::Council,
        &[
            "local authority",
            "la services",
            "council",
            "social care",
            "social services",
            "early help",
            "youth offending",
            "youth justice",
            "other department",
            "children's services",
        ],
    ),
    (
        ReferralSource::Individual,
        &[
            "individual",
            "family",
            "parent",
            "mother",
            "father",
            "relative",
            "carer",
            "self",
            "neighbour",
            "friend",
            "acquaintance",
            "member of public",
            "member of the public",
            "grandparent",
            "stranger",
        ],
    ),
    (
        ReferralSource::Other,
        &["voluntary", "charity", "other", "children's centre", "third sector", "independent"],
    ),
    (ReferralSource::Unknown, &["unknown", "not recorded"]),
];

/// Who made contact; `None` if neither a code nor a word of one was found.
pub(super) fn source(cell: &Cell) -> Option<ReferralSource> {
    let text = bare(&cell.text()?);
    let numbered = text.split_once(')').filter(|(code, _)| code.len() <= 3).map(|(code, _)| code);
    of_code(numbered.unwrap_or(&text)).or_else(|| {
        let text = text.replace('’', "'");
        let gp = text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "gp");
        let named = WORDS.iter().find(|(_, words)| words.iter().any(|word| text.contains(word)));
        if gp { Some(ReferralSource::Health) } else { named.map(|(source, _)| *source) }
    })
}

/// The code at a text's beginning or after the list's letter, such as "RC8", "E4A" or "X1", in lower case.
fn code(text: &str) -> String {
    bare(text).chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// How a spell as a child in need ended, by the census' reasons RC1 to RC9.
pub(super) fn closure(text: &str) -> Option<Outcome> {
    match code(text).as_str() {
        // Closed after assessment, without or with a referral to early help.
        "rc8" | "rc9" => Some(Outcome::NoFurtherAction),
        "rc7" => Some(Outcome::OutcomesMet),
        "rc1" | "rc2" | "rc3" | "rc4" | "rc5" | "rc6" => Some(Outcome::OtherReason),
        _ => {
            let text = text.to_lowercase();
            let after = text.contains("after assessment") || text.contains("no further action");
            after.then_some(Outcome::NoFurtherAction)
        }
    }
}

/// How being looked after ended, where that says nothing of the child's need: death (E2), another authority (E3),
/// custody and remand (E9, E14), age (E15), abroad (E16).
pub(super) fn ceased(text: &str) -> Option<Outcome> {
    matches!(code(text).as_str(), "e2" | "e3" | "e9" | "e14" | "e15" | "e16" | "e17")
        .then_some(Outcome::OtherReason)
}

/// Whether a looked-after episode's code says that another began on the same day.
pub(super) fn continues(cell: &Cell) -> bool {
    cell.text().is_some_and(|text| code(&text) == "x1")
}

/// Whether a legal status is a series of short breaks (V3, V4), which is not counted as being looked after.
pub(super) fn is_short_break(cell: &Cell) -> bool {
    cell.text().is_some_and(|text| matches!(code(&text).as_str(), "v3" | "v4"))
}

/// Why an episode was new: `Some(true)` if the child started to be looked after (S), `None` if not said.
pub(super) fn started(cell: &Cell) -> Option<bool> {
    cell.text().map(|text| code(&text) == "s")
}

const ENDINGS: [(Outcome, &[&str]); 5] = [
    (
        Outcome::SteppedUp,
        &[
            "step up",
            "stepped up",
            "step-up",
            "stepped-up",
            "escalat",
            "social care",
            "statutory",
            "safeguarding",
        ],
    ),
    (
        Outcome::Disengaged,
        &[
            "disengag",
            "declin",
            "withdr",
            "refus",
            "non-engag",
            "non engag",
            "not engag",
            "no consent",
            "consent not",
        ],
    ),
    (
        Outcome::NoFurtherAction,
        &["no further action", "nfa", "not needed", "no support needed", "inappropriate"],
    ),
    (
        Outcome::OutcomesMet,
        &[
            "outcomes met",
            "outcome met",
            "needs met",
            "need met",
            "goals",
            "aims met",
            "achieved",
            "complete",
            "success",
            "step down",
            "stepped down",
            "universal",
            "resolved",
            "improved",
        ],
    ),
    (Outcome::OtherReason, &["moved", "transfer", "died", "death", "18", "other", "duplicate"]),
];

/// How early help ended; `None` if no word of the reason is known. "Not met" is not "met".
pub(super) fn ending(text: &str) -> Option<Outcome> {
    let text = text.to_lowercase().replace('_', " ");
    let unmet = ["not met", "not achieved", "incomplete", "unsuccess"].iter().any(|word| text.contains(word));
    let found = ENDINGS.iter().find(|(_, words)| words.iter().any(|word| text.contains(word)));
    match found.map(|(outcome, _)| *outcome) {
        None | Some(Outcome::OutcomesMet) if unmet => Some(Outcome::OtherReason),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_in_every_spelling() {
        use ReferralSource::*;
        for (text, expected) in [
            ("q) 6: Police", Police),
            ("6) Police", Police),
            ("Police", Police),
            ("6", Police),
            ("1A", Individual),
            ("1a: Individual", Individual),
            ("a) 1A: Individual", Individual),
            ("2A - Schools", Education),
            ("School", Education),
            ("School nurse", Health),
            ("3F", Health),
            ("GP", Health),
            ("4", Housing),
            ("5D", Council),
            ("LA services", Council),
            ("7: Other legal agency", Legal),
            ("s) 8: Other", Other),
            ("t) 9: Anonymous", Anonymous),
            ("u) 10: Unknown", Unknown),
            ("10", Unknown),
        ] {
            assert_eq!(source(&Cell::of_text(text)), Some(expected), "{text}");
        }
        assert_eq!(source(&Cell::Number(6.0)), Some(Police));
        assert_eq!(source(&Cell::of_text("11")), None);
        assert_eq!(source(&Cell::of_text("zebra")), None);
    }

    #[test]
    fn yes_and_no_in_every_spelling() {
        for text in ["Yes", "a) Yes", "Y", "TRUE", "1"] {
            assert_eq!(yes_no(&Cell::of_text(text)), Some(true), "{text}");
        }
        for text in ["b) No", "N", "false", "0"] {
            assert_eq!(yes_no(&Cell::of_text(text)), Some(false), "{text}");
        }
        assert_eq!(yes_no(&Cell::of_text("c) Unknown")), None);
        assert_eq!(yes_no(&Cell::Bool(true)), Some(true));
    }

    #[test]
    fn reasons_for_ending() {
        assert_eq!(closure("RC8 - Case closed after assessment"), Some(Outcome::NoFurtherAction));
        assert_eq!(closure("h) RC7"), Some(Outcome::OutcomesMet));
        assert_eq!(closure("RC2"), Some(Outcome::OtherReason));
        assert_eq!(ceased("c) E2: Died"), Some(Outcome::OtherReason));
        assert_eq!(ceased("E4A"), None);
        assert_eq!(ending("Outcomes met"), Some(Outcome::OutcomesMet));
        assert_eq!(ending("Outcomes not met"), Some(Outcome::OtherReason));
        assert_eq!(ending("Step-up to CSC"), Some(Outcome::SteppedUp));
        assert_eq!(ending("family declined"), Some(Outcome::Disengaged));
        assert_eq!(ending("zebra"), None);
    }
}
