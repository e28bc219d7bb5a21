//! The ledger of one replication: what is spent on what, and who pays.
//!
//! Consumes who is in post as each week begins, and the week's children by stage; produces the
//! week's costs for the measures and, at the end, whole pence for every line of the
//! [`CostPlan`]. Costs follow from people and children: there are no events
//! of money.
//!
//! Sums are kept in pounds for each charge and piece of time. They become whole pence once for each
//! charge and financial year, and are then only shared out. **Invariants:** the pence of the lines
//! are the pence of the charges; a pot pays no more than it holds and nothing that it may not.

use super::charging::{Paid, charge};
use super::costs::{CostPlan, Piece};
use super::frame::Frame;
use super::posts::{Filling, Post};
use super::tally::Flow;
use super::workforce::{NO_POST, Supply};
use crate::random::{Purpose, StreamKey};
use crate::scenario::{Draw, MANAGER_ROLE, Pot, Rates, Scenario};

/// Pence in a pound.
const PENCE: f64 = 100.0;

/// What was spent so far, in one replication.
#[derive(Default)]
pub(super) struct Ledger {
    /// What each post's holder costs.
    rates: Vec<Option<Cost>>,
    /// What a manager costs, pounds a year.
    manager: f64,
    /// By unit, for the week under way.
    week: Vec<UnitWeek>,
    /// By desk unit: pounds a year of people between two days.
    desks: Vec<Vec<(f64, i64, i64)>>,
    /// By placement: pounds a week for each child.
    placements: Vec<f64>,
    /// By programme: pounds once, and pounds a year.
    programmes: Vec<(f64, f64)>,
    /// By pot: the first financial year in which it has been withdrawn, counted from the first reported.
    withdrawn: Vec<usize>,
    /// By area: its drawn children.
    children: Vec<f64>,
    /// By charge and piece, charge-major: pounds.
    pounds: Vec<f64>,
    /// By unit, for the audit: pounds of its own people over the reported weeks.
    unit_pounds: Vec<f64>,
}

/// What the people of one post cost.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// A permanent worker of 1 FTE, pounds a year.
    permanent: f64,
    /// An agency worker of 1 FTE, pounds a year.
    agency: f64,
    /// A new starter, pounds.
    recruitment: f64,
}

/// What a unit costs in a week: posts, agency and managers in pounds a year, recruitment in pounds.
#[derive(Clone, Copy, Debug, Default)]
struct UnitWeek {
    posts: f64,
    agency: f64,
    managers: f64,
    recruitment: f64,
}

/// A week's costs, or several weeks' together; pounds.
#[derive(Clone, Debug, Default)]
pub(super) struct Costs {
    /// By unit: its people and managers.
    pub units: Vec<f64>,
    /// By desk unit.
    pub desks: Vec<f64>,
    /// By area: placements and programmes.
    pub areas: Vec<f64>,
}

impl Costs {
    /// Adds a week.
    pub fn add(&mut self, week: &Costs) {
        for (sum, week) in
            [(&mut self.units, &week.units), (&mut self.desks, &week.desks), (&mut self.areas, &week.areas)]
        {
            sum.iter_mut().zip(week).for_each(|(sum, week)| *sum += week);
        }
    }

    /// As many places as a scenario has, all empty.
    pub fn reset(&mut self, scenario: &Scenario) {
        for (list, count) in [
            (&mut self.units, scenario.units.len()),
            (&mut self.desks, scenario.desk_units.len()),
            (&mut self.areas, scenario.areas.len()),
        ] {
            list.clear();
            list.resize(count, 0.0);
        }
    }
}

impl Cost {
    fn new(rates: &Rates, draw: &Draw) -> Self {
        Self {
            permanent: rates.permanent(draw),
            agency: rates.agency(draw),
            recruitment: draw[rates.recruitment],
        }
    }
}

impl Ledger {
    /// Empties the books and takes the draw's rates.
    pub fn reset(&mut self, frame: &Frame, draw: &Draw, key: StreamKey, posts: &[Post]) {
        let Some(plan) = &frame.costs else { return };
        let scenario = frame.scenario;
        let money = &scenario.money;
        let cost_of = |role: Option<&str>, grade: Option<&str>| {
            let pay = role.and_then(|role| money.pay_of(role)).map(|pay| &money.pay[pay]);
            pay.map(|pay| Cost::new(&Rates::of(pay, grade), draw))
        };
        self.rates.clear();
        self.manager = cost_of(Some(MANAGER_ROLE), None).map_or(0.0, |cost| cost.permanent);
        self.week.clear();
        self.week.resize(scenario.units.len(), UnitWeek::default());
        self.desks.clear();
        self.desks.extend(scenario.desk_units.iter().map(|unit| {
            let cost = cost_of(scenario.desks[unit.desk].role.as_deref(), None);
            let group = |people: &crate::scenario::DeskPeople| {
                let cost = cost?;
                Some((draw[people.fte] * cost.permanent, people.from_day, people.to_day))
            };
            unit.people.iter().filter_map(group).collect()
        }));
        self.placements.clear();
        self.placements.extend(money.placements.iter().map(|placement| draw[placement.per_child_week]));
        self.programmes.clear();
        let drawn = |figure: Option<crate::scenario::Quantity>| figure.map_or(0.0, |figure| draw[figure]);
        self.programmes.extend((money.programmes.iter()).map(|programme| {
            (programme.part * drawn(programme.one_off), programme.part * drawn(programme.per_year))
        }));
        self.withdrawn.clear();
        self.withdrawn.extend(money.pots.iter().map(|pot| withdrawn(pot, plan, draw, key)));
        self.children.clear();
        self.children.extend(scenario.areas.iter().map(|area| draw[area.population]));
        self.pounds.clear();
        self.pounds.resize(plan.charges.len() * plan.pieces.len(), 0.0);
        self.unit_pounds.clear();
        self.unit_pounds.resize(scenario.units.len(), 0.0);
        self.rates.extend(posts.iter().map(|post| {
            let unit = &scenario.units[post.unit];
            // Posts that an intervention brings are paid as the role is.
            let grade = post.group.and_then(|group| unit.workers[group].grade.as_deref());
            cost_of(Some(&scenario.teams[unit.team].role), grade)
        }));
    }

    /// A week begins: who is paid in it. `before` and `now` are what each post supplied and supplies;
    /// `managers` counts a unit's; `first` is the run's first week, whose people are there already.
    pub fn begin_week(
        &mut self,
        posts: &[Post],
        before: &[Supply],
        now: &[Supply],
        managers: impl Fn(usize) -> usize,
        first: bool,
    ) {
        debug_assert_eq!(self.rates.len(), posts.len());
        self.week.fill(UnitWeek::default());
        for ((post, cost), (before, now)) in posts.iter().zip(&self.rates).zip(before.iter().zip(now)) {
            let Some(cost) = cost else { continue };
            let week = &mut self.week[post.unit];
            week.posts += now.in_post * cost.permanent;
            week.agency += now.agency * cost.agency;
            if is_starter(post, before, now, first) {
                week.recruitment += cost.recruitment;
            }
        }
        for (unit, week) in self.week.iter_mut().enumerate() {
            week.managers = managers(unit) as f64 * self.manager;
        }
    }

    /// A reported week ends: its costs go into the books, and are told to the measures.
    pub fn end_week(&mut self, frame: &Frame, week: usize, flows: &[Flow], costs: &mut Costs) {
        let Some(plan) = &frame.costs else { return };
        costs.reset(frame.scenario);
        for (number, part) in plan.weeks[week].iter().enumerate() {
            self.book_people(plan, part, number == 0, costs);
            self.book_children(frame, plan, part, flows, costs);
            self.book_programmes(frame.scenario, plan, part, costs);
        }
    }

    /// Adds pounds to a charge, if it is one.
    fn book(&mut self, plan: &CostPlan, charge: Option<usize>, part: &Piece, pounds: f64) -> f64 {
        let Some(charge) = charge else { return 0.0 };
        self.pounds[charge * plan.pieces.len() + part.piece] += pounds;
        pounds
    }

    /// People are paid by the day; new starters cost on the Monday on which they begin.
    fn book_people(&mut self, plan: &CostPlan, part: &Piece, monday: bool, costs: &mut Costs) {
        let year = plan.years[part.year].days;
        let share = part.days_within(part.from, part.to) / year;
        for (unit, charges) in plan.units.iter().enumerate() {
            let week = self.week[unit];
            let mut own = self.book(plan, charges.posts, part, week.posts * share);
            own += self.book(plan, charges.agency, part, week.agency * share);
            if monday {
                own += self.book(plan, charges.recruitment, part, week.recruitment);
            }
            self.unit_pounds[unit] += own;
            costs.units[unit] += own + self.book(plan, charges.managers, part, week.managers * share);
        }
        for (unit, &charge) in plan.desk_units.iter().enumerate() {
            let pounds = |(a_year, from, to): &(f64, i64, i64)| a_year * part.days_within(*from, *to) / year;
            let pounds: f64 = self.desks[unit].iter().map(pounds).sum();
            costs.desks[unit] += self.book(plan, charge, part, pounds);
        }
    }

    fn book_children(
        &mut self,
        frame: &Frame,
        plan: &CostPlan,
        part: &Piece,
        flows: &[Flow],
        costs: &mut Costs,
    ) {
        let scenario = frame.scenario;
        let weeks = part.days_within(part.from, part.to) / 7.0;
        for (index, placement) in scenario.money.placements.iter().enumerate() {
            for (area, &charge) in plan.placements[index].iter().enumerate() {
                let children = flows[area * scenario.stages.len() + placement.stage].children;
                let pounds = children * self.placements[index] * weeks;
                costs.areas[area] += self.book(plan, Some(charge), part, pounds);
            }
        }
    }

    fn book_programmes(&mut self, scenario: &Scenario, plan: &CostPlan, part: &Piece, costs: &mut Costs) {
        for (index, programme) in scenario.money.programmes.iter().enumerate() {
            let (one_off, per_year) = self.programmes[index];
            let begins = (part.from..part.to).contains(&programme.from_day);
            let days = part.days_within(programme.from_day, programme.to_day);
            let pounds = per_year * days / plan.years[part.year].days + if begins { one_off } else { 0.0 };
            if pounds == 0.0 {
                continue;
            }
            let borne = &plan.programmes[index];
            let children: f64 = borne.iter().map(|&(area, _)| self.children[area]).sum();
            for &(area, charge) in borne {
                let share =
                    if children > 0.0 { self.children[area] / children } else { 1.0 / borne.len() as f64 };
                costs.areas[area] += self.book(plan, Some(charge), part, pounds * share);
            }
        }
    }

    /// Closes the books: pence of every line.
    ///
    /// # Errors
    /// The law that does not hold, if one does not.
    pub fn close(&self, frame: &Frame, draw: &Draw) -> Result<Vec<i64>, String> {
        let Some(plan) = &frame.costs else { return Ok(Vec::new()) };
        let mut lines = vec![0_i64; plan.lines.len()];
        for year in 0..plan.years.len() {
            self.close_year(frame.scenario, plan, draw, year, &mut lines)?;
        }
        Ok(lines)
    }

    fn close_year(
        &self,
        scenario: &Scenario,
        plan: &CostPlan,
        draw: &Draw,
        year: usize,
        lines: &mut [i64],
    ) -> Result<(), String> {
        let pieces: Vec<&Piece> = plan.pieces_of(year).collect();
        let due = self.pence_due(plan, &pieces);
        let holds = pots_hold(scenario, plan, draw, &self.withdrawn, year, &pieces);
        let place = |at: usize| (at / pieces.len(), pieces[at % pieces.len()]);
        let paid = charge(&due, &holds, |pot, at| {
            let (charge, piece) = place(at);
            plan.may_pay(scenario, pot, charge, piece)
        });
        let mut booked = 0;
        let mut book = |at: usize, funder: Option<usize>, pence: i64| {
            let Some(line) = plan.line(place(at).0, funder, year) else {
                return if pence == 0 { Ok(()) } else { Err(format!("{pence} pence belong to no line")) };
            };
            lines[line] += pence;
            booked += pence;
            Ok(())
        };
        for at in 0..due.len() {
            for (pot, described) in scenario.money.pots.iter().enumerate() {
                book(at, Some(described.funder), paid.by(pot, at))?;
            }
            book(at, None, paid.unfunded[at])?;
        }
        balance(&due, &holds, &paid, booked)
    }

    /// Pence due of each charge and piece of a year, charge-major. A charge's year is rounded once;
    /// its pieces are differences of the rounded running sum, so that they add up to it.
    fn pence_due(&self, plan: &CostPlan, pieces: &[&Piece]) -> Vec<i64> {
        let mut due = Vec::with_capacity(plan.charges.len() * pieces.len());
        for charge in 0..plan.charges.len() {
            let (mut pounds, mut before) = (0.0, 0);
            for piece in pieces {
                pounds += self.pounds[charge * plan.pieces.len() + piece.piece];
                let pence = (pounds * PENCE).round() as i64;
                due.push(pence - before);
                before = pence;
            }
        }
        due
    }

    /// By unit: what its own people cost, pounds.
    pub fn unit_pounds(&self) -> &[f64] {
        &self.unit_pounds
    }

    /// All that was spent, pounds.
    pub fn all_pounds(&self) -> f64 {
        self.pounds.iter().sum()
    }
}

/// Whether somebody begins in a post: it is filled and was not, after the run's first week. What is
/// left of a post that goes in part is held by who held the whole.
pub(super) fn is_starter(post: &Post, before: &Supply, now: &Supply, first: bool) -> bool {
    let goes_on = post.filling == Filling::Held && before.person == NO_POST;
    !first && !goes_on && now.in_post > 0.0 && before.in_post == 0.0
}

/// The first financial year, counted from the first reported, in which a pot has been withdrawn: at each 1 April
/// within the reported time it is with the pot's chance, by draws that belong to the pot.
fn withdrawn(pot: &Pot, plan: &CostPlan, draw: &Draw, key: StreamKey) -> usize {
    let Some(chance) = pot.withdrawal else { return usize::MAX };
    let of_pot = key.named("pot").named(&pot.id).purpose(Purpose::Pot);
    let gone = |&year: &usize| of_pot.child(plan.years[year].begins as u64).uniform() < draw[chance];
    (1..plan.years.len()).find(gone).unwrap_or(usize::MAX)
}

/// Pence that each pot holds for a year: its share of the amount for the days on which it is there.
fn pots_hold(
    scenario: &Scenario,
    plan: &CostPlan,
    draw: &Draw,
    withdrawn: &[usize],
    year: usize,
    pieces: &[&Piece],
) -> Vec<Option<i64>> {
    let holds = |(pot, withdrawn): (&Pot, &usize)| {
        if year >= *withdrawn {
            return Some(0);
        }
        let amount = pot.amount.pounds(&scenario.money, draw)?;
        let days: f64 = pieces.iter().map(|piece| piece.days_within(pot.from_day, pot.to_day)).sum();
        Some((amount * days / plan.years[year].days * PENCE).round() as i64)
    };
    scenario.money.pots.iter().zip(withdrawn).map(holds).collect()
}

/// Pence by charge equal pence by pot and line, and no pot is overdrawn.
fn balance(due: &[i64], holds: &[Option<i64>], paid: &Paid, booked: i64) -> Result<(), String> {
    let spent: i64 = due.iter().sum();
    let by_pots: i64 = (0..holds.len()).map(|pot| paid.by_pot(pot)).sum();
    let charged = by_pots + paid.unfunded.iter().sum::<i64>();
    if spent != charged || spent != booked {
        return Err(format!("{spent} pence spent, {charged} charged, {booked} in the lines"));
    }
    for (pot, holds) in holds.iter().enumerate() {
        let taken = paid.by_pot(pot);
        if holds.is_some_and(|holds| taken > holds) {
            return Err(format!("pot {pot} paid {taken} pence of {holds:?}"));
        }
    }
    Ok(())
}
