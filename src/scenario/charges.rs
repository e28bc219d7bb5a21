//! Money as the valid scenario has it: funders, pots, pay, and the charges that arise from people,
//! placements and programmes.
//!
//! A **charge** is a cost that is kept apart from others until somebody pays it: what it is for, and
//! the areas that it serves. Which there are, and which pot may pay which, follows from the scenario
//! alone, so that validation can tell a pot that nothing can spend, and the simulation's ledger
//! books to the same list.

use serde::{Deserialize, Serialize};

use super::model::{AreaId, Draw, Intervention, Quantity, Scenario, StageId, Unit};

/// Index into [`Money::funders`].
pub type FunderId = usize;
/// Index into [`Money::pay`].
pub type PayId = usize;

/// The role under which managers ([`super::Managers`]) are paid.
pub const MANAGER_ROLE: &str = "team_manager";

/// Days of a financial year are counted as they are (365 or 366), so that a whole year costs exactly
/// a year's salary. Money is counted only where somebody is paid.
#[derive(Clone, Debug, Default)]
pub struct Money {
    /// Who pays, sorted by id.
    pub funders: Vec<Funder>,
    /// Pots in the order in which they pay.
    pub pots: Vec<Pot>,
    /// What roles are paid, sorted by role.
    pub pay: Vec<Pay>,
    /// What children cost by stage, sorted by stage.
    pub placements: Vec<Placement>,
    /// Costs that are not posts, in order of id. May be extended: each is charged alike.
    pub programmes: Vec<Programme>,
}

/// Who pays.
#[derive(Clone, Debug)]
pub struct Funder {
    /// Identifier, such as `council`.
    pub id: String,
    /// Name for readers.
    pub name: String,
}

/// Money of a funder.
#[derive(Clone, Debug)]
pub struct Pot {
    /// Identifier, such as `base_budget`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Whose money it is.
    pub funder: FunderId,
    /// What is in it for each financial year.
    pub amount: Amount,
    /// Chance, at each 1 April within the reported time, that it is withdrawn for good.
    pub withdrawal: Option<Quantity>,
    /// Roles that it may pay for; `None` for anything.
    pub roles: Option<Vec<String>>,
    /// Areas that it may pay for, sorted; `None` for anywhere.
    pub areas: Option<Vec<AreaId>>,
    /// Purposes that it may pay for; `None` for any.
    pub purposes: Option<Vec<Purpose>>,
    /// First day, offset from the run's first day; `i64::MIN` for always.
    pub from_day: i64,
    /// First day on which it is gone; `i64::MAX` for never.
    pub to_day: i64,
}

/// What is in a pot for a financial year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// As much as is asked of it.
    Unlimited,
    /// Pounds.
    Pounds(Quantity),
    /// Posts in kind: full-time equivalents, each worth what a permanent post of the role costs.
    Posts(Quantity, PayId),
}

/// What money is spent on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Permanent staff.
    Posts,
    /// Agency staff.
    Agency,
    /// New starters.
    Recruitment,
    /// Children's placements.
    Placements,
    /// Programmes.
    Programmes,
}

/// What a role is paid.
#[derive(Clone, Debug)]
pub struct Pay {
    /// The role, such as `social_worker`.
    pub role: String,
    /// Its rates.
    pub rates: Rates,
    /// Rates of its grades, sorted by id.
    pub grades: Vec<(String, Rates)>,
}

/// What one full-time equivalent costs.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Pounds a year before on-costs.
    pub salary: Quantity,
    /// Share of salary on top.
    pub on_costs: Quantity,
    /// Share of salary with on-costs that agency staff cost on top.
    pub agency_premium: Quantity,
    /// Pounds for each new starter.
    pub recruitment: Quantity,
}

/// What children in a stage cost.
#[derive(Clone, Copy, Debug)]
pub struct Placement {
    /// The stage.
    pub stage: StageId,
    /// Pounds a week for each child open there.
    pub per_child_week: Quantity,
}

/// A cost that is not a post.
#[derive(Clone, Debug)]
pub struct Programme {
    /// Identifier, such as `holiday_scheme`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Role that it counts as, for pots restricted to some.
    pub role: Option<String>,
    /// Pounds spent on the first day.
    pub one_off: Option<Quantity>,
    /// Pounds a year while it lasts.
    pub per_year: Option<Quantity>,
    /// First day, offset from the run's first day.
    pub from_day: i64,
    /// First day on which it is over; `i64::MAX` for never.
    pub to_day: i64,
    /// Areas that bear it, in proportion to their children; sorted, never empty.
    pub areas: Vec<AreaId>,
    /// What part of the sums it is: 1, or an area's part of what an intervention costs.
    pub part: f64,
    /// Whether it is an intervention's; `id` and `name` are then the intervention's.
    pub intervention: bool,
}

impl Programme {
    /// What an intervention costs beside posts: a programme in each area, from its first day there.
    pub fn of_intervention(intervention: &Intervention) -> Vec<Self> {
        let Some(costs) = &intervention.costs else { return Vec::new() };
        let starts = intervention.waves.iter();
        let starts: Vec<(AreaId, i64)> =
            starts.flat_map(|wave| wave.areas.iter().map(|&area| (area, wave.from_day))).collect();
        let part = 1.0 / starts.len() as f64;
        let of_area = |&(area, from_day): &(AreaId, i64)| Self {
            id: intervention.id.clone(),
            name: intervention.name.clone(),
            role: None,
            one_off: Some(costs.one_off),
            per_year: Some(costs.per_year),
            from_day,
            to_day: intervention.to_day,
            areas: vec![area],
            part,
            intervention: true,
        };
        starts.iter().map(of_area).collect()
    }
}

/// What a charge is for. The order is that of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CostItem {
    /// Permanent staff of a role, managers and people at desks included.
    Posts(PayId),
    /// Agency staff of a role.
    Agency(PayId),
    /// New starters of a role.
    Recruitment(PayId),
    /// Children in a stage.
    Placement(StageId),
    /// A programme: index into [`Money::programmes`].
    Programme(usize),
}

/// A cost that is kept apart from others until it is paid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Charge {
    /// The areas that it serves, sorted.
    pub areas: Vec<AreaId>,
    /// What it is for.
    pub item: CostItem,
}

impl Money {
    /// Whether the results have money in them.
    pub fn is_counted(&self) -> bool {
        !self.pay.is_empty()
    }

    /// What a role is paid, if anything.
    pub fn pay_of(&self, role: &str) -> Option<PayId> {
        self.pay.binary_search_by(|pay| pay.role.as_str().cmp(role)).ok()
    }

    /// The role that an item is for, where it is for one.
    pub fn role_of(&self, item: CostItem) -> Option<&str> {
        match item {
            CostItem::Posts(pay) | CostItem::Agency(pay) | CostItem::Recruitment(pay) => {
                Some(&self.pay[pay].role)
            }
            CostItem::Placement(_) => None,
            CostItem::Programme(programme) => self.programmes[programme].role.as_deref(),
        }
    }

    /// Whether a pot's restrictions let it pay a charge, at some time.
    pub fn may_pay(&self, pot: &Pot, charge: &Charge) -> bool {
        let role = self.role_of(charge.item);
        let named = |roles: &Vec<String>| role.is_some_and(|role| roles.iter().any(|other| other == role));
        let within = |areas: &Vec<AreaId>| {
            !charge.areas.is_empty() && charge.areas.iter().all(|area| areas.contains(area))
        };
        pot.roles.as_ref().is_none_or(named)
            && pot.areas.as_ref().is_none_or(within)
            && pot.purposes.as_ref().is_none_or(|purposes| purposes.contains(&charge.item.purpose()))
    }
}

impl Pot {
    /// Whether whatever is asked of it is there, at any time of its existence.
    pub fn never_runs_out(&self) -> bool {
        self.amount == Amount::Unlimited && self.withdrawal.is_none()
    }
}

impl Amount {
    /// Pounds for a whole financial year under a draw; `None` without limit.
    pub fn pounds(self, money: &Money, draw: &Draw) -> Option<f64> {
        match self {
            Amount::Unlimited => None,
            Amount::Pounds(pounds) => Some(draw[pounds]),
            Amount::Posts(fte, pay) => Some(draw[fte] * money.pay[pay].rates.permanent(draw)),
        }
    }
}

impl CostItem {
    /// What the money is spent on.
    pub fn purpose(self) -> Purpose {
        match self {
            CostItem::Posts(_) => Purpose::Posts,
            CostItem::Agency(_) => Purpose::Agency,
            CostItem::Recruitment(_) => Purpose::Recruitment,
            CostItem::Placement(_) => Purpose::Placements,
            CostItem::Programme(_) => Purpose::Programmes,
        }
    }
}

impl Charge {
    /// The one area that bears it; `None` where several share it.
    pub fn area(&self) -> Option<AreaId> {
        match self.areas.as_slice() {
            [area] => Some(*area),
            _ => None,
        }
    }
}

impl Rates {
    /// The rates of a grade of a role: the role's own where there is no such grade.
    pub fn of(pay: &Pay, grade: Option<&str>) -> Self {
        let found = grade.and_then(|grade| pay.grades.iter().find(|(id, _)| id == grade));
        found.map_or(pay.rates, |(_, rates)| *rates)
    }

    /// What one full-time equivalent in permanent post costs under a draw, pounds a year: salary with
    /// on-costs.
    pub fn permanent(&self, draw: &Draw) -> f64 {
        draw[self.salary] * (1.0 + draw[self.on_costs])
    }

    /// What one full-time equivalent in permanent post costs at central values, pounds a year.
    pub fn permanent_centrally(&self, scenario: &Scenario) -> f64 {
        let central = |figure: Quantity| scenario.parameters[figure.0 as usize].value;
        central(self.salary) * (1.0 + central(self.on_costs))
    }

    /// What one full-time equivalent of agency staff costs under a draw, pounds a year: the permanent
    /// cost and the premium.
    pub fn agency(&self, draw: &Draw) -> f64 {
        self.permanent(draw) * (1.0 + draw[self.agency_premium])
    }
}

impl Scenario {
    /// What a cost is for, in files: a role, `role:agency` or `role:recruitment`, `placement:stage`,
    /// `programme:id`, `intervention:id`.
    pub fn cost_item_id(&self, item: CostItem) -> String {
        let money = &self.money;
        match item {
            CostItem::Posts(pay) => money.pay[pay].role.clone(),
            CostItem::Agency(pay) => format!("{}:agency", money.pay[pay].role),
            CostItem::Recruitment(pay) => format!("{}:recruitment", money.pay[pay].role),
            CostItem::Placement(stage) => format!("placement:{}", self.stages[stage].id),
            CostItem::Programme(programme) => {
                let programme = &money.programmes[programme];
                let kind = if programme.intervention { "intervention" } else { "programme" };
                format!("{kind}:{}", programme.id)
            }
        }
    }

    /// The areas that a unit's workers serve, floating staff included; sorted.
    pub fn served_areas(&self, unit: &Unit) -> Vec<AreaId> {
        let helped = unit.helps.iter().flat_map(|&helped| self.units[helped].areas.iter().copied());
        let mut areas: Vec<AreaId> = unit.areas.iter().copied().chain(helped).collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }

    /// Everything that money is spent on, sorted; empty when nobody is paid.
    pub fn charges(&self) -> Vec<Charge> {
        let money = &self.money;
        if !money.is_counted() {
            return Vec::new();
        }
        let mut charges = Vec::new();
        for (index, unit) in self.units.iter().enumerate() {
            let areas = self.served_areas(unit);
            let mut add = |item| charges.push(Charge { areas: areas.clone(), item });
            let team = &self.teams[unit.team];
            if let Some(pay) = money.pay_of(&team.role) {
                add(CostItem::Posts(pay));
                if team.workforce.is_some() {
                    add(CostItem::Agency(pay));
                }
                let brought = |one: &Intervention| one.posts.iter().any(|change| change.unit == index);
                if team.workforce.is_some() || self.interventions.iter().any(brought) {
                    add(CostItem::Recruitment(pay));
                }
            }
            let managed = team.workforce.as_ref().is_some_and(|workforce| workforce.managers.is_some());
            if let (true, Some(pay)) = (managed, money.pay_of(MANAGER_ROLE)) {
                add(CostItem::Posts(pay));
            }
        }
        for unit in &self.desk_units {
            let role = self.desks[unit.desk].role.as_deref();
            if let Some(pay) = role.and_then(|role| money.pay_of(role)) {
                charges.push(Charge { areas: unit.areas.clone(), item: CostItem::Posts(pay) });
            }
        }
        let everywhere = || 0..self.areas.len();
        for placement in &money.placements {
            let item = CostItem::Placement(placement.stage);
            charges.extend(everywhere().map(|area| Charge { areas: vec![area], item }));
        }
        for (index, programme) in money.programmes.iter().enumerate() {
            let item = CostItem::Programme(index);
            charges.extend(programme.areas.iter().map(|&area| Charge { areas: vec![area], item }));
        }
        charges.sort();
        charges.dedup();
        charges
    }
}
