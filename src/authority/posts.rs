//! Posts, from the published workforce and from what the pathway asks for.
//!
//! Consumes a loaded draft with nominal posts and the published workforce; produces posts by team, area and desk,
//! and the hours that a case takes here. Social workers who hold cases are published in total and shared by load;
//! early help workers and people at desks are not published anywhere and are sized to the work modelled.

use super::plan::Workforce;
use super::write::DESKS;
use crate::analysis::offered_load::Analysis;

/// How full the published case holders are taken to be, on average: years and months swing by so much that at nine
/// tenths half of the weeks are overfull, and far fewer assessments are in time than are published.
const FULL: f64 = 0.7;
/// Families for each early help worker.
const FAMILIES_EACH: f64 = 11.0;
/// Days of a spell of sickness on average, by which days lost become spells (England's pathway).
const SPELL_DAYS: f64 = 11.6;
/// Share of a vacancy's time that an agency worker covers it, when there is one for each vacancy.
const COVERED: f64 = 0.9;
const DAYS_A_YEAR: f64 = 365.25;

/// Teams of social workers and the least points for each of them, as in
/// the scenario of England's average: work is given out rather than kept in lists.
pub const TEAMS: [(&str, f64); 3] = [("assessment", 26.0), ("social_work", 21.0), ("looked_after", 21.0)];

/// A team's posts.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamPosts {
    /// Team.
    pub id: &'static str,
    /// Posts, full-time equivalents.
    pub fte: f64,
    /// Children that each may hold.
    pub points: f64,
    /// Why so many.
    pub points_source: String,
}

/// All posts.
#[derive(Clone, Debug, PartialEq)]
pub struct Posts {
    /// Multiplies the hours of a case.
    pub effort: f64,
    /// Why.
    pub effort_source: String,
    /// Early help posts by area.
    pub early_help: Vec<f64>,
    /// Social work teams.
    pub teams: Vec<TeamPosts>,
    /// Where the social workers' number comes from.
    pub source: String,
    /// Mean weeks until a permanent worker comes.
    pub weeks_to_hire: f64,
    /// Spells of sickness a year for each share of days lost.
    pub spells_per_share: f64,
    /// People at desks, in the order of [`DESKS`].
    pub desks: [f64; 7],
}

impl Posts {
    /// Enough for any load, to ask for the load.
    pub fn nominal(areas: usize, workforce: &Workforce) -> Self {
        let team = |(id, points): (&'static str, f64)| TeamPosts {
            id,
            fte: 10.0,
            points,
            points_source: String::new(),
        };
        Self {
            effort: 1.0,
            effort_source: String::new(),
            early_help: vec![10.0; areas],
            teams: TEAMS.map(team).to_vec(),
            source: String::new(),
            weeks_to_hire: weeks_to_hire(workforce),
            spells_per_share: DAYS_A_YEAR / SPELL_DAYS,
            desks: [5.0; 7],
        }
    }

    /// Posts that fit the load of a draft with nominal posts.
    pub fn sized(nominal: &Self, analysis: &Analysis, ids: &[String], workforce: &Workforce) -> Self {
        let load = |team: &str, unit: &str| {
            analysis.teams.iter().find(|load| load.team == team && load.unit == unit)
        };
        let holders = workforce.holders.value;
        let uncovered = workforce.vacant.value * (1.0 - COVERED * workforce.agency.value.min(1.0));
        let posts = (holders / (1.0 - uncovered)).max(0.9);
        let hours: Vec<(f64, f64, f64)> = TEAMS
            .iter()
            .map(|(team, _)| {
                load(team, team).map_or((0.0, 0.0, 0.0), |load| {
                    (load.hours_needed, load.hours_available / load.fte, load.open_children)
                })
            })
            .collect();
        let needed: f64 = hours.iter().map(|(needed, _, _)| needed).sum();
        let supplied: f64 =
            hours.iter().map(|(own, each, _)| posts * each * own / needed.max(f64::MIN_POSITIVE)).sum();
        let effort = (FULL * supplied / needed.max(f64::MIN_POSITIVE)).clamp(0.25, 3.0);
        let teams = TEAMS.iter().zip(&hours).map(|((id, least), (own, _, children))| {
            let fte = (10.0 * posts * own / needed.max(f64::MIN_POSITIVE)).round().max(3.0) / 10.0;
            let each = children / fte;
            let points = (1.4_f64 * each).max(*least).min(60.0).round();
            let points_source = format!("judgement: two fifths above the {each:.0} children to each as modelled, and at least {least:.0} as in England's average");
            TeamPosts { id, fte, points, points_source }
        });
        let people = |desk: &str| {
            let load = analysis.desks.iter().find(|load| load.desk == desk);
            load.map_or(1.0, |load| (2.0_f64 * load.suggested_people).ceil().max(2.0) / 2.0)
        };
        Self {
            effort,
            effort_source: format!(
                "judgement: hours for each case restated so that the {holders:.1} social workers who hold cases are seven tenths full of the children modelled, who are not all the cases they hold"
            ),
            early_help: ids
                .iter()
                .map(|id| {
                    load("early_help", id)
                        .map_or(1.0, |load| (2.0 * load.open_families / FAMILIES_EACH).ceil().max(1.0) / 2.0)
                })
                .collect(),
            teams: teams.collect(),
            source: format!(
                "shared by load: {posts:.1} posts in all, for {holders:.1} FTE who hold cases once vacancies and agency cover are counted; {}",
                workforce.holders.source
            ),
            desks: DESKS.map(|(desk, _)| people(desk)),
            ..nominal.clone()
        }
    }
}

/// With a share `v` of posts vacant and a share `l` leaving a year, posts are filled after v / (1 - v) / l years.
fn weeks_to_hire(workforce: &Workforce) -> f64 {
    let (vacant, leaving) = (workforce.vacant.value, workforce.turnover.value);
    if leaving <= 0.01 {
        return 26.0;
    }
    (vacant / (1.0 - vacant) / leaving * DAYS_A_YEAR / 7.0).clamp(4.0, 200.0)
}
