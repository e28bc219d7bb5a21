//! The published figures that a starting scenario is held against.
//!
//! Consumes the tables; produces one entry for each quantity that the authority itself published, with the
//! measure that stands for it. Those that set nothing in the scenario say so in their name: they are its test.

use super::figures::{Lookup, conferences, enquiries, year_label};
use super::tables::Tables;
use super::write::first_monday;

/// Years by which a figure may be older than the scenario's year.
const OLDEST: i16 = 1;

/// A published figure with what measures it.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedFigure {
    /// Id.
    pub id: &'static str,
    /// Name for readers.
    pub name: String,
    /// Lines of TOML that say what stands for it and when.
    pub measured: String,
    /// Its value.
    pub value: f64,
    /// The year ending in this March.
    pub year: i16,
    /// Where it was published.
    pub source: String,
}

type Number = fn(&Tables, &str, i16) -> Option<f64>;

/// When a figure holds.
#[derive(Clone, Copy, PartialEq)]
enum Over {
    /// The year.
    Year,
    /// 31 March.
    End,
    /// Any time.
    Always,
}

struct Item {
    id: &'static str,
    name: &'static str,
    measured: &'static str,
    over: Over,
    number: Number,
    table: &'static str,
    /// Whether nothing in the scenario was set by it.
    held_back: bool,
}

fn percent(value: Option<f64>) -> Option<f64> {
    value.map(|percent| percent / 100.0)
}

const SOCIAL: &str = "team = [\"assessment\", \"social_work\", \"looked_after\"]\n";

/// Everything that a scenario can be held against, for one authority and year.
pub fn published(lookup: &Lookup) -> Vec<PublishedFigure> {
    items().into_iter().filter_map(|item| figure(lookup, &item)).collect()
}

fn figure(lookup: &Lookup, item: &Item) -> Option<PublishedFigure> {
    let code = lookup.authority.code.as_str();
    let (year, value) = (0..=OLDEST)
        .map(|back| lookup.year - back)
        .find_map(|year| Some((year, (item.number)(lookup.tables, code, year)?)))?;
    let (start, end) = (first_monday(lookup.year), jiff::civil::date(lookup.year, 3, 30));
    let when = match item.over {
        Over::Year => format!("from = {start}\nto = {end}\n"),
        Over::End => format!("on = {end}\n"),
        Over::Always => String::new(),
    };
    let set = if item.held_back { ", not used to set anything" } else { "" };
    Some(PublishedFigure {
        id: item.id,
        name: format!("{}, {}{set}", item.name, year_label(year)),
        measured: format!("{}{when}", item.measured.replace("SOCIAL", SOCIAL.trim_end())),
        value,
        year,
        source: item.table.to_owned(),
    })
}

fn items() -> Vec<Item> {
    const C1: &str = "la_published_statistics.csv: DfE Children in need, table C1";
    const C2: &str = "la_published_statistics.csv: DfE Children in need, table C2";
    const C4: &str =
        "section47_icpc_durations.csv, la_indicators_2024_2025.csv: DfE Children in need, table C4";
    const D1: &str = "la_published_statistics.csv: DfE Children in need, table D1";
    const B1: &str = "la_published_statistics.csv: DfE Children in need, table B1";
    const CARE: &str = "la_published_statistics.csv: DfE Children looked after";
    const WORK: &str = "la_published_statistics.csv: DfE Children's social work workforce, 30 September";
    const TOOL: &str = "la_indicators_2024_2025.csv: DfE Local Authority Interactive Tool";
    let item = |id, name, measured, over, number: Number, table, held_back| Item {
        id,
        name,
        measured,
        over,
        number,
        table,
        held_back,
    };
    vec![
        item(
            "agency",
            "Agency staff among social workers",
            "measure = \"fte_agency\"\nSOCIAL\nover = [\"fte_in_post\", \"fte_agency\"]\n",
            Over::Always,
            |t, c, y| percent(t.statistic(c, y, "agency_rate_pct_fte")),
            WORK,
            true,
        ),
        item(
            "assessments",
            "Assessments",
            "measure = \"entries_assessment\"\ncounts = \"children\"\n",
            Over::Year,
            |t, c, y| t.statistic(c, y, "assessments_completed"),
            C2,
            false,
        ),
        item(
            "assessments_on_time",
            "Assessments within 45 working days",
            "measure = \"on_time_share_assessment\"\n",
            Over::Year,
            |t, c, y| percent(t.indicator(c, y, "assessments_within_45_working_days_pct")),
            TOOL,
            true,
        ),
        item(
            "care_begun",
            "Children who began to be looked after",
            "measure = \"entries_looked_after\"\ncounts = \"children\"\n",
            Over::Year,
            |t, c, y| t.statistic(c, y, "cla_started"),
            CARE,
            false,
        ),
        item(
            "care_ended",
            "Children who ceased to be looked after",
            "measure = \"completions\"\nteam = \"looked_after\"\ncounts = \"children\"\n",
            Over::Year,
            |t, c, y| t.statistic(c, y, "cla_ceased"),
            CARE,
            false,
        ),
        item(
            "case_holders",
            "Social workers who hold cases, FTE",
            "measure = \"fte_holding\"\nSOCIAL\n",
            Over::Always,
            |t, c, y| t.statistic(c, y, "case_holding_sw_fte"),
            WORK,
            false,
        ),
        item(
            "caseload",
            "Cases for each case-holding social worker",
            "measure = \"open_children\"\nSOCIAL\nover = \"fte_holding\"\n",
            Over::Always,
            |t, c, y| t.statistic(c, y, "caseload_per_case_holder_fte"),
            WORK,
            true,
        ),
        item(
            "child_in_need_plans",
            "Child in need plans, 31 March",
            "measure = \"open_children_child_in_need\"\n",
            Over::End,
            |t, c, y| t.statistic(c, y, "cin_plans_at_31_march"),
            B1,
            false,
        ),
        item(
            "child_in_need_plans_begun",
            "Child in need plans begun",
            "measure = \"entries_child_in_need\"\ncounts = \"children\"\n",
            Over::Year,
            |t, c, y| t.statistic(c, y, "cin_plans_started"),
            B1,
            false,
        ),
        item(
            "children_in_need",
            "Children in need, 31 March",
            "measure = [\"open_children_assessment\", \"open_children_section_47\", \"open_children_child_in_need\", \"open_children_child_protection_plan\", \"open_children_looked_after\"]\n",
            Over::End,
            |t, c, y| t.statistic(c, y, "cin_at_31_march"),
            B1,
            true,
        ),
        item(
            "conferences",
            "Initial child protection conferences",
            "measure = \"entries_conference\"\ncounts = \"children\"\n",
            Over::Year,
            conferences,
            C4,
            false,
        ),
        item(
            "conferences_on_time",
            "Initial conferences within 15 working days",
            "measure = \"on_time_share_conference\"\n",
            Over::Year,
            |t, c, y| percent(t.indicator(c, y, "icpc_within_15_working_days_pct")),
            TOOL,
            true,
        ),
        item(
            "enquiries",
            "Section 47 enquiries",
            "measure = \"entries_section_47\"\ncounts = \"children\"\n",
            Over::Year,
            enquiries,
            C4,
            false,
        ),
        item(
            "looked_after",
            "Children looked after, 31 March",
            "measure = \"open_children_looked_after\"\n",
            Over::End,
            |t, c, y| t.statistic(c, y, "cla_at_31_march"),
            CARE,
            false,
        ),
        item(
            "no_further_action",
            "Referrals with no further action",
            "measure = \"ends_referral_no_further_action\"\ncounts = \"children\"\n",
            Over::Year,
            |t, c, y| t.statistic(c, y, "referrals_nfa"),
            C1,
            false,
        ),
        item(
            "not_in_need",
            "Referrals assessed and not in need",
            "measure = \"ends_closed_not_in_need\"\ncounts = \"children\"\n",
            Over::Year,
            |t, c, y| t.statistic(c, y, "referrals_assessed_not_in_need"),
            C1,
            false,
        ),
        item(
            "protection_plans",
            "Child protection plans, 31 March",
            "measure = \"open_children_child_protection_plan\"\n",
            Over::End,
            |t, c, y| t.statistic(c, y, "cpp_at_31_march"),
            D1,
            false,
        ),
        item(
            "protection_plans_begun",
            "Child protection plans begun",
            "measure = \"entries_child_protection_plan\"\ncounts = \"children\"\n",
            Over::Year,
            |t, c, y| t.statistic(c, y, "cpp_started"),
            D1,
            false,
        ),
        item(
            "referrals",
            "Referrals",
            "measure = \"referrals\"\ncounts = \"children\"\n",
            Over::Year,
            |t, c, y| t.statistic(c, y, "referrals"),
            C1,
            false,
        ),
        item(
            "rereferred",
            "Referrals within 12 months of an earlier one, share",
            "measure = \"re_referrals\"\nover = \"referrals\"\n",
            Over::Year,
            |t, c, y| percent(t.statistic(c, y, "rereferral_pct")),
            C1,
            false,
        ),
        item(
            "sickness",
            "Days lost to sickness, social workers",
            "measure = \"fte_sick\"\nSOCIAL\nover = [\"fte_in_post\", \"fte_agency\"]\n",
            Over::Always,
            |t, c, y| percent(t.statistic(c, y, "sw_absence_pct_fte")),
            WORK,
            false,
        ),
        item(
            "turnover",
            "Leavers a year for each social worker in post",
            "measure = \"leavers\"\nSOCIAL\nover = \"fte_in_post\"\n",
            Over::Always,
            |t, c, y| percent(t.statistic(c, y, "sw_turnover_pct_fte")),
            WORK,
            false,
        ),
        item(
            "vacancies",
            "Share of social work posts vacant",
            "measure = \"fte_vacant\"\nSOCIAL\nover = [\"fte_in_post\", \"fte_vacant\"]\n",
            Over::Always,
            |t, c, y| percent(t.statistic(c, y, "vacancy_rate_pct_fte")),
            WORK,
            false,
        ),
    ]
}
