//! The scenario as a text that a person can read, sign and change.
//!
//! Consumes a plan, areas, posts and noise; produces TOML with the origin of every figure. Invariants: what is
//! written is a whole scenario; figures carry four digits, as many as anybody needs; the same input gives the
//! same bytes.

use std::fmt::Write;

use jiff::civil::{Date, Weekday, date};

use super::areas::{Area, NEED_RANGE};
use super::figures::{Figure, year_label};
use super::noise::{Estimate, Noise};
use super::plan::{CARE_LENGTH, CHILDREN, Lever, Plan, Planned};
use super::posts::Posts;
use crate::scenario::Scenario;

/// Weeks before the reported ones: ten years, so that those who stay in care to adulthood are there.
const WARM_UP_WEEKS: u32 = 520;

/// The Monday on which the year ending in March of `year` begins, the first on or after 1 April.
pub fn first_monday(year: i16) -> Date {
    let april = date(year - 1, 4, 1);
    let away = i64::from(Weekday::Monday.since(april.weekday()));
    april.saturating_add(jiff::Span::new().days(away))
}

/// England's pathway with one area of 10,000 children and staff enough for all.
pub fn bare(year: i16) -> String {
    let start = first_monday(year);
    let mut text = format!(
        "extends = \"england\"\nname = \"probe\"\nstart = {start}\nhorizon_weeks = 52\nwarm_up_weeks = 0\n\n[areas.whole]\npopulation = 10000\n"
    );
    for desk in DESKS {
        let _ = writeln!(text, "[desks.{}]\nfte = 5", desk.0);
    }
    for team in ["early_help", "assessment", "social_work", "looked_after"] {
        let _ = writeln!(text, "[teams.{team}]\nserves = \"all_areas\"\nfte = 20");
    }
    text
}

/// Desks and the role of those who sit at them.
pub const DESKS: [(&str, &str); 7] = [
    ("screening", "hub_screener"),
    ("police", "police_officer"),
    ("health", "health_practitioner"),
    ("education", "education_officer"),
    ("housing", "housing_officer"),
    ("probation", "probation_officer"),
    ("conference_chairs", "conference_chair"),
];

/// A probe with the plan's figures and its totals, for 10,000 children.
pub fn probe(plan: &Plan, base: &Scenario, year: i16) -> String {
    let mut text = bare(year);
    text.push_str(&pathway(plan, base));
    for (id, measure) in PROBED {
        let counts =
            if measure.starts_with("entries") || measure.starts_with("ends") || *measure == "referrals" {
                "counts = \"children\"\n"
            } else {
                ""
            };
        let _ = write!(
            text,
            "[published.{id}]\nmeasure = \"{measure}\"\n{counts}value = 1\nsource = \"probe\"\n"
        );
    }
    text
}

/// What a probe measures, by id in the order of ids.
pub const PROBED: &[(&str, &str)] = &[
    ("assessments", "entries_assessment"),
    ("care", "entries_looked_after"),
    ("care_open", "open_children_looked_after"),
    ("enquiries", "entries_section_47"),
    ("known", "entries_contact_known_family"),
    ("not_in_need", "ends_closed_not_in_need"),
    ("plans", "entries_child_in_need"),
    ("plans_open", "open_children_child_in_need"),
    ("protection_open", "open_children_child_protection_plan"),
    ("referrals", "referrals"),
];

/// A number with four significant digits, without an exponent or idle zeros.
pub fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let places = (3 - libm::floor(libm::log10(value.abs())) as i32).clamp(0, 8) as usize;
    let text = format!("{value:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn described(value: f64, range: Option<(f64, f64)>, basis: &str, source: &str) -> String {
    let range = match range {
        Some((low, high)) if low < value && value < high => {
            format!(", low = {}, high = {}", digits(low), digits(high))
        }
        _ => String::new(),
    };
    format!("{{ value = {}{range}, basis = \"{basis}\", source = {} }}", digits(value), quoted(source))
}

fn planned(figure: &Planned, most: f64) -> String {
    let bounds = (figure.value * figure.low, (figure.value * figure.high).min(most));
    described(figure.value, Some(bounds), figure.basis, &figure.source)
}

fn of_figure(figure: &Figure, most: f64) -> String {
    described(figure.value, Some((figure.low, figure.high.min(most))), figure.basis(), &figure.source)
}

/// The pathway's changed figures.
fn pathway(plan: &Plan, base: &Scenario) -> String {
    let mut text = String::new();
    let mut table = String::new();
    for (path, figure) in &plan.figures {
        if path == CARE_LENGTH {
            continue;
        }
        let Some((parent, key)) = path.rsplit_once('.') else { continue };
        // A duration is given whole, since its kind and spread belong to it.
        let parent = parent.to_owned();
        if parent != table {
            let _ = write!(text, "\n[{parent}]\n");
            table = parent;
        }
        let most = if path.starts_with("stages") && path.contains(".next.") { 1.0 } else { f64::MAX };
        let most = if path.ends_with("returns.share") || path.ends_with("visibility") { 1.0 } else { most };
        let _ = writeln!(text, "{key} = {}", planned(figure, most));
    }
    if let Some(care) = plan.figures.get(CARE_LENGTH) {
        text.push_str(&care_lengths(care, base));
    }
    if let Some((shares, source)) = &plan.assessment_bands {
        text.push_str(&band_shares("assessment", shares, source));
    }
    if let Some((shares, source)) = &plan.conference_bands {
        text.push_str(&band_shares("section_47", shares, source));
    }
    text
}

fn band_shares(stage: &str, shares: &[f64], source: &str) -> String {
    // Written shares must sum to 1 as written.
    let units: Vec<i64> = shares.iter().map(|share| libm::round(share * 1e4) as i64).collect();
    let largest = (0..units.len()).max_by_key(|index| units[*index]).unwrap_or_default();
    let missing = 10_000 - units.iter().sum::<i64>();
    let mut text = format!("\n[stages.{stage}.duration]\nshares = [\n");
    for (index, unit) in units.iter().enumerate() {
        let unit = if index == largest { unit + missing } else { *unit };
        let _ = writeln!(text, "  {},", described(unit as f64 / 1e4, None, "published", source));
    }
    text.push_str("]\n");
    text
}

/// The four kinds of care of the built-in pathway, all means scaled alike.
fn care_lengths(care: &Planned, base: &Scenario) -> String {
    let of = |kind: usize, key: &str| {
        let path = format!("{CARE_LENGTH}.{kind}.{key}");
        base.parameters.iter().find(|parameter| parameter.path == path)
    };
    let mut text = String::from("\n[stages.looked_after.duration]\ndistribution = \"mixture\"\nof = [\n");
    for kind in 0.. {
        let (Some(share), Some(mean)) = (of(kind, "share"), of(kind, "mean")) else { break };
        let law = match of(kind, "shape") {
            Some(shape) => format!("distribution = \"gamma\", shape = {}", digits(shape.value)),
            None => "distribution = \"exponential\"".to_owned(),
        };
        let scaled = mean.value * care.value;
        let source =
            format!("England's kinds of care, all lengths times {}: {}", digits(care.value), care.source);
        let range = Some((scaled * care.low, scaled * care.high));
        let bounds = share.low.zip(share.high);
        let _ = writeln!(
            text,
            "  {{ share = {}, {law}, mean = {} }},",
            described(share.value, bounds, "judgement", &format!("as in England: {}", share.source)),
            described(scaled, range, care.basis, &source)
        );
    }
    text.push_str("]\n");
    text
}

/// All that a scenario is made of.
pub struct Draft<'a> {
    /// The authority's name.
    pub name: &'a str,
    /// Its code.
    pub code: &'a str,
    /// The year ending in this March.
    pub year: i16,
    /// The reconciled plan.
    pub plan: &'a Plan,
    /// England's pathway.
    pub base: &'a Scenario,
    /// Localities.
    pub areas: &'a [Area],
    /// Ids of the localities, in the same order.
    pub ids: &'a [String],
    /// Posts.
    pub posts: &'a Posts,
    /// Noise and the schools' part.
    pub noise: &'a Noise,
    /// Published figures to be held against the results.
    pub published: &'a [super::published::PublishedFigure],
    /// Remarks about what stood in for what.
    pub remarks: &'a [String],
}

/// The whole scenario.
pub fn scenario(draft: &Draft) -> String {
    let mut text = heading(draft);
    text.push_str(&areas(draft));
    text.push_str(&demand(draft.noise));
    text.push_str("\n# ----------------------------------------------------------------------------------------- pathway\n# What differs from England's pathway (england.toml). Shares that are not published one by one are England's,\n# scaled together until the pathway gives the published total of the year.\n");
    text.push_str(&pathway(draft.plan, draft.base));
    text.push_str(&workforce(draft));
    text.push_str(&published(draft));
    text.push('\n');
    text.push_str(include_str!("money.toml"));
    text
}

fn heading(draft: &Draft) -> String {
    let label = year_label(draft.year);
    let mut text = format!(
        "# {}: a starting scenario from published statistics, {label}.\n#\n# Written by `caseflow init --authority {}`. Every figure says where it comes from; what is marked as judgement\n# is not published and is yours to replace. `caseflow check` compares the whole with what was published.\n#\n# DfE is the Department for Education; its years end on 31 March. DfE counts children; a family has {CHILDREN}.\n# The first of the two years is {label}; the second stands for the year ahead, at the same level of need.\n# Contains public sector information licensed under the Open Government Licence v3.0 (Department for Education,\n# Office for National Statistics, Ministry of Housing, Communities and Local Government).\n",
        draft.name, draft.code
    );
    if !draft.remarks.is_empty() {
        text.push_str("#\n# To know before using it:\n");
    }
    for remark in draft.remarks {
        let _ = writeln!(text, "# - {remark}");
    }
    let _ = write!(
        text,
        "\nextends = \"england\"\nname = {}\ntitle = {}\ndescription = {}\n\nstart = {}\nhorizon_weeks = 104\n# Ten years, so that those who stay in care to adulthood are there.\nwarm_up_weeks = {WARM_UP_WEEKS}\n\n[experiment]\nreplications = 100\n",
        quoted(&identifier(draft.name)),
        quoted(&format!("{}: a starting scenario, {label}", draft.name)),
        quoted(&format!(
            "Children's services of {} as published for {label}, in {} areas; from published statistics, to be replaced by the council's own counts.",
            draft.name,
            draft.areas.len()
        )),
        first_monday(draft.year),
    );
    text
}

/// A name as an id: small letters, digits and single underscores.
pub fn identifier(name: &str) -> String {
    let plain: String =
        name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let joined = plain.split_whitespace().collect::<Vec<_>>().join("_");
    if joined.starts_with(|first: char| first.is_ascii_digit()) || joined.is_empty() {
        format!("area_{joined}")
    } else {
        joined
    }
}

fn areas(draft: &Draft) -> String {
    let mut text = String::from(
        "\n# ------------------------------------------------------------------------------------------- areas\n# Children: ward estimates (mid-2020) scaled to the authority's population. Need: children in income-deprived\n# households (IDACI 2025) against the authority's share, so that the mean is 1; that need follows it in\n# proportion is judgement. Early help posts are not published: they are sized for 11 families each.\n",
    );
    let plan = draft.plan;
    for (index, area) in draft.areas.iter().enumerate() {
        let id = &draft.ids[index];
        let wards = if area.wards.len() > 12 {
            format!("{} and {} more wards", area.wards[..12].join(", "), area.wards.len() - 12)
        } else {
            area.wards.join(", ")
        };
        let suppressed = if area.suppressed { "; too low where small counts are suppressed" } else { "" };
        let need_source = format!(
            "IDACI 2025 by ward: {:.1}% of children 0-15 in income-deprived households{suppressed}; in proportion to it is judgement; {}",
            100.0 * area.deprived,
            area.how
        );
        let _ = write!(
            text,
            "\n[areas.{id}]   # {wards}\nname = {}\npopulation = {}\npopulation_growth = {}\nneed = {}\neffort = {}\n[areas.{id}.teams.early_help]\nfte = {}\n",
            quoted(&area.name),
            described(
                libm::round(area.share * plan.population),
                None,
                plan.population_source.0,
                &format!("ONS mid-2020 ward estimates scaled to {}", plan.population_source.1)
            ),
            described(
                plan.growth,
                None,
                "published",
                "change of the population 0-17 from the year before, ONS (la_published_statistics.csv)"
            ),
            described(
                area.need,
                Some((area.need * (1.0 - NEED_RANGE), area.need * (1.0 + NEED_RANGE))),
                "judgement",
                &need_source
            ),
            described(
                draft.posts.effort,
                Some((draft.posts.effort * 0.95, draft.posts.effort * 1.05)),
                "judgement",
                &draft.posts.effort_source
            ),
            described(
                draft.posts.early_help[index],
                None,
                "judgement",
                "sized for 11 families to each, as modelled; the number is not published"
            ),
        );
    }
    text
}

fn demand(noise: &Noise) -> String {
    let line = |estimate: &Estimate, most: f64| {
        described(
            estimate.value,
            Some((estimate.low, estimate.high.min(most))),
            estimate.basis,
            &estimate.source,
        )
    };
    format!(
        "\n# ------------------------------------------------------------------------------------------ demand\n\n[demand.year_noise]\ncv = {}\n\n[demand.month_noise]\ncv = {}\ncorrelation = {}\n",
        line(&noise.year_cv, 1.0),
        line(&noise.month_cv, 1.0),
        line(&noise.month_correlation, 0.95)
    )
}

fn workforce(draft: &Draft) -> String {
    let (posts, published) = (draft.posts, &draft.plan.workforce);
    let mut text = String::from(
        "\n# ---------------------------------------------------------------------------------------- workforce\n# Posts of social workers who hold cases, filled or not, shared by load; one team of each kind for all areas.\n",
    );
    for team in &posts.teams {
        let _ = write!(
            text,
            "\n[teams.{0}]\nserves = \"all_areas\"\nfte = {1}\npoints_per_fte = {2}\nstretch = {{ value = 0.25, low = 0, high = 0.5, shape = \"uniform\", basis = \"judgement\", source = \"as in the scenario of England's average: work is given out rather than kept in lists\" }}\n[teams.{0}.workforce]\nvacant_share = {3}\nleavers = {4}\ntime_to_hire = {{ distribution = \"gamma\", mean = {5}, shape = 4, unit = \"weeks\" }}\nagency_share = {6}\nsickness_spells = {7}\n",
            team.id,
            described(team.fte, None, "published", &posts.source),
            described(
                team.points,
                Some((team.points * 0.85, team.points * 1.15)),
                "judgement",
                &team.points_source
            ),
            of_figure(&published.vacant, 0.9),
            of_figure(&published.turnover, 0.9),
            described(
                posts.weeks_to_hire,
                Some((posts.weeks_to_hire * 0.8, posts.weeks_to_hire * 1.2)),
                "judgement",
                "fitted: at this rate of leaving, so long until a permanent worker comes that this share of posts is vacant"
            ),
            of_figure(&published.agency, 1.0),
            of_figure(&published.sickness.times(posts.spells_per_share), f64::MAX),
        );
    }
    text.push_str("\n# People present at desks: none of it is published; sized so that about one contact in five waits.\n");
    for ((desk, role), people) in DESKS.iter().zip(&posts.desks) {
        let source = "sized by square-root staffing for the contacts modelled; the number is not published";
        let _ = write!(
            text,
            "\n[desks.{desk}]\nrole = \"{role}\"\nserves = \"all_areas\"\nfte = {}\n",
            described(*people, None, "judgement", source)
        );
    }
    text
}

fn published(draft: &Draft) -> String {
    let mut text = String::from(
        "\n# ---------------------------------------------------------------------------------------- published\n# What results are held against; never an input to the simulation.\n",
    );
    for figure in draft.published {
        let _ = write!(
            text,
            "\n[published.{}]\nname = {}\n{}value = {}\nyear = {}\nsource = {}\n",
            figure.id,
            quoted(&figure.name),
            figure.measured,
            digits(figure.value),
            quoted(&year_label(figure.year)),
            quoted(&figure.source)
        );
    }
    text
}

/// How the levers stand after the plan is reconciled, for the remarks.
pub fn unreached(lever: Lever, modelled: f64, wanted: f64) -> String {
    format!(
        "The pathway gives {} {} where {} were published: England's order of steps cannot give more or less of them.",
        digits(modelled),
        lever.total(),
        digits(wanted)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits_and_no_idle_zeros() {
        for (value, text) in [
            (0.12345, "0.1235"),
            (1234.56, "1235"),
            (35617.0, "35617"),
            (0.5, "0.5"),
            (0.0, "0"),
            (12.0, "12"),
            (-0.0125, "-0.0125"),
        ] {
            assert_eq!(digits(value), text);
        }
    }

    #[test]
    fn the_year_begins_on_its_first_monday() {
        assert_eq!(first_monday(2025), date(2024, 4, 1));
        assert_eq!(first_monday(2024), date(2023, 4, 3));
    }

    #[test]
    fn a_name_becomes_an_id() {
        assert_eq!(identifier("Bristol, City of"), "bristol_city_of");
        assert_eq!(identifier("3rd ward"), "area_3rd_ward");
        assert_eq!(identifier("!"), "area_");
    }
}
