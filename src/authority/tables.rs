//! The published tables, as shipped in `data/published/`.
//!
//! Consumes the files compiled into the program; produces numbers by authority, year and column. A blank
//! cell (suppressed, not collected, not returned) is `None`, never zero. Invariant: nothing is estimated
//! here; see `data/published/README.md` for what each column is.

use std::collections::BTreeMap;

use csv::StringRecord;

/// England's own code in the tables.
pub const ENGLAND: &str = "E92000001";

/// The tables that have a row for each authority and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableName {
    /// Children, referrals, plans, workforce.
    Statistics,
    /// Referrals by source (table C5).
    Sources,
    /// Assessments by working days taken (C2).
    Assessments,
    /// Section 47 enquiries, conferences and the days between (C4).
    Conferences,
}

impl TableName {
    const ALL: [Self; 4] = [Self::Statistics, Self::Sources, Self::Assessments, Self::Conferences];

    /// The shipped file's name.
    pub fn file(self) -> &'static str {
        match self {
            Self::Statistics => "la_published_statistics.csv",
            Self::Sources => "referrals_by_source.csv",
            Self::Assessments => "assessment_durations.csv",
            Self::Conferences => "section47_icpc_durations.csv",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Statistics => include_str!("../../data/published/la_published_statistics.csv"),
            Self::Sources => include_str!("../../data/published/referrals_by_source.csv"),
            Self::Assessments => include_str!("../../data/published/assessment_durations.csv"),
            Self::Conferences => include_str!("../../data/published/section47_icpc_durations.csv"),
        }
    }
}

/// An authority, as the tables know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Nine-character code, such as E06000002.
    pub code: String,
    /// The department's three-digit code.
    pub dfe_code: String,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Years ending 31 March with a row of statistics, the first and the last.
    pub years: (i16, i16),
}

/// A ward.
#[derive(Clone, Debug, PartialEq)]
pub struct Ward {
    /// Code, such as E05001497.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The lower-tier or unitary authority that it lies in.
    pub district: String,
    /// Children aged 0-17, mid-2020.
    pub children: f64,
    /// Children aged 0-15, mid-2020.
    pub children_0_15: f64,
    /// Children aged 0-15 in income-deprived households (IDACI 2025).
    pub income_deprived: f64,
    /// Neighbourhoods whose count is suppressed: the ward's is then too low.
    pub suppressed: u32,
}

/// All published tables.
pub struct Tables {
    rows: BTreeMap<(TableName, String, i16), StringRecord>,
    columns: BTreeMap<TableName, Vec<String>>,
    indicators: BTreeMap<(String, i16, String), f64>,
    neighbours: BTreeMap<String, Vec<String>>,
    districts: BTreeMap<String, String>,
    wards: Vec<(String, Ward)>,
    /// Every authority that ever had a row, by code.
    pub authorities: Vec<Authority>,
}

impl Tables {
    /// Reads the shipped tables.
    ///
    /// # Errors
    /// If a shipped file is not as the program expects, which its tests exclude.
    pub fn read() -> Result<Self, csv::Error> {
        let mut rows = BTreeMap::new();
        let mut columns = BTreeMap::new();
        let mut authorities: BTreeMap<String, Authority> = BTreeMap::new();
        for table in TableName::ALL {
            let (names, records) = records(table.text())?;
            let at = |name: &str| names.iter().position(|column| column == name);
            let (year, code, level) = (at("year"), at("code"), at("level"));
            let (dfe, name, region) = (at("dfe_code"), at("name"), at("region"));
            for record in records {
                let cell =
                    |column: Option<usize>| column.and_then(|index| record.get(index)).unwrap_or_default();
                let year: i16 = cell(year).parse().unwrap_or_default();
                let code = cell(code).to_owned();
                if table == TableName::Statistics && cell(level) == "la" {
                    let known = authorities.entry(code.clone()).or_insert_with(|| Authority {
                        code: code.clone(),
                        dfe_code: cell(dfe).to_owned(),
                        name: cell(name).to_owned(),
                        region: cell(region).to_owned(),
                        years: (year, year),
                    });
                    known.years = (known.years.0.min(year), known.years.1.max(year));
                }
                rows.insert((table, code, year), record);
            }
            columns.insert(table, names);
        }
        Ok(Self {
            rows,
            columns,
            indicators: indicators()?,
            neighbours: neighbours()?,
            districts: districts()?,
            wards: wards()?,
            authorities: authorities.into_values().collect(),
        })
    }

    /// A number, or `None` where the cell is blank or the row missing.
    pub fn number(&self, table: TableName, code: &str, year: i16, column: &str) -> Option<f64> {
        let index = self.columns.get(&table)?.iter().position(|name| name == column)?;
        let record = self.rows.get(&(table, code.to_owned(), year))?;
        record.get(index)?.parse().ok()
    }

    /// A number of the statistics table.
    pub fn statistic(&self, code: &str, year: i16, column: &str) -> Option<f64> {
        self.number(TableName::Statistics, code, year, column)
    }

    /// A value of the Local Authority Interactive Tool, 2024 and 2025.
    pub fn indicator(&self, code: &str, year: i16, indicator: &str) -> Option<f64> {
        self.indicators.get(&(code.to_owned(), year, indicator.to_owned())).copied()
    }

    /// The codes of an authority's ten statistical neighbours (2025 model), the nearest first.
    pub fn neighbours(&self, authority: &Authority) -> Vec<&Authority> {
        let latest = |dfe_code: &String| {
            let alike = self.authorities.iter().filter(|other| other.dfe_code == *dfe_code);
            alike.max_by_key(|other| other.years.1)
        };
        let found = self.neighbours.get(&authority.dfe_code);
        found.map(|codes| codes.iter().filter_map(latest).collect()).unwrap_or_default()
    }

    /// The wards of 2024 that lie in an authority, or in those that succeeded it.
    pub fn wards(&self, authority: &Authority) -> Vec<&Ward> {
        let codes = successors(&authority.code);
        let of = |district: &String| {
            let upper = self.districts.get(district).unwrap_or(district);
            codes.iter().any(|code| upper == code || district == code)
        };
        self.wards.iter().filter(|(district, _)| of(district)).map(|(_, ward)| ward).collect()
    }
}

/// The authorities that hold the land of a former one today; itself, if it still exists. Bournemouth, Poole
/// and the former Dorset cannot be told apart by today's wards and have none.
fn successors(code: &str) -> Vec<&str> {
    match code {
        "E10000002" => vec!["E06000060"],              // Buckinghamshire
        "E10000006" => vec!["E06000063", "E06000064"], // Cumbria
        "E10000021" => vec!["E06000061", "E06000062"], // Northamptonshire
        "E10000023" => vec!["E06000065"],              // North Yorkshire
        "E10000027" => vec!["E06000066"],              // Somerset
        own => vec![own],
    }
}

/// A shipped file's columns and rows.
pub(super) fn records(text: &str) -> Result<(Vec<String>, Vec<StringRecord>), csv::Error> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers()?.iter().map(str::to_owned).collect();
    Ok((names, reader.records().collect::<Result<_, _>>()?))
}

fn indicators() -> Result<BTreeMap<(String, i16, String), f64>, csv::Error> {
    #[derive(serde::Deserialize)]
    struct Row {
        year: i16,
        code: String,
        indicator: String,
        value: Option<f64>,
    }
    let text = include_str!("../../data/published/la_indicators_2024_2025.csv");
    let mut found = BTreeMap::new();
    for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
        let Row { year, code, indicator, value } = row?;
        if let Some(value) = value {
            found.insert((code, year, indicator), value);
        }
    }
    Ok(found)
}

fn neighbours() -> Result<BTreeMap<String, Vec<String>>, csv::Error> {
    let (_, rows) = records(include_str!("../../data/published/statistical_neighbours.csv"))?;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        // dfe_code, name, rank, neighbour_dfe_code, …: in order of rank.
        if let (Some(own), Some(neighbour)) = (row.get(0), row.get(3)) {
            found.entry(own.to_owned()).or_default().push(neighbour.to_owned());
        }
    }
    Ok(found)
}

fn districts() -> Result<BTreeMap<String, String>, csv::Error> {
    let (_, rows) = records(include_str!("../../data/published/districts.csv"))?;
    let pair = |row: &StringRecord| Some((row.get(0)?.to_owned(), row.get(2)?.to_owned()));
    Ok(rows.iter().filter_map(pair).collect())
}

fn wards() -> Result<Vec<(String, Ward)>, csv::Error> {
    #[derive(serde::Deserialize)]
    struct Row {
        ltla_code: String,
        ltla_name: String,
        ward_code: String,
        ward_name: String,
        children_0_17_mid2020: f64,
        age_0_4: f64,
        age_5_10: f64,
        age_11_15: f64,
        idaci2025_income_deprived_children_0_15: f64,
        lsoas_with_idaci_count_suppressed: u32,
    }
    let text = include_str!("../../data/published/ward_children_deprivation.csv");
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|row| {
            let row: Row = row?;
            let ward = Ward {
                code: row.ward_code,
                name: row.ward_name,
                district: row.ltla_name,
                children: row.children_0_17_mid2020,
                children_0_15: row.age_0_4 + row.age_5_10 + row.age_11_15,
                income_deprived: row.idaci2025_income_deprived_children_0_15,
                suppressed: row.lsoas_with_idaci_count_suppressed,
            };
            Ok((row.ltla_code, ward))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_files_and_blanks_are_none() {
        let tables = Tables::read().expect("shipped tables");
        assert_eq!(tables.statistic(ENGLAND, 2013, "referrals"), Some(593_470.0));
        assert_eq!(tables.statistic("E06000002", 2025, "referrals"), Some(3636.0));
        assert_eq!(tables.statistic("E06000002", 2025, "assessments_completed"), None);
        assert_eq!(tables.indicator("E06000002", 2025, "icpc_per_10k"), Some(147.1));
    }

    #[test]
    fn every_authority_of_the_last_year_has_wards_and_neighbours() {
        let tables = Tables::read().expect("shipped tables");
        let current: Vec<&Authority> =
            tables.authorities.iter().filter(|authority| authority.years.1 == 2025).collect();
        assert_eq!(current.len(), 153);
        for authority in current {
            assert!(!tables.wards(authority).is_empty(), "{}", authority.name);
            assert!(!tables.neighbours(authority).is_empty(), "{}", authority.name);
        }
    }

    #[test]
    fn a_former_county_has_the_wards_of_its_successors() {
        let tables = Tables::read().expect("shipped tables");
        let of = |code: &str| {
            let authority = tables.authorities.iter().find(|authority| authority.code == code);
            tables.wards(authority.expect("known")).len()
        };
        assert_eq!(of("E10000021"), of("E06000061") + of("E06000062"));
        assert!(of("E10000021") > 0);
    }
}
