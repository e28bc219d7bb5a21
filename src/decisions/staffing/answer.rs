//! The answer, put together.

use serde::{Deserialize, Serialize};

use super::analytic::{DRAWS, analytic_posts, disagree};
use super::bill::{BillRow, bill, payments};
use super::bottleneck::{Obstacle, obstacles};
use super::confirm::confirm;
use super::curve::{CurvePoint, Curves, Range, curves};
use super::evaluate::{Evaluator, Keeper, LOOK, Unanswered, Workshop};
use super::ground::Ground;
use super::outcome::{Outcome, estimate};
use super::pooling::{PoolingRow, pooling};
use super::reliability::{Aims, Standing};
use super::search::{rule_out, search};
use super::seat::{Group, Place, Seat, seats};
use crate::scenario::{Draw, Rates, Scenario, WorkerGroup};
use crate::simulation::{Judged, Simulator};
use crate::summary::Estimate;

/// Posts for every unit and desk, and how sure that is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The posts.
    pub seats: Vec<SeatAnswer>,
    /// The standards judged, with what the recommended posts do for them.
    pub standards: Vec<StandardAnswer>,
    /// Posts around the recommendation.
    pub curve: Vec<CurvePoint>,
    /// What the posts cost a year and who pays: by item and payer, then by payer, then all.
    pub bill: Vec<BillRow>,
    /// The same posts otherwise arranged.
    pub pooling: Vec<PoolingRow>,
    /// Standards that no number of posts meets.
    pub obstacles: Vec<Obstacle>,
    /// Full-time equivalents of a step.
    pub step: f64,
    /// Replications behind each reliability of the recommendation.
    pub replications: u32,
    /// Replications simulated in all.
    pub simulated: u32,
    /// Which set of fresh replications confirmed the recommendation: 1 when the first did.
    pub confirmations: u32,
    /// Whether the search came to an end and fresh replications confirmed it.
    pub settled: bool,
}

/// The posts of one unit or desk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeatAnswer {
    /// Whose they are.
    pub seat: Seat,
    /// Least posts with which its standards are reliable enough; as many as now where none of its
    /// standards can be met by posts.
    pub recommended: f64,
    /// Whether posts can meet any of its standards.
    pub decided: bool,
    /// Posts that possible futures need, 5th to 95th percentile.
    pub range: Option<Range>,
    /// What binds: the standard with the least margin, and how often it holds as recommended.
    pub tightest: Option<(usize, Standing)>,
    /// With the posts of now, all seats being as they are now: the standard with the least margin.
    pub now: Option<(usize, Standing)>,
    /// Families (or tasks) waiting with the posts of now.
    pub waiting_now: Estimate,
    /// Families (or tasks) waiting as recommended.
    pub waiting: Estimate,
    /// Caseload for each full-time equivalent as recommended; none where it is not measured.
    pub caseload: Estimate,
    /// The same in the worst four weeks of the horizon.
    pub peak_caseload: Estimate,
    /// Families (or tasks) waiting in the worst four weeks of the horizon.
    pub peak_waiting: Estimate,
    /// A step fewer.
    pub one_less: Option<Neighbour>,
    /// A step more.
    pub one_more: Option<Neighbour>,
    /// Chance that this is the right step: that here the standards are reliable enough, and a step
    /// below they are not.
    pub chance_right: Option<f64>,
    /// The instant answer.
    pub analytic: f64,
    /// Whether the two differ by more than the analytic answer's accuracy.
    pub disagrees: bool,
    /// Pounds a year for the recommended posts; `None` where pay is not known.
    pub annual_cost: Option<f64>,
}

/// What a step fewer or more would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Neighbour {
    /// Posts.
    pub fte: f64,
    /// The standard with the least margin.
    pub tightest: Option<(usize, Standing)>,
    /// Families (or tasks) waiting.
    pub waiting: Estimate,
}

/// A standard judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StandardAnswer {
    /// Which, and where.
    pub judged: Judged,
    /// How often it holds with the posts of now.
    pub now: Standing,
    /// How often it holds as recommended.
    pub recommended: Standing,
    /// How often it holds in the worst four weeks of each year, as recommended.
    pub worst_weeks: Standing,
    /// How reliably it was sought: as wanted, or a little less where even ample posts only just meet it; `None`
    /// where no number of posts does.
    pub sought: Option<f64>,
}

/// Finds the posts.
///
/// `replications` are those of each decision at most, and of the confirmation.
///
/// # Errors
/// If no standard depends on posts, or the simulation fails or is stopped.
pub fn recommend(
    scenario: &Scenario,
    replications: u32,
    workshop: &Workshop,
    keeper: &mut dyn Keeper,
) -> Result<Answer, Unanswered> {
    let simulator = Simulator::new(scenario, workshop.seed);
    let layout = simulator.layout().clone();
    let (judged, payments) = (layout.judged.clone(), payments(&layout));
    let seats = seats(scenario, &judged);
    if seats.is_empty() {
        return Err(Unanswered::NothingToDecide);
    }
    let draws: Vec<Draw> = (0..DRAWS).map(|replication| simulator.draw(replication)).collect();
    let analytic = analytic_posts(scenario, &seats, &judged, &draws)?;
    let post_cost: Vec<f64> =
        seats.iter().map(|seat| annual_cost(scenario, seat, 1.0).unwrap_or(0.0)).collect();
    let mut evaluator = Evaluator::new(scenario, &seats, &payments, workshop, keeper);
    let mut aims = Aims::new(scenario, &judged);
    let mut ground = Ground {
        seats: &seats,
        step: scenario.staffing.step,
        analytic: &analytic,
        post_cost: &post_cost,
        replications,
        fixed: vec![false; seats.len()],
    };
    evaluator.expected = expected(&seats, replications);
    let ample = rule_out(&ground, &mut aims, &mut evaluator)?;
    ground.fixed = seats.iter().map(|seat| aims.of_seat(seat).next().is_none()).collect();
    let found = search(&ground, &aims, &mut evaluator)?;
    let confirmed = confirm(&ground, &mut aims, &mut evaluator, &found, &ample)?;
    let curves = curves(&ground, &aims, &mut evaluator, &confirmed.steps, confirmed.set)?;
    let posts = ground.posts(&confirmed.steps);
    let pooling = pooling(&ground, &aims, &mut evaluator, &posts, confirmed.set)?;
    let obstacles = obstacles(&ground, &aims, &mut evaluator, &ample)?;
    let current: Vec<f64> = seats.iter().map(|seat| seat.current).collect();
    let now = evaluator.outcomes(&current, confirmed.set, replications)?.to_vec();
    let then = evaluator.outcomes(&posts, confirmed.set, replications)?;
    let bill = bill(&payments, &now, then, layout.weeks);
    Ok(Answer {
        seats: seat_answers(&ground, &aims, &posts, &curves, &now, then),
        standards: standard_answers(&aims, &now, then),
        curve: curves.points,
        bill,
        pooling,
        obstacles,
        step: ground.step,
        replications,
        simulated: evaluator.simulated,
        confirmations: confirmed.set,
        settled: found.settled && confirmed.confirmed,
    })
}

/// About how many replications the whole will take, for whoever watches.
fn expected(seats: &[Seat], replications: u32) -> u32 {
    let classes = super::ground::classes(seats).len() as u32;
    2 * LOOK + 6 * 2 * LOOK + replications * (8 + 3 * classes) + 5 * classes * replications.min(96)
}

fn standard_answers(aims: &Aims, now: &[Outcome], then: &[Outcome]) -> Vec<StandardAnswer> {
    let answer = |judged: usize| StandardAnswer {
        judged: aims.judged[judged],
        now: aims.standing(judged, now),
        recommended: aims.standing(judged, then),
        worst_weeks: aims.worst_standing(judged, then),
        sought: aims.sought(judged, then.len()),
    };
    (0..aims.judged.len()).map(answer).collect()
}

/// What `posts` and those around them, in `curves`, mean for each seat.
fn seat_answers(
    ground: &Ground,
    aims: &Aims,
    posts: &[f64],
    curves: &Curves,
    now: &[Outcome],
    then: &[Outcome],
) -> Vec<SeatAnswer> {
    let answer = |seat: usize| {
        let (described, decided) = (&ground.seats[seat], !ground.is_fixed(seat));
        let (recommended, analytic) = (posts[seat], ground.analytic[seat]);
        let (below, above) =
            (curves.next_to(seat, recommended, true), curves.next_to(seat, recommended, false));
        let tightest = aims.tightest(described, then);
        SeatAnswer {
            seat: described.clone(),
            recommended,
            decided,
            range: if decided { curves.range(seat) } else { None },
            tightest,
            now: aims.tightest(described, now),
            waiting_now: estimate(now, |outcome| outcome.loads[seat].waiting),
            waiting: estimate(then, |outcome| outcome.loads[seat].waiting),
            caseload: estimate(then, |outcome| outcome.loads[seat].caseload),
            peak_caseload: estimate(then, |outcome| outcome.loads[seat].peak_caseload),
            peak_waiting: estimate(then, |outcome| outcome.loads[seat].peak_waiting),
            one_less: below.map(neighbour),
            one_more: above.map(neighbour),
            chance_right: chance_right(aims, tightest, below),
            analytic,
            disagrees: decided && disagree(analytic, recommended),
            annual_cost: annual_cost(aims.scenario, described, recommended),
        }
    };
    (0..posts.len()).map(answer).collect()
}

/// Pounds a year for so many posts, all filled by permanent staff: salary with on-costs at central
/// values, groups of workers in their proportions at their grades' pay. `None` where the role has no
/// pay.
pub fn annual_cost(scenario: &Scenario, seat: &Seat, fte: f64) -> Option<f64> {
    let draw = scenario.central_draw();
    let role = match seat.group {
        Group::Team(team) => &scenario.teams[team].role,
        Group::Desk(desk) => scenario.desks[desk].role.as_ref()?,
    };
    let groups = match seat.place {
        Place::Unit(unit) => scenario.units[unit].workers.as_slice(),
        Place::Desk(_) => &[],
    };
    let pay = &scenario.money.pay[scenario.money.pay_of(role)?];
    let now: f64 = groups.iter().map(|group| draw[group.fte]).sum();
    if now <= 0.0 {
        return Some(fte * pay.rates.permanent(&draw));
    }
    let of_group =
        |group: &WorkerGroup| draw[group.fte] / now * Rates::of(pay, group.grade.as_deref()).permanent(&draw);
    Some(fte * groups.iter().map(of_group).sum::<f64>())
}

fn neighbour(point: &CurvePoint) -> Neighbour {
    Neighbour { fte: point.fte, tightest: point.tightest, waiting: point.waiting }
}

/// Chance that here the tightest standard is reliable enough, and that below the tightest is not.
fn chance_right(aims: &Aims, here: Option<(usize, Standing)>, below: Option<&CurvePoint>) -> Option<f64> {
    let (judged, standing) = here?;
    let enough = standing.chance_of(aims.sought(judged, standing.of as usize)?);
    let too_few = match below.and_then(|point| point.tightest) {
        Some((judged, standing)) => 1.0 - standing.chance_of(aims.sought(judged, standing.of as usize)?),
        // There is no step below: nobody at all is not an establishment.
        None => 1.0,
    };
    Some(enough * too_few)
}
