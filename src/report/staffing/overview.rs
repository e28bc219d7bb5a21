//! The staffing answer as plain content, for the terminal and for programs.

use serde::Serialize;

use super::{StaffingReport, payer_id, served_id, served_name};
use crate::decisions::staffing::{
    ACCURACY, BillRow, Bottleneck, Neighbour, Obstacle, Payer, PoolingRow, SeatAnswer, StandardAnswer,
    Standing,
};
use crate::report::model::{WHOLE_COUNCIL, area_id, area_name, funder_name, item_id};
use crate::report::terminal::Figure;
use crate::scenario::Scenario;

/// The content of the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StaffingOverview {
    /// The scenario's name.
    pub scenario: String,
    /// The scenario's title.
    pub title: String,
    /// SHA-256 of the effective scenario, in hexadecimal.
    pub scenario_sha256: String,
    /// Master seed.
    pub seed: u64,
    /// Replications behind each chance.
    pub replications: u32,
    /// Full-time equivalents of a step.
    pub step: f64,
    /// The posts.
    pub posts: Vec<SeatOverview>,
    /// What the posts cost and who pays.
    pub costs: Vec<BillOverview>,
    /// The same posts otherwise arranged.
    pub pooling: Vec<PoolOverview>,
    /// Standards that no number of posts meets.
    pub obstacles: Vec<ObstacleOverview>,
    /// What the reader should know besides.
    pub notes: Vec<String>,
}

/// A chance of meeting the standard that binds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chance {
    /// The standard with the least margin.
    pub standard: String,
    /// Its name for readers.
    pub standard_name: String,
    /// Area in which it is judged.
    pub area: String,
    /// Share of possible futures in which it is met.
    pub reliability: f64,
    /// 95% interval of that.
    pub interval: (f64, f64),
    /// What is wanted.
    pub wanted: f64,
}

/// The posts of one unit or desk.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeatOverview {
    /// Area identifier, or `all`.
    pub area: String,
    /// The same for readers.
    pub area_name: String,
    /// Team or desk.
    pub team: String,
    /// The same for readers.
    pub team_name: String,
    /// Role.
    pub role: String,
    /// Posts now.
    pub current_fte: f64,
    /// Posts needed; absent where posts cannot meet any of the standards.
    pub recommended_fte: Option<f64>,
    /// Posts that possible futures need, 5th to 95th percentile.
    pub range_fte: Option<(f64, f64)>,
    /// Whether even fewer than the range's low end, or more than its high end, may do.
    pub range_open: (bool, bool),
    /// Chance as recommended.
    pub chance: Option<Chance>,
    /// Chance with the posts of now.
    pub chance_now: Option<Chance>,
    /// A step fewer.
    pub one_less: Option<StepOverview>,
    /// A step more.
    pub one_more: Option<StepOverview>,
    /// Chance that this is the right step.
    pub chance_right_step: Option<f64>,
    /// Families waiting with the posts of now.
    pub waiting_now: Figure,
    /// Families waiting as recommended.
    pub waiting: Figure,
    /// The instant analytic answer.
    pub analytic_fte: f64,
    /// Whether the two agree within the analytic answer's accuracy.
    pub analytic_agrees: bool,
    /// Pounds a year, where pay is known.
    pub annual_cost: Option<f64>,
}

/// What a step fewer or more would do.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StepOverview {
    /// Posts.
    pub fte: f64,
    /// Chance of the standard with the least margin.
    pub reliability: Option<f64>,
    /// 95% interval of that.
    pub interval: Option<(f64, f64)>,
    /// Families waiting.
    pub waiting: Figure,
}

/// What somebody pays a year for something, in pounds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BillOverview {
    /// What for: a role, `role:agency` and so on; `all` for everything.
    pub role: String,
    /// The funder's identifier; `unfunded` for what nobody pays, `all` for the whole.
    pub funder: String,
    /// The same for readers.
    pub funder_name: String,
    /// With the posts of now.
    pub now: Figure,
    /// As recommended.
    pub recommended: Figure,
    /// How much more, on the same families.
    pub difference: Figure,
}

/// An arrangement of a team's posts in one area.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoolOverview {
    /// Team.
    pub team: String,
    /// The same for readers.
    pub team_name: String,
    /// `ring_fenced`, `floating` or `one_pool`.
    pub arrangement: &'static str,
    /// Area identifier, or `all`.
    pub area: String,
    /// The same for readers.
    pub area_name: String,
    /// Families waiting.
    pub waiting: Figure,
    /// Mean wait in days.
    pub wait_days: Option<Figure>,
    /// The least reliable of the team's standards judged there.
    pub least_reliability: Option<f64>,
    /// 95% interval of that.
    pub least_interval: Option<(f64, f64)>,
}

/// A standard that no number of posts meets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ObstacleOverview {
    /// Standard.
    pub standard: String,
    /// Its name for readers.
    pub standard_name: String,
    /// Area in which it is judged.
    pub area: String,
    /// The same for readers.
    pub area_name: String,
    /// Chance with ample posts.
    pub reliability: f64,
    /// What is wanted.
    pub wanted: f64,
    /// What was lifted, in words, with the chance then; best first.
    pub lifted: Vec<(String, f64)>,
}

/// Gathers the answer for readers.
pub fn staffing_overview(report: &StaffingReport) -> StaffingOverview {
    let (scenario, answer, run) = (report.scenario, report.answer, report.run);
    StaffingOverview {
        scenario: run.scenario.clone(),
        title: scenario.title.clone(),
        scenario_sha256: run.scenario_sha256.clone(),
        seed: run.seed,
        replications: answer.replications,
        step: answer.step,
        posts: answer.seats.iter().map(|row| seat(report, row)).collect(),
        costs: answer.bill.iter().map(|row| bill(scenario, row)).collect(),
        pooling: answer.pooling.iter().map(|row| pool(scenario, row)).collect(),
        obstacles: answer.obstacles.iter().map(|found| obstacle(report, found)).collect(),
        notes: notes(report),
    }
}

fn seat(report: &StaffingReport, row: &SeatAnswer) -> SeatOverview {
    let beside = |neighbour: &Neighbour| {
        let standing = neighbour.tightest.map(|(_, standing)| standing);
        StepOverview {
            fte: neighbour.fte,
            reliability: standing.map(Standing::share),
            interval: standing.map(Standing::interval),
            waiting: Figure::from(&neighbour.waiting),
        }
    };
    SeatOverview {
        area: served_id(report.scenario, &row.seat).to_owned(),
        area_name: served_name(report.scenario, &row.seat),
        team: row.seat.holder.clone(),
        team_name: row.seat.name.clone(),
        role: row.seat.role.clone(),
        current_fte: row.seat.current,
        recommended_fte: row.decided.then_some(row.recommended),
        range_fte: row.range.map(|range| (range.low.0, range.high.0)),
        range_open: row.range.map_or((false, false), |range| (range.low.1, range.high.1)),
        chance: row.tightest.map(|binding| chance(report, binding)),
        chance_now: row.now.map(|binding| chance(report, binding)),
        one_less: row.one_less.as_ref().map(beside),
        one_more: row.one_more.as_ref().map(beside),
        chance_right_step: row.chance_right.filter(|_| row.decided),
        waiting_now: Figure::from(&row.waiting_now),
        waiting: Figure::from(&row.waiting),
        analytic_fte: row.analytic,
        analytic_agrees: !row.disagrees,
        annual_cost: row.annual_cost,
    }
}

fn chance(report: &StaffingReport, (judged, standing): (usize, Standing)) -> Chance {
    let judged = report.answer.standards[judged].judged;
    let standard = &report.scenario.standards[judged.standard];
    Chance {
        standard: standard.id.clone(),
        standard_name: standard.name.clone(),
        area: area_id(report.scenario, judged.area).to_owned(),
        reliability: standing.share(),
        interval: standing.interval(),
        wanted: standard.reliability,
    }
}

fn bill(scenario: &Scenario, row: &BillRow) -> BillOverview {
    BillOverview {
        role: row.item.map_or(WHOLE_COUNCIL.to_owned(), |item| item_id(scenario, item)),
        funder: payer_id(scenario, row.payer).to_owned(),
        funder_name: match row.payer {
            Payer::Funder(funder) => funder_name(scenario, Some(funder)).to_owned(),
            Payer::Nobody => funder_name(scenario, None).to_owned(),
            Payer::Everyone => "All costs".to_owned(),
        },
        now: Figure::from(&row.now),
        recommended: Figure::from(&row.recommended),
        difference: Figure::from(&row.more),
    }
}

fn pool(scenario: &Scenario, row: &PoolingRow) -> PoolOverview {
    let standings = row.standards.iter().map(|&(_, standing)| standing);
    let least = standings.min_by(|a, b| a.share().total_cmp(&b.share()));
    PoolOverview {
        team: scenario.teams[row.team].id.clone(),
        team_name: scenario.teams[row.team].name.clone(),
        arrangement: row.arrangement.as_str(),
        area: area_id(scenario, row.area).to_owned(),
        area_name: area_name(scenario, row.area).to_owned(),
        waiting: Figure::from(&row.waiting),
        wait_days: (row.wait_days.n > 0).then(|| Figure::from(&row.wait_days)),
        least_reliability: least.map(Standing::share),
        least_interval: least.map(Standing::interval),
    }
}

fn obstacle(report: &StaffingReport, found: &Obstacle) -> ObstacleOverview {
    let judged = report.answer.standards[found.judged].judged;
    let standard = &report.scenario.standards[judged.standard];
    let lifted = found.reliefs.iter();
    ObstacleOverview {
        standard: standard.id.clone(),
        standard_name: standard.name.clone(),
        area: area_id(report.scenario, judged.area).to_owned(),
        area_name: area_name(report.scenario, judged.area).to_owned(),
        reliability: found.ample.share(),
        wanted: standard.reliability,
        lifted: lifted
            .map(|relief| (in_words(report.scenario, &relief.lifted), relief.standing.share()))
            .collect(),
    }
}

/// What was lifted, after "with" or "without".
fn in_words(scenario: &Scenario, lifted: &Bottleneck) -> String {
    match lifted {
        Bottleneck::People => "more people where posts were not sought".to_owned(),
        Bottleneck::Hours => "all hours of work done at once".to_owned(),
        Bottleneck::CaseloadLimit => "no limit on caseloads".to_owned(),
        Bottleneck::Desk(desk) => format!("{} staffed day and night", scenario.desks[*desk].name),
        Bottleneck::AllDesks => "all desks staffed day and night".to_owned(),
        Bottleneck::Manager => "managers never away".to_owned(),
        Bottleneck::OwnTime => "no time taken by the work itself".to_owned(),
    }
}

fn notes(report: &StaffingReport) -> Vec<String> {
    let answer = report.answer;
    let mut notes = Vec::new();
    if !answer.settled {
        notes.push(
            "the search did not settle: some standard stays just short of what is wanted; \
             more replications would tell"
                .to_owned(),
        );
    }
    if answer.confirmations > 1 {
        let times = match answer.confirmations - 1 {
            1 => "once".to_owned(),
            times => format!("{times} times"),
        };
        notes.push(format!(
            "fresh replications asked for more posts than the search had found, {times}; the figures are those of \
             the last, fresh ones"
        ));
    }
    let eased = |row: &&StandardAnswer| {
        let wanted = report.scenario.standards[row.judged.standard].reliability;
        row.sought.is_some_and(|sought| sought < wanted)
    };
    let easing = answer.standards.iter().filter(eased).count();
    if easing > 0 {
        notes.push(format!(
            "in {easing} of {} cases where a standard is judged, even ample posts only just reach what is wanted, and \
             other things decide; there posts were sought that come within chance of what ample posts give \
             (staffing_standards.csv, sought_reliability)",
            answer.standards.len()
        ));
    }
    let differing = answer.seats.iter().filter(|row| row.disagrees).count();
    if differing > 0 {
        notes.push(format!(
            "in {differing} of {} rows the instant analytic answer differs from the simulated one by more than its \
             accuracy ({:.0}%, or one post): the analytic one knows neither waiting and its consequences nor the \
             swing of demand, and aims at families not waiting at all",
            answer.seats.len(),
            100.0 * ACCURACY
        ));
    }
    if answer.seats.iter().all(|row| row.annual_cost.is_none()) {
        notes.push("the scenario gives no pay for these roles, so no cost is shown".to_owned());
    }
    notes
}
