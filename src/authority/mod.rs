//! What is published about every English authority, and the scenario that follows from it.
//!
//! Consumes the tables shipped in `data/published/`; produces, for any authority and year, a whole scenario that
//! extends England's pathway. Data flow: [`tables`] and [`months`] (what is published) → [`find`] (who) →
//! [`figures`] and [`noise`] (each figure with its origin, or what stands in for it) → [`plan`] and
//! [`reconcile`] (shares scaled until flows and stocks of one year agree) → [`areas`] and [`posts`] → [`mod@write`]
//! (a text). Invariants: nothing is simulated; no figure without its file, year and basis; the same input gives
//! the same text.

pub mod areas;
pub mod figures;
pub mod find;
pub mod months;
pub mod noise;
pub mod plan;
pub mod posts;
pub mod published;
pub mod reconcile;
pub mod tables;
pub mod write;

use areas::{Area, Grouping};
use figures::{Lookup, Standing, year_label};
use find::NotFound;
use months::Months;
use plan::{Lever, Plan};
use posts::Posts;
use reconcile::Reached;
use tables::{Authority, Tables};

use crate::analysis::offered_load::analyse;
use crate::scenario::load_text;

/// A total that is off by more than this is remarked on.
const WORTH_A_REMARK: f64 = 0.02;

/// A starting scenario.
#[derive(Clone, Debug)]
pub struct Start {
    /// The authority.
    pub authority: Authority,
    /// The year ending in this March.
    pub year: i16,
    /// The scenario's text.
    pub text: String,
    /// The totals that the pathway was brought to.
    pub reached: Vec<Reached>,
    /// What a user should know.
    pub remarks: Vec<String>,
}

/// Why there is no starting scenario.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Impossible {
    /// The authority or year is not known.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// Neither its children nor its referrals are published for the year.
    #[error("neither children nor referrals of {name} are published for {year}: choose another --year")]
    Unpublished {
        /// Its name.
        name: String,
        /// The year, such as 2017/18.
        year: String,
    },
    /// The given grouping of wards is faulty.
    #[error("the grouping of wards cannot be used:\n  {}", .0.join("\n  "))]
    Grouping(Vec<String>),
    /// Something that only a defect of the program can bring about.
    #[error("{0}")]
    Failed(String),
}

/// The published tables, read once.
pub struct Published {
    /// Yearly tables.
    pub tables: Tables,
    /// Months.
    pub months: Months,
}

impl Published {
    /// Reads what is shipped.
    ///
    /// # Errors
    /// If a shipped file is damaged.
    pub fn read() -> Result<Self, Impossible> {
        let failed =
            |error: csv::Error| Impossible::Failed(format!("a shipped table cannot be read: {error}"));
        Ok(Self { tables: Tables::read().map_err(failed)?, months: Months::read().map_err(failed)? })
    }

    /// The starting scenario of an authority.
    ///
    /// # Errors
    /// If the authority, the year or the grouping of wards is unknown.
    pub fn start(&self, typed: &str, year: Option<i16>, grouping: &Grouping) -> Result<Start, Impossible> {
        let authority = find::find(&self.tables, typed, year)?;
        let lookup = Lookup { tables: &self.tables, authority, year: year.unwrap_or(authority.years.1) };
        let failed = |reason: String| Impossible::Failed(reason);
        let base = plan::base().map_err(|faults| failed(faults.to_string()))?;
        let mut plan = Plan::new(&lookup, &base).ok_or_else(|| Impossible::Unpublished {
            name: authority.name.clone(),
            year: year_label(lookup.year),
        })?;
        let noise = noise::estimate(&self.tables, &self.months, authority, plan.schools);
        plan.see_in_holidays(&noise.visibility);
        let reached =
            reconcile::reconcile(&mut plan, &base, lookup.year).map_err(|unfit| failed(unfit.to_string()))?;
        let areas = self.areas(authority, grouping)?;
        let ids = ids(&areas);
        let remarks = remarks(&plan, &reached, &areas, lookup.year);
        let published = published::published(&lookup);
        let nominal = Posts::nominal(areas.len(), &plan.workforce);
        let draft = |posts: &Posts| {
            write::scenario(&write::Draft {
                name: &authority.name,
                code: &authority.code,
                year: lookup.year,
                plan: &plan,
                base: &base,
                areas: &areas,
                ids: &ids,
                posts,
                noise: &noise,
                published: &published,
                remarks: &remarks,
            })
        };
        let scenario = load_text("draft", &draft(&nominal)).map_err(|faults| failed(faults.to_string()))?;
        let analysis =
            analyse(&scenario, &scenario.central_draw()).map_err(|endless| failed(endless.to_string()))?;
        let posts = Posts::sized(&nominal, &analysis, &ids, &plan.workforce);
        let text = draft(&posts);
        Ok(Start { authority: authority.clone(), year: lookup.year, text, reached, remarks })
    }

    fn areas(&self, authority: &Authority, grouping: &Grouping) -> Result<Vec<Area>, Impossible> {
        let wards = self.tables.wards(authority);
        if wards.is_empty() {
            let whole = Area {
                name: authority.name.clone(),
                wards: vec!["wards of this former authority cannot be told from today's".to_owned()],
                share: 1.0,
                need: 1.0,
                deprived: 0.0,
                suppressed: false,
                how: "one area: today's wards do not follow the former boundary".to_owned(),
            };
            return Ok(vec![whole]);
        }
        areas::group(&wards, grouping).map_err(Impossible::Grouping)
    }
}

/// An id for each area, numbered where names would be alike.
fn ids(areas: &[Area]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for area in areas {
        let id = write::identifier(&area.name);
        let alike =
            ids.iter().filter(|other| **other == id || other.starts_with(&format!("{id}_no_"))).count();
        ids.push(if alike == 0 { id } else { format!("{id}_no_{}", alike + 1) });
    }
    ids
}

/// What a user should know before using the scenario.
fn remarks(plan: &Plan, reached: &[Reached], areas: &[Area], year: i16) -> Vec<String> {
    let mut remarks = Vec::new();
    let lent = |standing: Standing| {
        let named: Vec<&str> = Lever::ALL
            .iter()
            .filter(|lever| plan.totals.get(lever).is_some_and(|total| total.standing == standing))
            .map(|lever| lever.total())
            .collect();
        named.join(", ")
    };
    for (standing, words) in [
        (
            Standing::OtherYear,
            format!("Not published for {}, taken from another year by its share", year_label(year)),
        ),
        (Standing::Neighbours, "Not published at all, taken from the statistical neighbours".to_owned()),
        (Standing::England, "Not published at all, taken from England".to_owned()),
    ] {
        let named = lent(standing);
        if !named.is_empty() {
            remarks.push(format!("{words}: {named}."));
        }
    }
    for total in reached {
        let off = total.modelled - total.wanted;
        if off.abs() > WORTH_A_REMARK * total.wanted && off.abs() >= 1.0 {
            remarks.push(write::unreached(total.lever, total.modelled, total.wanted));
        }
    }
    if areas.len() > 1 && areas[0].how.starts_with("wards alike") {
        remarks.push(
            "Areas are wards alike in deprivation, not places: give your own with --grouping FILE."
                .to_owned(),
        );
    }
    if plan.population < 5000.0 {
        remarks.push("So few children live here that a year's counts say little: ranges are wide and most shares are of others.".to_owned());
    }
    remarks
}

#[cfg(test)]
mod tests;
