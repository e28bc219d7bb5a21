//! Money: funders, pots, pay, placements and programmes.

use std::collections::BTreeSet;

use super::super::charges::{
    Amount, Charge, Funder, MANAGER_ROLE, Money, Pay, Placement, Pot, Programme, Purpose, Rates,
};
use super::super::faults::{suggestion, words};
use super::super::file::{ScenarioFile, WorkerGroupFile};
use super::super::model::{Quantity, Scenario};
use super::super::money::{GradeFile, PayFile, PotFile, ProgrammeFile};
use super::super::number::RawNumber;
use super::super::tree::Path;
use super::figures::{Limits, SHARE};
use super::timeline::Timeline;
use super::{Context, display_name, ids, is_id};

const SALARY: Limits = Limits::over(0.0, 1e6, "pounds a year for 1 FTE: over 0, at most 1,000,000");
const ON_COSTS: Limits =
    Limits::between(0.0, 5.0, "a share of salary: 0 or more, at most 5 (0.32 is 32% on top)");
const PREMIUM: Limits =
    Limits::between(0.0, 10.0, "a share of salary with on-costs: 0 or more, at most 10 (0.41 is 41% on top)");
const POUNDS: Limits = Limits::between(0.0, 1e10, "pounds: 0 or more, at most 10,000,000,000");
const POSTS: Limits = Limits::between(0.0, 100_000.0, "full-time equivalents: 0 or more");
const WEEKLY_POUNDS: Limits = Limits::between(0.0, 1e6, "pounds a week: 0 or more, at most 1,000,000");

/// Words of `costs.csv` that cannot name a funder, a role or an area.
const TAKEN: [&str; 3] = ["all", "shared", "unfunded"];

/// The order of a pot that does not say.
const USUAL_ORDER: i64 = 100;

impl Context<'_> {
    /// Everything about money, as far as each table stands for itself.
    pub(super) fn money(&mut self, file: &ScenarioFile, timeline: &Timeline) -> Money {
        // A funder that is not found says nothing about how the pathway hangs together.
        let disconnected = self.disconnected;
        self.words_taken(file);
        let roles = Roles::of(file);
        self.unknown_roles(file, &roles);
        self.unknown_grades(file);
        let funders = (file.funders.iter())
            .map(|(id, given)| Funder { id: id.clone(), name: display_name(&given.name, id) })
            .collect();
        let mut pots: Vec<(i64, Pot)> =
            file.pots.iter().map(|(id, given)| self.pot(id, given, file, &roles, timeline)).collect();
        // Stable: ties stay in the order of ids.
        pots.sort_by_key(|(order, _)| *order);
        let money = Money {
            funders,
            pots: pots.into_iter().map(|(_, pot)| pot).collect(),
            pay: file.pay.iter().map(|(role, given)| self.pay(role, given)).collect(),
            placements: self.placements(file),
            programmes: (file.programmes.iter())
                .map(|(id, given)| self.programme(id, given, timeline))
                .collect(),
        };
        self.disconnected = disconnected;
        money
    }

    /// What several tables say together: pots that nothing can be spent from, and what costs nothing.
    pub(super) fn charges_and_pots(&mut self, file: &ScenarioFile, scenario: &Scenario) {
        let money = &scenario.money;
        if !money.is_counted() {
            let others = [
                ("funders", file.funders.is_empty()),
                ("pots", file.pots.is_empty()),
                ("placements", file.placements.is_empty()),
                ("programmes", file.programmes.is_empty()),
                ("interventions.….costs", file.interventions.values().all(|one| one.costs.is_none())),
            ];
            let given: Vec<String> =
                others.iter().filter(|(_, none)| !none).map(|(table, _)| format!("[{table}]")).collect();
            if !given.is_empty() && !self.is_touched(&Path::of(&["pay"])) {
                let note = format!(
                    "there is no [pay], so there is no money in the results; {} unused",
                    given.join(", ")
                );
                self.notes.push(note);
            }
            return;
        }
        self.money_notes(file, scenario);
        let tables = ["pots", "pay", "teams", "desks", "areas", "placements", "programmes", "stages"];
        let faulty = |table: &&str| {
            let begins = |fault: &super::Fault| fault.path.split('.').next() == Some(*table);
            self.faults.iter().any(begins) || self.is_touched(&Path::of(&[table]))
        };
        if tables.iter().any(faulty) {
            return;
        }
        let charges = scenario.charges();
        for pot in &money.pots {
            if !charges.iter().any(|charge: &Charge| money.may_pay(pot, charge)) {
                let help =
                    "widen `roles`, `areas` or `purposes`: nothing in this scenario is all that they ask";
                self.fault_at_key(
                    &Path::of(&["pots", &pot.id]),
                    words("nothing can be spent from this pot", help),
                );
            }
        }
    }

    /// Factual remarks: who costs nothing, and who pays nothing.
    fn money_notes(&mut self, file: &ScenarioFile, scenario: &Scenario) {
        let money = &scenario.money;
        let mut unpaid: BTreeSet<String> = BTreeSet::new();
        for unit in scenario.units.iter().filter(|unit| !unit.workers.is_empty()) {
            let team = &scenario.teams[unit.team];
            if money.pay_of(&team.role).is_none() {
                unpaid.insert(format!("role {} (team {})", team.role, team.id));
            }
        }
        for unit in scenario.desk_units.iter().filter(|unit| !unit.people.is_empty()) {
            let desk = &scenario.desks[unit.desk];
            match &desk.role {
                None => unpaid.insert(format!("desk {}", desk.id)),
                Some(role) if money.pay_of(role).is_none() => {
                    unpaid.insert(format!("role {role} (desk {})", desk.id))
                }
                Some(_) => false,
            };
        }
        let managed = |team: &super::super::model::Team| {
            team.workforce.as_ref().is_some_and(|workforce| workforce.managers.is_some())
        };
        let managers = scenario.teams.iter().any(managed);
        if managers && money.pay_of(MANAGER_ROLE).is_none() {
            unpaid.insert(format!("role {MANAGER_ROLE}"));
        }
        if !unpaid.is_empty() {
            let list: Vec<String> = unpaid.into_iter().collect();
            self.notes.push(format!("no pay is given for {}: they cost nothing here", list.join(", ")));
        }
        if !managers && money.pay_of(MANAGER_ROLE).is_some() {
            self.notes.push(format!("no team has `managers`, so [pay.{MANAGER_ROLE}] pays nobody"));
        }
        for (index, funder) in money.funders.iter().enumerate() {
            if !money.pots.iter().any(|pot| pot.funder == index) {
                self.notes.push(format!("funders.{} has no pot, so it pays nothing", funder.id));
            }
        }
        if file.pots.is_empty() {
            self.notes.push("there are no [pots], so all costs are shown as unfunded".to_owned());
        }
    }

    /// Identifiers that `costs.csv` gives a meaning of its own.
    fn words_taken(&mut self, file: &ScenarioFile) {
        let areas = if file.pay.is_empty() { Vec::new() } else { self.names.areas.clone() };
        for (table, ids) in [("funders", ids(&file.funders)), ("pay", ids(&file.pay)), ("areas", areas)] {
            for id in ids.iter().filter(|id| TAKEN.contains(&id.as_str())) {
                let message = format!("`{id}` has a meaning of its own in costs.csv");
                self.fault_at_key(&Path::of(&[table, id]), words(message, "give it another id"));
            }
        }
    }

    /// Every role that is paid is somebody's.
    fn unknown_roles(&mut self, file: &ScenarioFile, roles: &Roles) {
        if ["teams", "desks"].iter().any(|table| self.is_touched(&Path::of(&[table]))) {
            return;
        }
        for role in file.pay.keys().filter(|role| !roles.staff.contains(*role)) {
            let known: Vec<&str> = roles.staff.iter().map(String::as_str).collect();
            let message = format!("no team and no desk has the role `{role}`");
            self.fault_at_key(&Path::of(&["pay", role]), words(message, suggestion(role, &known)));
        }
    }

    /// Grades of worker groups are grades of their role.
    fn unknown_grades(&mut self, file: &ScenarioFile) {
        for (id, team) in &file.teams {
            let role = team.role.as_deref().unwrap_or(id);
            let Some(pay) = file.pay.get(role) else { continue };
            let own = Path::of(&["teams", id]);
            self.check_grades(&own, team.workers.as_deref(), role, pay);
            for (area, given) in &file.areas {
                if let Some(unit) = given.teams.get(id) {
                    let path = Path::of(&["areas", area, "teams", id]);
                    self.check_grades(&path, unit.workers.as_deref(), role, pay);
                }
            }
        }
    }

    fn check_grades(&mut self, path: &Path, groups: Option<&[WorkerGroupFile]>, role: &str, pay: &PayFile) {
        for (index, group) in groups.unwrap_or_default().iter().enumerate() {
            let Some(grade) = group.grade.as_ref().filter(|grade| !pay.grades.contains_key(*grade)) else {
                continue;
            };
            let known: Vec<&str> = pay.grades.keys().map(String::as_str).collect();
            let message = format!("there is no [pay.{role}.grades.{grade}] in this scenario");
            let path = path.key("workers").item(index).key("grade");
            if !self.is_touched(&Path::of(&["pay", role])) {
                self.fault(&path, words(message, suggestion(grade, &known)));
            }
        }
    }

    fn pot(
        &mut self,
        id: &str,
        given: &PotFile,
        file: &ScenarioFile,
        roles: &Roles,
        timeline: &Timeline,
    ) -> (i64, Pot) {
        let path = Path::of(&["pots", id]);
        let order = self.whole(&path.key("order"), given.order, USUAL_ORDER, -1_000_000, 1_000_000);
        let funder = match &given.funder {
            Some(funder) => self.find(&path.key("funder"), "funders", &ids(&file.funders), funder),
            None => {
                let help = "say whose money it is, such as funder = \"council\" with [funders.council]";
                self.fault(&path.key("funder"), words("`funder` is missing", help));
                None
            }
        };
        let (from_day, to_day) = self.reported_period(&path, (given.from, given.to), timeline);
        let amount = self.pot_amount(&path, given, file);
        let withdrawal = (given.withdrawal.as_ref())
            .map(|chance| self.required(&path.key("withdrawal"), Some(chance), &SHARE));
        let areas = given.areas.as_ref().map(|names| self.subset(&path.key("areas"), names, true));
        self.pot_roles(&path.key("roles"), given.roles.as_deref(), roles);
        self.pot_purposes(&path.key("purposes"), given.purposes.as_deref());
        let pot = Pot {
            id: id.to_owned(),
            name: display_name(&given.name, id),
            funder: funder.unwrap_or(0),
            amount,
            withdrawal,
            roles: given.roles.clone(),
            areas,
            purposes: given.purposes.clone(),
            from_day,
            to_day,
        };
        (order, pot)
    }

    /// Money, or posts in kind of the one role that the pot names.
    fn pot_amount(&mut self, path: &Path, given: &PotFile, file: &ScenarioFile) -> Amount {
        let posts = path.key("posts");
        match (&given.amount_per_year, &given.posts) {
            (None, None) => Amount::Unlimited,
            (Some(pounds), None) => {
                Amount::Pounds(self.required(&path.key("amount_per_year"), Some(pounds), &POUNDS))
            }
            (Some(_), Some(_)) => {
                let help = "give `amount_per_year` for money, or `posts` for posts in kind, not both";
                self.fault(&posts, words("the pot has money and posts in kind", help));
                Amount::Unlimited
            }
            (None, Some(fte)) => {
                let fte = self.required(&posts, Some(fte), &POSTS);
                let pay = match given.roles.as_deref() {
                    Some([role]) => file.pay.keys().position(|paid| paid == role),
                    _ => None,
                };
                if pay.is_none()
                    && !self.is_touched(&path.key("roles"))
                    && !self.is_touched(&Path::of(&["pay"]))
                {
                    let help = "name one role that has [pay]: roles = [\"early_help_worker\"]";
                    self.fault(&posts, words("nothing says what a post in kind is worth", help));
                }
                pay.map_or(Amount::Unlimited, |pay| Amount::Posts(fte, pay))
            }
        }
    }

    fn pot_roles(&mut self, path: &Path, given: Option<&[String]>, roles: &Roles) {
        let Some(given) = given else { return };
        if given.is_empty() {
            let help = "name at least one, or leave the line out for anything";
            self.fault(path, words("the list is empty", help));
        }
        if ["teams", "desks", "programmes"].iter().any(|table| self.is_touched(&Path::of(&[table]))) {
            return;
        }
        let known: Vec<&str> = roles.all.iter().map(String::as_str).collect();
        for (index, role) in given.iter().enumerate().filter(|(_, role)| !roles.all.contains(*role)) {
            let message = format!("nobody in this scenario has the role `{role}`");
            self.fault(&path.item(index), words(message, suggestion(role, &known)));
        }
    }

    fn pot_purposes(&mut self, path: &Path, given: Option<&[Purpose]>) {
        if given.is_some_and(<[Purpose]>::is_empty) && !self.is_touched(path) {
            let help = "name at least one, or leave the line out for anything";
            self.fault(path, words("the list is empty", help));
        }
    }

    /// A period of dates that touches the reported weeks.
    fn reported_period(
        &mut self,
        path: &Path,
        (from, to): (Option<super::super::number::RawDate>, Option<super::super::number::RawDate>),
        timeline: &Timeline,
    ) -> (i64, i64) {
        let (from_day, to_day) = self.period(path, from, to, timeline);
        let first = i64::from(timeline.warm_up_weeks) * 7;
        if timeline.known && from_day < to_day && 0 < to_day && to_day <= first {
            let message = "this ends before the first reported day, so no money is in it";
            let help = format!("`to` is the first day after it, later than start = {}", timeline.start);
            self.fault(&path.key("to"), words(message, help));
        }
        (from_day, to_day)
    }

    fn pay(&mut self, role: &str, given: &PayFile) -> Pay {
        let path = Path::of(&["pay", role]);
        let rates = Rates {
            salary: self.required(&path.key("salary"), given.salary.as_ref(), &SALARY),
            on_costs: self.number(&path.key("on_costs"), given.on_costs.as_ref(), 0.32, &ON_COSTS),
            agency_premium: self.number(
                &path.key("agency_premium"),
                given.agency_premium.as_ref(),
                0.41,
                &PREMIUM,
            ),
            recruitment: self.number(&path.key("recruitment"), given.recruitment.as_ref(), 0.0, &POUNDS),
        };
        let grades = given.grades.iter().map(|(id, grade)| {
            let path = path.key("grades").key(id);
            if !is_id(id, false) {
                let message = format!("\"{id}\" cannot be an id");
                self.fault_at_key(&path, words(message, "use a-z, 0-9 and _"));
            }
            (id.clone(), self.grade(&path, grade, &rates))
        });
        let grades = grades.collect();
        Pay { role: role.to_owned(), rates, grades }
    }

    fn grade(&mut self, path: &Path, given: &GradeFile, role: &Rates) -> Rates {
        let mut rate = |key: &str, raw: &Option<RawNumber>, usual: Quantity, limits: &Limits| {
            raw.as_ref().map_or(usual, |raw| self.required(&path.key(key), Some(raw), limits))
        };
        Rates {
            salary: rate("salary", &given.salary, role.salary, &SALARY),
            on_costs: rate("on_costs", &given.on_costs, role.on_costs, &ON_COSTS),
            agency_premium: rate("agency_premium", &given.agency_premium, role.agency_premium, &PREMIUM),
            recruitment: rate("recruitment", &given.recruitment, role.recruitment, &POUNDS),
        }
    }

    fn placements(&mut self, file: &ScenarioFile) -> Vec<Placement> {
        let mut placements = Vec::new();
        for (id, given) in &file.placements {
            let path = Path::of(&["placements", id]);
            let stage = self.find_stage(&path, id);
            let raw = given.per_child_week.as_ref();
            let per_child_week = self.required(&path.key("per_child_week"), raw, &WEEKLY_POUNDS);
            placements.extend(stage.map(|stage| Placement { stage, per_child_week }));
        }
        placements
    }

    fn programme(&mut self, id: &str, given: &ProgrammeFile, timeline: &Timeline) -> Programme {
        let path = Path::of(&["programmes", id]);
        let first = i64::from(timeline.warm_up_weeks) * 7;
        let (from_day, to_day) = self.reported_period(&path, (given.from, given.to), timeline);
        let from_day = if given.from.is_some() { from_day } else { first };
        let mut pounds = |key: &str, raw: &Option<RawNumber>| {
            raw.as_ref().map(|raw| self.required(&path.key(key), Some(raw), &POUNDS))
        };
        let one_off = pounds("one_off", &given.one_off);
        let per_year = pounds("per_year", &given.per_year);
        if one_off.is_none() && per_year.is_none() && !self.is_touched(&path) {
            let help = "give `one_off`, `per_year` or both, in pounds";
            self.fault_at_key(&path, words("this programme costs nothing", help));
        }
        if one_off.is_some() && from_day < first {
            self.notes.push(format!(
                "{path}: it begins before the first reported day, so its one-off cost is not in the results"
            ));
        }
        if let Some(role) = &given.role {
            self.check_role(&path, role);
        }
        let areas = match &given.areas {
            Some(names) => self.subset(&path.key("areas"), names, true),
            None => (0..self.names.areas.len()).collect(),
        };
        Programme {
            id: id.to_owned(),
            name: display_name(&given.name, id),
            role: given.role.clone(),
            one_off,
            per_year,
            from_day,
            to_day,
            areas,
            part: 1.0,
            intervention: false,
        }
    }
}

/// The roles that a scenario names.
struct Roles {
    /// Of teams, desks and managers.
    staff: BTreeSet<String>,
    /// Those, and what programmes count as.
    all: BTreeSet<String>,
}

impl Roles {
    fn of(file: &ScenarioFile) -> Self {
        let teams = file.teams.iter().map(|(id, team)| team.role.clone().unwrap_or_else(|| id.clone()));
        let desks = file.desks.values().filter_map(|desk| desk.role.clone());
        let staff: BTreeSet<String> = teams.chain(desks).chain([MANAGER_ROLE.to_owned()]).collect();
        let programmes = file.programmes.values().filter_map(|programme| programme.role.clone());
        let all = staff.iter().cloned().chain(programmes).collect();
        Self { staff, all }
    }
}
