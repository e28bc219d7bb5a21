//! How a row gets an area: by its team or by where the child lives.
//!
//! Consumes a file of two columns; produces an [`Assignment`]. Values are compared as letters and figures alone, in
//! any case.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::Unreadable;
use super::layout::Role;
use super::table::{self, Cell};

/// What an area is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Team,
    Ward,
    Neighbourhood,
    Sector,
}

/// How a row gets an area. Without one (the default), rows have none.
#[derive(Clone, Default)]
pub struct Assignment {
    by: Option<By>,
    areas: BTreeMap<String, String>,
}

/// Says what it goes by and how many there are: names of teams and places stay inside.
impl fmt::Debug for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assignment").field("by", &self.by).field("entries", &self.areas.len()).finish()
    }
}

/// A value as letters and figures in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const COLUMNS: &str = "two columns with headings: `team`, `ward`, `lsoa` or `postcode_sector`, and `area`";

impl Assignment {
    /// Reads a CSV file of two columns, `area` and one of `team`, `ward`, `lsoa` and `postcode_sector`.
    ///
    /// # Errors
    /// If it cannot be read, has other columns, or gives one value two areas.
    pub fn from_file(path: &Path) -> Result<Assignment, Unreadable> {
        let wrong = |reason: String| Unreadable { file: super::file_name(path), reason };
        let bytes = std::fs::read(path).map_err(|error| wrong(super::cannot_open(&error)))?;
        let text =
            table::decode(&bytes).ok_or_else(|| wrong(format!("it is not text; wanted: {COLUMNS}")))?;
        Assignment::from_text(&text).map_err(wrong)
    }

    /// Reads the text of such a file.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn from_text(text: &str) -> Result<Assignment, String> {
        let tables = table::SEPARATORS.map(|separator| table::of_text(text, separator, usize::MAX));
        let found = tables.iter().find_map(|table| {
            let first = table.rows.first()?;
            let headings: Vec<String> =
                first.cells.iter().map(|cell| plain(&cell.text().unwrap_or_default())).collect();
            let area = headings.iter().position(|heading| matches!(heading.as_str(), "area" | "areaid"))?;
            let (key, by) =
                headings.iter().enumerate().find_map(|(place, heading)| Some((place, by(heading)?)))?;
            Some((table, area, key, by))
        });
        let (table, area, key, by) = found.ok_or_else(|| format!("no such columns; wanted: {COLUMNS}"))?;
        let mut areas = BTreeMap::new();
        for row in table.rows.iter().skip(1) {
            let cell = |place: usize| match row.cell(place) {
                Cell::Blank => None,
                cell => cell.text(),
            };
            let (Some(value), Some(area)) = (cell(key), cell(area)) else {
                return Err(format!("row {} has no value or no area", row.number));
            };
            if areas.insert(plain(&value), area.clone()).is_some_and(|before| before != area) {
                return Err(format!("row {} gives another area to what an earlier row has", row.number));
            }
        }
        Ok(Assignment { by: Some(by), areas })
    }

    /// The column that is read for it.
    pub(super) fn role(&self) -> Option<Role> {
        self.by.map(|by| match by {
            By::Team => Role::Team,
            By::Ward => Role::Ward,
            By::Neighbourhood => Role::Neighbourhood,
            By::Sector => Role::Postcode,
        })
    }

    /// The area of a cell of that column.
    pub(super) fn area(&self, cell: &Cell) -> Option<String> {
        let mut value = plain(&cell.text()?);
        // A whole postcode ends in a figure and two letters: its sector lacks these letters.
        let end = value.len().checked_sub(2).filter(|end| value.is_char_boundary(*end));
        if let (Some(By::Sector), Some(end)) = (self.by, end) {
            let (sector, unit) = value.split_at(end);
            let whole =
                unit.chars().all(char::is_alphabetic) && sector.ends_with(|c: char| c.is_ascii_digit());
            if whole && sector.len() >= 3 {
                value.truncate(end);
            }
        }
        self.areas.get(&value).cloned()
    }

    /// The areas that rows can get, sorted.
    pub fn areas(&self) -> Vec<&str> {
        let mut areas: Vec<&str> = self.areas.values().map(String::as_str).collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }
}

fn by(heading: &str) -> Option<By> {
    match heading {
        "team" | "teamname" | "allocatedteam" => Some(By::Team),
        "ward" | "wardname" | "wardcode" => Some(By::Ward),
        "lsoa" | "lsoacode" | "lsoa11" | "lsoa21" | "lsoa11cd" | "lsoa21cd" => Some(By::Neighbourhood),
        "postcodesector" | "sector" => Some(By::Sector),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(assignment: &Assignment, text: &str) -> Option<String> {
        assignment.area(&Cell::of_text(text))
    }

    #[test]
    fn areas_by_team_and_by_sector() {
        let teams =
            Assignment::from_text("Team;Area\nLocality 4 Duty Team;west\nUnit-1;east\n").expect("teams");
        assert_eq!(area(&teams, " locality 4  DUTY team ").as_deref(), Some("west"));
        assert_eq!(area(&teams, "unit 2"), None);
        assert_eq!(teams.areas(), ["east", "west"]);
        let sectors = Assignment::from_text("postcode_sector,area\nB17 3,north\n").expect("sectors");
        assert_eq!(area(&sectors, "b173ij").as_deref(), Some("north"));
        assert_eq!(area(&sectors, "B17 3").as_deref(), Some("north"));
        assert_eq!(area(&sectors, "B17 4IJ"), None);
    }

    #[test]
    fn a_file_that_contradicts_itself_is_refused() {
        assert!(Assignment::from_text("team,area\na,1\nA,2\n").is_err());
        assert!(Assignment::from_text("team,area\na,1\nA,1\n").is_ok());
        assert!(Assignment::from_text("name,place\na,1\n").is_err());
        assert!(Assignment::from_text("").is_err());
    }
}
