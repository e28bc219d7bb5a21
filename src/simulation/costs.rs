//! What costs there can be: charges, financial years, and the lines of `costs.csv`.
//!
//! Made once for a scenario, as the rest of the [`Frame`](super::frame::Frame); absent when nobody
//! is paid. **Time.** The reported days are cut into *pieces* at every 1 April, and at every day on
//! which a pot begins or ends, so that each piece lies in one financial year and a pot may pay all
//! of it or none.

use std::collections::BTreeMap;

use super::record::CostLine;
use crate::calendar::RunCalendar;
use crate::scenario::{AreaId, Charge, CostItem, MANAGER_ROLE, Scenario};

/// Facts about a scenario's costs that do not depend on a draw.
pub(super) struct CostPlan {
    /// What money is spent on, sorted.
    pub charges: Vec<Charge>,
    /// The financial years reported, in order.
    pub years: Vec<Year>,
    /// The reported days in pieces, in order.
    pub pieces: Vec<Piece>,
    /// For each reported week, the parts of it that lie in each piece.
    pub weeks: Vec<Vec<Piece>>,
    /// Every line that may have something in it, in the order of files.
    pub lines: Vec<CostLine>,
    /// By charge, funder (the last stands for none) and year: the line.
    line_of: Vec<Option<usize>>,
    funders: usize,
    /// By pot and charge: whether the one may pay the other, at the right time.
    may_pay: Vec<bool>,
    /// By unit.
    pub units: Vec<UnitCharges>,
    /// By unit, and by desk unit: the one area that it serves, if it is one.
    pub unit_area: Vec<Option<AreaId>>,
    pub desk_area: Vec<Option<AreaId>>,
    /// By desk unit.
    pub desk_units: Vec<Option<usize>>,
    /// By placement and area.
    pub placements: Vec<Vec<usize>>,
    /// By programme, the charge of each area that bears it.
    pub programmes: Vec<Vec<(AreaId, usize)>>,
}

/// A financial year, from April to March.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Year {
    /// The year in which it begins.
    pub begins: i32,
    /// Its days: 365 or 366.
    pub days: f64,
}

/// Days in one financial year, offset from the run's first day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Piece {
    /// Index into [`CostPlan::years`].
    pub year: usize,
    /// Index into [`CostPlan::pieces`].
    pub piece: usize,
    /// First day.
    pub from: i64,
    /// The day after the last.
    pub to: i64,
}

/// The charges of a unit, where its people are paid.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct UnitCharges {
    pub posts: Option<usize>,
    pub agency: Option<usize>,
    pub recruitment: Option<usize>,
    pub managers: Option<usize>,
}

impl Piece {
    /// Days of a period that lie in it.
    pub fn days_within(&self, from: i64, to: i64) -> f64 {
        (self.to.min(to) - self.from.max(from)).max(0) as f64
    }
}

impl CostPlan {
    /// What a scenario's costs can be; `None` when nobody is paid.
    pub fn new(scenario: &Scenario, calendar: &RunCalendar) -> Option<Self> {
        let money = &scenario.money;
        let charges = scenario.charges();
        if !money.is_counted() {
            return None;
        }
        let begin = i64::from(scenario.warm_up_weeks) * 7;
        let end = i64::from(scenario.total_weeks()) * 7;
        let (years, pieces) = cut(scenario, calendar, begin, end);
        let weeks = (begin..end)
            .step_by(7)
            .map(|monday| {
                let parts = pieces.iter().map(|piece| Piece {
                    from: piece.from.max(monday),
                    to: piece.to.min(monday + 7),
                    ..*piece
                });
                parts.filter(|part| part.from < part.to).collect()
            })
            .collect();
        let may_pay = (money.pots.iter())
            .flat_map(|pot| charges.iter().map(move |charge| money.may_pay(pot, charge)))
            .collect();
        let mut plan = Self {
            years,
            pieces,
            weeks,
            lines: Vec::new(),
            line_of: Vec::new(),
            funders: money.funders.len(),
            may_pay,
            units: Vec::new(),
            unit_area: scenario.units.iter().map(|unit| only(&scenario.served_areas(unit))).collect(),
            desk_area: scenario.desk_units.iter().map(|unit| only(&unit.areas)).collect(),
            desk_units: Vec::new(),
            placements: Vec::new(),
            programmes: Vec::new(),
            charges,
        };
        plan.name_lines(scenario);
        plan.find_charges(scenario);
        Some(plan)
    }

    /// Whether a pot may pay a charge of a piece.
    pub fn may_pay(&self, scenario: &Scenario, pot: usize, charge: usize, piece: &Piece) -> bool {
        let given = &scenario.money.pots[pot];
        // Pieces are cut where pots begin and end: the first day stands for all.
        self.may_pay[pot * self.charges.len() + charge]
            && given.from_day <= piece.from
            && piece.from < given.to_day
    }

    /// The line of a charge that a funder (`None`: nobody) pays in a year; there is none where that
    /// cannot be.
    pub fn line(&self, charge: usize, funder: Option<usize>, year: usize) -> Option<usize> {
        let funder = funder.unwrap_or(self.funders);
        self.line_of[(charge * (self.funders + 1) + funder) * self.years.len() + year]
    }

    /// Pieces of one year.
    pub fn pieces_of(&self, year: usize) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(move |piece| piece.year == year)
    }

    /// The lines of files: a charge's costs by funder and year, those of one area and item together.
    fn name_lines(&mut self, scenario: &Scenario) {
        let money = &scenario.money;
        let mut found: BTreeMap<(usize, usize, CostItem, usize), Vec<usize>> = BTreeMap::new();
        for (index, charge) in self.charges.iter().enumerate() {
            let area = charge.area().unwrap_or(scenario.areas.len());
            for year in 0..self.years.len() {
                let mut paid_in_full = true;
                let mut payers = Vec::new();
                for piece in self.pieces_of(year) {
                    let pots = (0..money.pots.len()).filter(|&pot| self.may_pay(scenario, pot, index, piece));
                    let pots: Vec<usize> = pots.collect();
                    paid_in_full &= pots.iter().any(|&pot| money.pots[pot].never_runs_out());
                    payers.extend(pots.into_iter().map(|pot| money.pots[pot].funder));
                }
                if !paid_in_full {
                    payers.push(self.funders);
                }
                for funder in payers {
                    let slot = (index * (self.funders + 1) + funder) * self.years.len() + year;
                    found.entry((area, funder, charge.item, year)).or_default().push(slot);
                }
            }
        }
        self.line_of = vec![None; self.charges.len() * (self.funders + 1) * self.years.len()];
        for ((area, funder, item, year), slots) in found {
            slots.into_iter().for_each(|slot| self.line_of[slot] = Some(self.lines.len()));
            self.lines.push(CostLine {
                area: (area < scenario.areas.len()).then_some(area),
                funder: (funder < self.funders).then_some(funder),
                item,
                year: self.years[year].begins,
            });
        }
    }

    /// Finds the charge of everything that costs something.
    fn find_charges(&mut self, scenario: &Scenario) {
        let money = &scenario.money;
        let charges = &self.charges;
        let find = |areas: Vec<AreaId>, item: CostItem| charges.binary_search(&Charge { areas, item }).ok();
        self.units = (scenario.units.iter())
            .map(|unit| {
                let of = |item| find(scenario.served_areas(unit), item);
                let team = &scenario.teams[unit.team];
                let pay = money.pay_of(&team.role);
                let managed = team.workforce.as_ref().is_some_and(|workforce| workforce.managers.is_some());
                let manager = if managed { money.pay_of(MANAGER_ROLE) } else { None };
                UnitCharges {
                    posts: pay.and_then(|pay| of(CostItem::Posts(pay))),
                    agency: pay.and_then(|pay| of(CostItem::Agency(pay))),
                    recruitment: pay.and_then(|pay| of(CostItem::Recruitment(pay))),
                    managers: manager.and_then(|pay| of(CostItem::Posts(pay))),
                }
            })
            .collect();
        self.desk_units = (scenario.desk_units.iter())
            .map(|unit| {
                let role = scenario.desks[unit.desk].role.as_deref();
                let pay = role.and_then(|role| money.pay_of(role))?;
                find(unit.areas.clone(), CostItem::Posts(pay))
            })
            .collect();
        self.placements = (money.placements.iter())
            .map(|placement| {
                let item = CostItem::Placement(placement.stage);
                (0..scenario.areas.len()).filter_map(|area| find(vec![area], item)).collect()
            })
            .collect();
        self.programmes = (money.programmes.iter().enumerate())
            .map(|(index, programme)| {
                let of = |area| find(vec![area], CostItem::Programme(index)).map(|charge| (area, charge));
                programme.areas.iter().filter_map(|&area| of(area)).collect()
            })
            .collect();
    }
}

/// The area of a list of one.
fn only(areas: &[AreaId]) -> Option<AreaId> {
    if let [area] = areas { Some(*area) } else { None }
}

/// The financial years of the days from `begin` to `end`, and the pieces of these days.
fn cut(scenario: &Scenario, calendar: &RunCalendar, begin: i64, end: i64) -> (Vec<Year>, Vec<Piece>) {
    let april = |year: i32| {
        let date = jiff::civil::Date::new(year as i16, 4, 1);
        date.map_or(i64::MAX, |date| calendar.day_of(date))
    };
    let first = calendar.date(begin);
    let first = i32::from(first.year()) - i32::from(first.month() < 4);
    let begins: Vec<i32> = (first..).take_while(|&year| april(year) < end).collect();
    let mut edges: Vec<i64> = begins.iter().map(|&year| april(year)).collect();
    let pots = scenario.money.pots.iter().flat_map(|pot| [pot.from_day, pot.to_day]);
    edges.extend(pots.chain([begin, end]));
    edges.retain(|edge| (begin..=end).contains(edge));
    edges.sort_unstable();
    edges.dedup();
    let year_of = |day: i64| begins.iter().rposition(|&year| april(year) <= day).unwrap_or(0);
    let pieces = edges.iter().zip(edges.iter().skip(1)).enumerate();
    let pieces = pieces.map(|(piece, (&from, &to))| Piece { year: year_of(from), piece, from, to }).collect();
    let year = |begins: i32| Year { begins, days: (april(begins + 1) - april(begins)) as f64 };
    (begins.iter().map(|&begins| year(begins)).collect(), pieces)
}
