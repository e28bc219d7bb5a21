//! One authority's published figures, each with its year, its file and what stands in where it is missing.
//!
//! Consumes the tables; produces [`Figure`]s: quotients whose numerator and denominator are of one year. Where
//! the authority's own is missing (suppressed, not returned, not collected that year) the order is: another
//! year of its own, its ten statistical neighbours together, England. Invariant: every figure says which.

use super::tables::{Authority, ENGLAND, TableName, Tables};

/// Half the width of a range in standard errors: scenario files read `low` and `high` as the ends of what is
/// possible, and two standard errors on either side hold 95%.
const HALF_RANGE: f64 = 2.0;
/// Own years looked at on either side of the year wanted, when that is missing.
const NEAREST_YEARS: [i16; 9] = [-1, 1, -2, 2, -3, 3, -4, -5, -6];

/// Whose figure it is in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Its own, of the year wanted.
    Own,
    /// Its own, of another year.
    OtherYear,
    /// Its statistical neighbours'.
    Neighbours,
    /// England's.
    England,
}

/// A published quotient.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Numerator over denominator.
    pub value: f64,
    /// Lower end: the count's own error and how it moved over three years, together.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Whose it is.
    pub standing: Standing,
    /// Which file, table, year and counts it comes from.
    pub source: String,
}

impl Figure {
    /// "published" for an authority's own figures, "judgement" for those of others put in their place.
    pub fn basis(&self) -> &'static str {
        match self.standing {
            Standing::Own | Standing::OtherYear => "published",
            Standing::Neighbours | Standing::England => "judgement",
        }
    }

    /// The figure times a number, its range with it.
    pub fn times(&self, factor: f64) -> Self {
        Self { value: self.value * factor, low: self.low * factor, high: self.high * factor, ..self.clone() }
    }
}

/// Numerator and denominator of an authority in a year; `None` where either is missing.
pub type Counts<'c> = dyn Fn(&Tables, &str, i16) -> Option<(f64, f64)> + 'c;

/// A quotient that is wanted.
pub struct Wanted<'a> {
    /// What it is, such as "section 47 enquiries for each referral".
    pub name: &'a str,
    /// Table and file, for the source.
    pub table: &'a str,
    /// Numerator and denominator of an authority in a year.
    pub counts: &'a Counts<'a>,
    /// The highest value that makes sense.
    pub most: f64,
}

/// Looks figures up for one authority and year.
pub struct Lookup<'a> {
    /// The tables.
    pub tables: &'a Tables,
    /// The authority.
    pub authority: &'a Authority,
    /// The year ending in this March.
    pub year: i16,
}

impl Lookup<'_> {
    /// The figure, or what stands in for it; `None` only if nobody has one.
    pub fn figure(&self, wanted: &Wanted) -> Option<Figure> {
        let code = self.authority.code.as_str();
        let own = |year: i16| self.counts(wanted, &[code], year);
        if let Some(counts) = own(self.year) {
            return Some(self.own(wanted, counts, self.year, Standing::Own));
        }
        let other = NEAREST_YEARS.iter().map(|away| self.year + away);
        if let Some((year, counts)) = other.into_iter().find_map(|year| Some((year, own(year)?))) {
            return Some(self.own(wanted, counts, year, Standing::OtherYear));
        }
        let neighbours: Vec<&str> =
            self.tables.neighbours(self.authority).iter().map(|other| other.code.as_str()).collect();
        self.of_others(wanted, &neighbours, Standing::Neighbours)
            .or_else(|| self.of_others(wanted, &[ENGLAND], Standing::England))
    }

    /// Counts of several authorities together in one year.
    fn counts(&self, wanted: &Wanted, codes: &[&str], year: i16) -> Option<(f64, f64)> {
        let each = codes.iter().filter_map(|code| (wanted.counts)(self.tables, code, year));
        let sum = each.fold((0.0, 0.0), |sum, (over, under)| (sum.0 + over, sum.1 + under));
        (sum.1 > 0.0).then_some(sum)
    }

    fn own(&self, wanted: &Wanted, counts: (f64, f64), year: i16, standing: Standing) -> Figure {
        let code = self.authority.code.as_str();
        let years: Vec<f64> = (0..3)
            .filter_map(|back| self.counts(wanted, &[code], year - back))
            .map(|(over, under)| over / under)
            .collect();
        let text = self.source(wanted, &self.authority.name, counts, year);
        let source = match standing {
            Standing::OtherYear => format!("{text}; {} is not published", year_label(self.year)),
            _ => text,
        };
        ranged(wanted, counts, &years, standing, source)
    }

    fn of_others(&self, wanted: &Wanted, codes: &[&str], standing: Standing) -> Option<Figure> {
        let years = std::iter::once(0).chain(NEAREST_YEARS).map(|away| self.year + away);
        let (year, counts) =
            years.into_iter().find_map(|year| Some((year, self.counts(wanted, codes, year)?)))?;
        let who = match standing {
            Standing::Neighbours => "the statistical neighbours together".to_owned(),
            _ => "England".to_owned(),
        };
        let each: Vec<f64> = if standing == Standing::Neighbours {
            let of = |code: &&str| self.counts(wanted, &[*code], year).map(|(over, under)| over / under);
            codes.iter().filter_map(of).collect()
        } else {
            self.everywhere(wanted, year)
        };
        let text = self.source(wanted, &who, counts, year);
        let source = format!("{text}; not published for {}", self.authority.name);
        // One authority differs from the mean of others as they differ among themselves.
        Some(ranged(wanted, (counts.0 / counts.1 * 1e6, 1e6), &each, standing, source))
    }

    /// The quotient of every authority in a year.
    fn everywhere(&self, wanted: &Wanted, year: i16) -> Vec<f64> {
        let all = self.tables.authorities.iter();
        all.filter_map(|other| self.counts(wanted, &[other.code.as_str()], year))
            .map(|(over, under)| over / under)
            .collect()
    }

    fn source(&self, wanted: &Wanted, who: &str, (over, under): (f64, f64), year: i16) -> String {
        format!(
            "{}, {who}, {}: {} / {}, {}",
            wanted.name,
            year_label(year),
            count(over),
            count(under),
            wanted.table
        )
    }
}

/// 2025 as "2024/25".
pub fn year_label(year: i16) -> String {
    format!("{}/{:02}", year - 1, year.rem_euclid(100))
}

/// A count as a source gives it: whole, or with one decimal where it is a fraction.
fn count(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { format!("{number:.1}") }
}

fn ranged(
    wanted: &Wanted,
    (over, under): (f64, f64),
    alike: &[f64],
    standing: Standing,
    source: String,
) -> Figure {
    let value = (over / under).min(wanted.most);
    let mean = alike.iter().sum::<f64>() / alike.len().max(1) as f64;
    let spread = alike.iter().map(|other| (other - mean).powi(2)).sum::<f64>() / alike.len().max(1) as f64;
    // The error of a count is its square root; a count of none may still be one.
    let error = over.max(1.0) / (under * under);
    let half = HALF_RANGE * (spread + error).sqrt();
    Figure {
        value,
        low: (value - half).max(0.0),
        high: (value + half).min(wanted.most.max(value)),
        standing,
        source,
    }
}

/// Numerator and denominator, both columns of the statistics table.
pub fn of_statistics(
    over: &'static str,
    under: &'static str,
) -> impl Fn(&Tables, &str, i16) -> Option<(f64, f64)> {
    move |tables, code, year| {
        let over = tables.statistic(code, year, over)?;
        let under = tables.statistic(code, year, under)?;
        (under > 0.0).then_some((over, under))
    }
}

/// Section 47 enquiries: counted, or since 2025 from the published rate.
pub fn enquiries(tables: &Tables, code: &str, year: i16) -> Option<f64> {
    tables
        .statistic(code, year, "section47_enquiries")
        .or_else(|| from_rate(tables, code, year, "section47_per_10k"))
}

/// Initial child protection conferences: counted, or since 2025 from the published rate.
pub fn conferences(tables: &Tables, code: &str, year: i16) -> Option<f64> {
    tables.statistic(code, year, "icpcs").or_else(|| from_rate(tables, code, year, "icpc_per_10k"))
}

fn from_rate(tables: &Tables, code: &str, year: i16, rate: &str) -> Option<f64> {
    Some(tables.indicator(code, year, rate)? * tables.statistic(code, year, "population_0_17")? / 10_000.0)
}

/// Counts in bands, with what suppression leaves open shared equally among the suppressed.
pub fn bands(
    tables: &Tables,
    table: TableName,
    code: &str,
    year: i16,
    total: &str,
    columns: &[&str],
) -> Option<Vec<f64>> {
    let total = tables.number(table, code, year, total)?;
    let cells: Vec<Option<f64>> =
        columns.iter().map(|column| tables.number(table, code, year, column)).collect();
    let known: f64 = cells.iter().flatten().sum();
    let missing = cells.iter().filter(|cell| cell.is_none()).count();
    // A row of which hardly anything is known says nothing.
    if total <= 0.0 || missing * 2 > cells.len() || known > total * 1.05 {
        return None;
    }
    let each = if missing == 0 { 0.0 } else { ((total - known) / missing as f64).max(0.0) };
    Some(cells.into_iter().map(|cell| cell.unwrap_or(each)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::find::find;

    fn figure(name: &str, year: i16, over: &'static str, under: &'static str) -> Figure {
        let tables = Tables::read().expect("tables");
        let authority = find(&tables, name, None).expect("authority");
        let lookup = Lookup { tables: &tables, authority, year };
        let counts = of_statistics(over, under);
        let wanted = Wanted { name: "x", table: "t", counts: &counts, most: 1.0 };
        lookup.figure(&wanted).expect("figure")
    }

    #[test]
    fn an_own_figure_is_the_quotient_with_a_range_about_it() {
        let own = figure("Middlesbrough", 2025, "rereferrals_within_12m", "referrals");
        assert_eq!(own.standing, Standing::Own);
        assert_eq!(own.value, 921.0 / 3636.0);
        assert!(own.low < own.value && own.value < own.high && own.basis() == "published");
    }

    #[test]
    fn what_is_missing_is_taken_from_another_year_then_neighbours_then_england() {
        let other_year = figure("Middlesbrough", 2025, "cin_plans_started", "referrals");
        assert_eq!(other_year.standing, Standing::OtherYear);
        assert!(other_year.source.contains("2023/24"), "{}", other_year.source);
        let others = figure("Isles of Scilly", 2025, "cpp_started", "referrals");
        assert!(others.standing >= Standing::Neighbours, "{others:?}");
        assert_eq!(others.basis(), "judgement");
    }

    #[test]
    fn suppressed_bands_share_what_is_left() {
        let tables = Tables::read().expect("tables");
        let columns = [
            "same_day",
            "days_1_10",
            "days_11_20",
            "days_21_30",
            "days_31_40",
            "days_41_45",
            "days_46_50",
            "days_51_60",
            "days_61_plus",
        ];
        for authority in tables.authorities.iter().filter(|authority| authority.years.1 == 2025) {
            let found = bands(
                &tables,
                TableName::Assessments,
                &authority.code,
                2024,
                "assessments_completed",
                &columns,
            );
            let Some(bands) = found else { continue };
            let total = tables.number(TableName::Assessments, &authority.code, 2024, "assessments_completed");
            let sum: f64 = bands.iter().sum();
            assert!((sum / total.expect("total") - 1.0).abs() < 0.06, "{}", authority.name);
        }
    }
}
