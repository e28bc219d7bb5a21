//! The figures of the built-in pathway that one authority changes.
//!
//! Consumes England's pathway and the authority's published figures; produces a [`Plan`]: a value for each
//! changed figure, by its path, and the totals that these must reproduce. What is published as a share of one
//! step is taken over; what is published only as a total is reached by scaling England's shares together
//! ([`super::reconcile`]).

use std::collections::BTreeMap;

use super::figures::{self, Counts, Figure, Lookup, Wanted, bands, of_statistics};
use super::noise::Estimate;
use super::tables::{TableName, Tables};
use crate::scenario::{Faults, Scenario, load_text};

/// Children in a family, by which the department's counts of children become families; the pathway's own value.
pub const CHILDREN: f64 = 1.9;

/// Groups of figures that are scaled together until the pathway gives a published total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lever {
    /// Contacts of every source.
    Contacts,
    /// Returns after closing.
    Returns,
    /// Assessments that find no need.
    NotInNeed,
    /// Ways into section 47 enquiries.
    Enquiries,
    /// Ways into assessments other than from a referral.
    Reassessments,
    /// Ways into child in need plans.
    Plans,
    /// Ways into care.
    Care,
    /// How long child in need plans last.
    PlanLength,
    /// How long child protection plans last.
    ProtectionLength,
    /// How long care lasts.
    CareLength,
}

impl Lever {
    /// All of them, in the order in which they are moved.
    pub const ALL: [Self; 10] = [
        Self::Contacts,
        Self::Returns,
        Self::NotInNeed,
        Self::Enquiries,
        Self::Reassessments,
        Self::Plans,
        Self::Care,
        Self::PlanLength,
        Self::ProtectionLength,
        Self::CareLength,
    ];

    /// The figures that it moves.
    pub fn paths(self) -> &'static [&'static str] {
        match self {
            Self::Contacts => &[
                "sources.council.rate_per_10k",
                "sources.health.rate_per_10k",
                "sources.individual.rate_per_10k",
                "sources.other.rate_per_10k",
                "sources.police.rate_per_10k",
                "sources.school.rate_per_10k",
            ],
            Self::Returns => &[
                "ends.closed_child_in_need.returns.share",
                "ends.closed_not_in_need.returns.share",
                "ends.closed_short_support.returns.share",
                "ends.referral_no_further_action.returns.share",
            ],
            Self::NotInNeed => &["stages.assessment.next.closed_not_in_need"],
            Self::Enquiries => &[
                "stages.assessment.next.section_47",
                "stages.child_in_need.next.section_47",
                "stages.referral.next.section_47",
            ],
            Self::Reassessments => {
                &["stages.child_in_need.next.assessment", "stages.section_47.next.assessment"]
            }
            Self::Plans => &["stages.assessment.next.child_in_need", "stages.section_47.next.child_in_need"],
            Self::Care => &[
                "stages.assessment.next.looked_after",
                "stages.child_in_need.next.looked_after",
                "stages.child_protection_plan.next.looked_after",
                "stages.referral.next.looked_after",
                "stages.section_47.next.looked_after",
            ],
            Self::PlanLength => &["stages.child_in_need.duration.mean"],
            Self::ProtectionLength => &["stages.child_protection_plan.duration.mean"],
            Self::CareLength => &[CARE_LENGTH],
        }
    }

    /// What the published total is, for people.
    pub fn total(self) -> &'static str {
        match self {
            Self::Contacts => "referrals in the year",
            Self::Returns => "referrals within 12 months of an earlier one",
            Self::NotInNeed => "referrals assessed and not in need",
            Self::Enquiries => "section 47 enquiries in the year",
            Self::Reassessments => "assessments in the year",
            Self::Plans => "child in need plans begun in the year",
            Self::Care => "children who began to be looked after in the year",
            Self::PlanLength => "child in need plans on 31 March",
            Self::ProtectionLength => "child protection plans on 31 March",
            Self::CareLength => "children looked after on 31 March",
        }
    }
}

/// Stands for the means of all kinds of care, which are scaled together; a path of no single figure.
pub const CARE_LENGTH: &str = "stages.looked_after.duration.of";

/// Stages whose shares are changed; in each the shares written out must leave something for the rest.
pub const SPLITS: [&str; 6] =
    ["assessment", "child_in_need", "child_protection_plan", "conference", "referral", "section_47"];

/// A figure of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Value.
    pub value: f64,
    /// Lower end over value.
    pub low: f64,
    /// Upper end over value.
    pub high: f64,
    /// "published" or "judgement".
    pub basis: &'static str,
    /// Where it comes from.
    pub source: String,
}

/// What an authority changes in the pathway, and what it must reproduce.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Children aged 0-17.
    pub population: f64,
    /// Basis and source of that number.
    pub population_source: (&'static str, String),
    /// Its growth a year, from the year before.
    pub growth: f64,
    /// By path.
    pub figures: BTreeMap<String, Planned>,
    /// Children a year, or on 31 March, that each lever must bring about.
    pub totals: BTreeMap<Lever, Figure>,
    /// Days to complete assessments: nine shares, and where they come from.
    pub assessment_bands: Option<(Vec<f64>, String)>,
    /// Days from strategy discussion to conference: five shares, and where they come from.
    pub conference_bands: Option<(Vec<f64>, String)>,
    /// Published workforce.
    pub workforce: Workforce,
    /// Share of referrals that come from schools and education services.
    pub schools: f64,
}

/// Published social work workforce, 30 September after the year.
#[derive(Clone, Debug)]
pub struct Workforce {
    /// Full-time equivalents who hold cases.
    pub holders: Figure,
    /// Cases for each of them.
    pub caseload: Figure,
    /// Share of posts that are vacant.
    pub vacant: Figure,
    /// Agency workers for each vacancy.
    pub agency: Figure,
    /// Leavers a year for each in post.
    pub turnover: Figure,
    /// Share of days lost to sickness.
    pub sickness: Figure,
}

/// England's pathway with one area, from which shares and lengths are scaled.
///
/// # Errors
/// If the built-in pathway were faulty, which the tests exclude.
pub fn base() -> Result<Scenario, Faults> {
    load_text("base", &super::write::bare(2025))
}

impl Plan {
    /// What is published for an authority in a year, put on England's pathway; not yet reconciled.
    ///
    /// `None` if not even England has a figure that is needed, or the authority no population.
    pub fn new(lookup: &Lookup, base: &Scenario) -> Option<Self> {
        let (tables, code, year) = (lookup.tables, lookup.authority.code.as_str(), lookup.year);
        let (population, population_source) = population(lookup)?;
        let before = tables.statistic(code, year - 1, "population_0_17");
        let growth = before.map_or(0.0, |before| (population / before - 1.0).clamp(-0.05, 0.05));
        let mut plan = Self {
            population,
            population_source,
            growth,
            figures: BTreeMap::new(),
            totals: totals(lookup, population)?,
            assessment_bands: assessment_bands(lookup),
            conference_bands: conference_bands(lookup),
            workforce: workforce(lookup, population)?,
            schools: 0.22,
        };
        for lever in Lever::ALL {
            for path in lever.paths() {
                plan.figures.insert((*path).to_owned(), scaled(base, lever, path, &plan.totals));
            }
        }
        plan.take_over(lookup)?;
        plan.share_sources(lookup, base);
        Some(plan)
    }

    /// Shares that are published as such.
    fn take_over(&mut self, lookup: &Lookup) -> Option<()> {
        let nfa = of_statistics("referrals_nfa", "referrals");
        let conference = |tables: &Tables, code: &str, year: i16| {
            Some((figures::conferences(tables, code, year)?, figures::enquiries(tables, code, year)?))
        };
        let plan = |tables: &Tables, code: &str, year: i16| {
            let begun = tables.statistic(code, year, "cpp_started")?;
            Some((begun, figures::conferences(tables, code, year)?))
        };
        let wanted = [
            (
                "stages.referral.next.referral_no_further_action",
                "referrals with no further action for each referral",
                C1,
                &nfa as &Counts<'_>,
                0.6,
            ),
            (
                "stages.section_47.next.conference",
                "initial conferences for each section 47 enquiry",
                C4,
                &conference,
                0.9,
            ),
            (
                "stages.conference.next.child_protection_plan",
                "child protection plans begun for each initial conference",
                D1,
                &plan,
                0.97,
            ),
        ];
        for (path, name, table, counts, most) in wanted {
            let figure = lookup.figure(&Wanted { name, table, counts, most })?;
            self.figures.insert(path.to_owned(), taken(&figure));
        }
        // What is not decided for a plan at a conference goes to a child in need plan as often as in England.
        let (left, england) = (1.0 - self.value("stages.conference.next.child_protection_plan"), 1.0 - 0.858);
        let value = 0.11 * left / england;
        let source = "England's share of the conferences that make no plan (judgement default)".to_owned();
        let planned = Planned { value, low: 0.7, high: 1.3, basis: "judgement", source };
        self.figures.insert("stages.conference.next.child_in_need".to_owned(), planned);
        Some(())
    }

    /// Contacts by source in proportion to referrals by source, relative to England's.
    fn share_sources(&mut self, lookup: &Lookup, base: &Scenario) {
        let Some((own, england, source)) = mixes(lookup) else { return };
        for (id, columns) in SOURCES {
            let share = |mix: &BTreeMap<&str, f64>| columns.iter().map(|column| mix[column]).sum::<f64>();
            let path = format!("sources.{id}.rate_per_10k");
            let relative = (share(&own) / share(&england)).clamp(0.05, 5.0);
            if let Some(planned) = self.figures.get_mut(&path) {
                planned.value = base_value(base, &path) * relative;
                planned.source =
                    format!("{}; {id}: {:.1}% of referrals, {source}", planned.source, 100.0 * share(&own));
            }
        }
        self.schools = own["schools"] + own["education_services"];
    }

    /// Sets what schools see in holidays.
    pub fn see_in_holidays(&mut self, visibility: &Estimate) {
        let Estimate { value, low, high, basis, source } = visibility.clone();
        let planned = Planned { value, low: low / value, high: high / value, basis, source };
        self.figures.insert("sources.school.visibility".to_owned(), planned);
    }

    /// The value at a path; 0 where the plan has none.
    pub fn value(&self, path: &str) -> f64 {
        self.figures.get(path).map_or(0.0, |planned| planned.value)
    }
}

/// Children, as published, or as many as would be referred so often at England's rate.
fn population(lookup: &Lookup) -> Option<(f64, (&'static str, String))> {
    let (tables, code, year) = (lookup.tables, lookup.authority.code.as_str(), lookup.year);
    let label = figures::year_label(year);
    if let Some(children) = tables.statistic(code, year, "population_0_17") {
        let source = format!("{children:.0} children in {label}, ONS (la_published_statistics.csv)");
        return Some((children, ("published", source)));
    }
    let england = |column: &str| tables.statistic(super::tables::ENGLAND, year, column);
    let rate = england("referrals")? / england("population_0_17")?;
    let referrals = tables.statistic(code, year, "referrals")?;
    let source = format!(
        "not in the tables for {}: as many children as {referrals:.0} referrals would come from at England's rate of {label}",
        lookup.authority.name
    );
    Some((referrals / rate, ("judgement", source)))
}

const C1: &str = "DfE Children in need, table C1 (la_published_statistics.csv)";
const C4: &str = "DfE Children in need, table C4 (section47_icpc_durations.csv, from 2025 the Local Authority Interactive Tool)";
const D1: &str = "DfE Children in need, tables C4 and D1 (la_published_statistics.csv)";
const B1: &str = "DfE Children in need, tables B1 and C1 (la_published_statistics.csv)";
const CARE: &str = "DfE Children looked after (la_published_statistics.csv)";
const WORKERS: &str = "DfE Children's social work workforce, 30 September (la_published_statistics.csv)";

/// Columns of the table of sources, by the pathway's sources.
const SOURCES: [(&str, &[&str]); 6] = [
    ("police", &["police"]),
    ("school", &["schools", "education_services"]),
    ("health", &["health_services"]),
    ("council", &["la_services", "housing"]),
    ("individual", &["individual", "anonymous"]),
    ("other", &["other_legal_agency", "other", "unknown"]),
];

/// An authority's mix of sources, England's, and where the first comes from.
type Mixes = (BTreeMap<&'static str, f64>, BTreeMap<&'static str, f64>, String);

fn mixes(lookup: &Lookup) -> Option<Mixes> {
    let columns: Vec<&'static str> =
        SOURCES.iter().flat_map(|(_, columns)| columns.iter().copied()).collect();
    let mix = |code: &str, year: i16| -> Option<BTreeMap<&'static str, f64>> {
        let counts = bands(lookup.tables, TableName::Sources, code, year, "referrals", &columns)?;
        let total: f64 = counts.iter().sum();
        Some(columns.iter().copied().zip(counts.into_iter().map(|count| count / total)).collect())
    };
    let years: Vec<i16> =
        (0..8).map(|back| lookup.year - back).chain((1..8).map(|on| lookup.year + on)).collect();
    let first = |code: &str| years.iter().find_map(|year| Some((mix(code, *year)?, *year)));
    let (england, _) = first(super::tables::ENGLAND)?;
    let table = "DfE Children in need, table C5 (referrals_by_source.csv)";
    let (own, who, year) = match first(&lookup.authority.code) {
        Some((own, year)) => (own, lookup.authority.name.as_str(), year),
        None => (england.clone(), "England", lookup.year.min(2024)),
    };
    Some((own, england, format!("{who}, {}, {table}", figures::year_label(year))))
}

fn base_value(base: &Scenario, path: &str) -> f64 {
    base.parameters.iter().find(|parameter| parameter.path == path).map_or(1.0, |parameter| parameter.value)
}

/// England's value, to be scaled until a total is reached; its range is the total's.
fn scaled(base: &Scenario, lever: Lever, path: &str, totals: &BTreeMap<Lever, Figure>) -> Planned {
    let value = if path == CARE_LENGTH { 1.0 } else { base_value(base, path) };
    let (low, high, source) = match totals.get(&lever) {
        Some(total) if total.value > 0.0 => {
            let near = |ratio: f64| ratio.clamp(0.5, 1.6);
            let source = format!(
                "fitted, with its like, so that the pathway gives the {}: {}",
                lever.total(),
                total.source
            );
            (near(total.low / total.value), near(total.high / total.value), source)
        }
        Some(total) => {
            (0.5, 1.6, format!("fitted so that the pathway gives the {}: {}", lever.total(), total.source))
        }
        None => (0.8, 1.2, "England's, unchanged".to_owned()),
    };
    Planned { value, low, high, basis: "judgement", source }
}

fn taken(figure: &Figure) -> Planned {
    let relative = |bound: f64| if figure.value > 0.0 { bound / figure.value } else { 1.0 };
    Planned {
        value: figure.value,
        low: relative(figure.low),
        high: relative(figure.high),
        basis: figure.basis(),
        source: figure.source.clone(),
    }
}

/// Totals in children, all brought to one year: counts of other years and of others go by their quotient to
/// something that the authority has for the year.
fn totals(lookup: &Lookup, population: f64) -> Option<BTreeMap<Lever, Figure>> {
    let look = |name: &str, table: &str, counts: &Counts<'_>, most: f64| {
        lookup.figure(&Wanted { name, table, counts, most })
    };
    // An authority whose children are not in the tables still has its own count of referrals.
    let of_children = |tables: &Tables, code: &str, year: i16| {
        let own = code == lookup.authority.code && year == lookup.year;
        let children = tables.statistic(code, year, "population_0_17").or(own.then_some(population))?;
        Some((tables.statistic(code, year, "referrals")?, children))
    };
    let referrals = look("referrals for each child", C1, &of_children, 1.0)?.times(population);
    let each = |figure: Figure| figure.times(referrals.value);
    let enquiries = |tables: &Tables, code: &str, year: i16| {
        Some((
            figures::enquiries(tables, code, year)?,
            tables.statistic(code, year, "referrals").filter(|count| *count > 0.0)?,
        ))
    };
    let care_days = |tables: &Tables, code: &str, year: i16| {
        let begun = tables.statistic(code, year, "cla_started")?;
        let ended = tables.statistic(code, year, "cla_ceased")?;
        let open = tables.statistic(code, year, "cla_at_31_march")?;
        (begun + ended > 0.0).then_some((open, (begun + ended) / 2.0))
    };
    let plans = each(look(
        "child in need plans begun for each referral",
        B1,
        &of_statistics("cin_plans_started", "referrals"),
        2.0,
    )?);
    let protected = {
        let per_enquiry = |tables: &Tables, code: &str, year: i16| {
            Some((
                tables.statistic(code, year, "cpp_started")?,
                tables.statistic(code, year, "referrals").filter(|count| *count > 0.0)?,
            ))
        };
        each(look("child protection plans begun for each referral", D1, &per_enquiry, 1.0)?)
    };
    let care = look(
        "children who began to be looked after, for each child",
        CARE,
        &of_statistics("cla_started", "population_0_17"),
        0.1,
    )?
    .times(population);
    let open_plans = look(
        "child in need plans open for each begun in the year",
        B1,
        &of_statistics("cin_plans_at_31_march", "cin_plans_started"),
        3.0,
    )?;
    let open_protected = look(
        "child protection plans open for each begun in the year",
        D1,
        &of_statistics("cpp_at_31_march", "cpp_started"),
        3.0,
    )?;
    let open_care =
        look("children looked after for each who begins or ends in the year", CARE, &care_days, 12.0)?;
    let again = each(look(
        "referrals within 12 months of an earlier one, for each referral",
        C1,
        &of_statistics("rereferrals_within_12m", "referrals"),
        0.6,
    )?);
    let not_in_need = each(look(
        "referrals assessed and not in need, for each referral",
        C1,
        &of_statistics("referrals_assessed_not_in_need", "referrals"),
        0.9,
    )?);
    let assessments = each(look(
        "assessments for each referral",
        "DfE Children in need, table C2 (la_published_statistics.csv)",
        &of_statistics("assessments_completed", "referrals"),
        3.0,
    )?);
    let enquired = each(look("section 47 enquiries for each referral", C4, &enquiries, 2.0)?);
    Some(BTreeMap::from([
        (Lever::PlanLength, open_plans.times(plans.value)),
        (Lever::ProtectionLength, open_protected.times(protected.value)),
        (Lever::CareLength, open_care.times(care.value)),
        (Lever::Plans, plans),
        (Lever::Care, care),
        (Lever::Contacts, referrals.clone()),
        (Lever::Returns, again),
        (Lever::NotInNeed, not_in_need),
        (Lever::Enquiries, enquired),
        (Lever::Reassessments, assessments),
    ]))
}

fn workforce(lookup: &Lookup, population: f64) -> Option<Workforce> {
    let look = |name: &str, counts: &Counts<'_>, most: f64| {
        lookup.figure(&Wanted { name, table: WORKERS, counts, most })
    };
    let vacancies = |tables: &Tables, code: &str, year: i16| {
        let vacant = tables.statistic(code, year, "vacancy_fte")?;
        let filled = tables.statistic(code, year, "sw_fte_30_sept")?;
        (vacant + filled > 0.0).then_some((vacant, vacant + filled))
    };
    let percent_of_staff = |column: &'static str| {
        move |tables: &Tables, code: &str, year: i16| {
            let staff = tables.statistic(code, year, "sw_fte_30_sept")?;
            let percent = tables.statistic(code, year, column)?;
            (staff > 0.0).then_some((percent / 100.0 * staff, staff))
        }
    };
    Some(Workforce {
        holders: look(
            "case-holding social workers for each child",
            &of_statistics("case_holding_sw_fte", "population_0_17"),
            0.05,
        )?
        .times(population),
        caseload: look(
            "cases for each social worker who holds any",
            &of_statistics("cases_held", "case_holding_sw_fte"),
            60.0,
        )?,
        vacant: look("share of social work posts that are vacant", &vacancies, 0.6)?,
        agency: look("agency workers for each vacancy", &of_statistics("agency_sw_fte", "vacancy_fte"), 1.0)?,
        turnover: look(
            "leavers a year for each social worker in post",
            &percent_of_staff("sw_turnover_pct_fte"),
            0.6,
        )?,
        sickness: look("share of days lost to sickness", &percent_of_staff("sw_absence_pct_fte"), 0.2)?,
    })
}

const ASSESSMENT_BANDS: [&str; 9] = [
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
const CONFERENCE_BANDS: [&str; 4] =
    ["icpc_days_0_10", "icpc_days_11_15", "icpc_days_16_20", "icpc_days_21_plus"];

fn nearest_bands(
    lookup: &Lookup,
    table: TableName,
    total: &str,
    columns: &[&str],
    label: &str,
) -> Option<(Vec<f64>, String)> {
    let code = lookup.authority.code.as_str();
    let years = (0..8).map(|back| lookup.year - back).chain((1..8).map(|on| lookup.year + on));
    let (year, counts) = years
        .into_iter()
        .find_map(|year| Some((year, bands(lookup.tables, table, code, year, total, columns)?)))?;
    let sum: f64 = counts.iter().sum();
    // A handful of cases says less about the bands than England does.
    if sum < 20.0 {
        return None;
    }
    let source =
        format!("{}, {}, {label} ({})", lookup.authority.name, figures::year_label(year), table.file());
    Some((counts.into_iter().map(|count| count / sum).collect(), source))
}

fn assessment_bands(lookup: &Lookup) -> Option<(Vec<f64>, String)> {
    nearest_bands(
        lookup,
        TableName::Assessments,
        "assessments_completed",
        &ASSESSMENT_BANDS,
        "DfE Children in need, table C2",
    )
}

/// The band of 11 to 15 days is parted at the 12th as in England's pathway.
fn conference_bands(lookup: &Lookup) -> Option<(Vec<f64>, String)> {
    let (four, source) = nearest_bands(
        lookup,
        TableName::Conferences,
        "icpcs",
        &CONFERENCE_BANDS,
        "DfE Children in need, table C4",
    )?;
    let early = 0.200 / (0.200 + 0.503);
    Some((vec![four[0], four[1] * early, four[1] * (1.0 - early), four[2], four[3]], source))
}
