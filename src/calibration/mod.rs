//! From a council's own extracts to the figures of a scenario.
//!
//! Purpose: `caseflow calibrate`. Consumes a valid base [`Scenario`] and a [`Reading`] of extracts; produces a
//! [`Calibration`]: every figure that the extracts can tell, in the form in which the base states it, with its 90% interval;
//! and what they cannot tell, which stays as it is. The parts:
//!
//! * `roles` – which stage each list is about; `stays` – rows as stays, and what each led to;
//! * `survival`, `law`, `durations`, `reviews`, `conference` – how long stages last, cases open at either end allowed for;
//! * `shares`, `ways` – where families go, and how often they come back;
//! * `exposure`, `contacts`, `arrivals`, `pooling` – how much need, by source and area;
//! * `maximise`, `figure` – likelihoods and intervals; `overlay` – the scenario file.
//!
//! **Invariants.** No randomness, no files, no clock: the same reading gives the same figures. Nothing of a row but
//! counts leaves this module. What is not estimated is named, with the reason.

pub mod arrivals;
mod conference;
pub mod contacts;
pub mod durations;
pub mod exposure;
pub mod figure;
pub mod law;
pub mod maximise;
pub mod overlay;
pub mod pooling;
mod reviews;
pub mod roles;
pub mod shares;
pub mod stays;
pub mod survival;
mod ways;

use jiff::ToSpan;

use self::arrivals::{Arrivals, Context};
use self::contacts::Contacts;
use self::durations::{Fitted, Stage, estimate};
use self::figure::{Figure, Kept, Kind, log_interval};
use self::roles::Roles;
use self::shares::{Closure, ENQUIRY_DAYS, Group, Split};
use self::stays::{Case, Cases};
use self::survival::{ProductLimit, Spell};
use crate::extracts::records::{List, Reading};
use crate::scenario::{ChildrenPerFamily, Draw, Scenario, StageId};

/// Families behind a mean number of children at least.
const LEAST_FAMILIES: usize = 100;

/// All that extracts say about a base scenario.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// What was estimated, in order of paths.
    pub figures: Vec<Figure>,
    /// What stays as it is, and why, in order of paths.
    pub kept: Vec<Kept>,
    /// How long the stages of each list last.
    pub stays: Vec<StayShown>,
    /// Where families go.
    pub splits: Vec<SplitShown>,
    /// The contacts, where the extracts have any.
    pub contacts: Option<(Contacts, Arrivals)>,
    /// First day of the contacts' window.
    pub from: jiff::civil::Date,
    /// Children's rows vary so many times as much as independent cases.
    pub inflation: f64,
}

/// How long a list's stays last, for pictures.
#[derive(Clone, Debug)]
pub struct StayShown {
    /// The list.
    pub list: List,
    /// The stages that they are stays in.
    pub stages: Vec<StageId>,
    /// The product limit.
    pub limit: ProductLimit,
    /// The plain average of the stays that ended, shown for what it is.
    pub average_of_closed: f64,
    /// The fitted curve and the base's, where the duration was estimated.
    pub curve: Option<Fitted>,
}

/// Where families go from a stage, for pictures.
#[derive(Clone, Debug)]
pub struct SplitShown {
    /// The stage.
    pub stage: StageId,
    /// Children who went a way that the base does not know.
    pub elsewhere: usize,
    /// Children whose way is known.
    pub rows: usize,
}

/// Words for a list's rows, and its place in Annex A.
pub fn list_words(list: List) -> (&'static str, &'static str) {
    match list {
        List::Contact => ("contacts", "Annex A list 1"),
        List::EarlyHelpAssessment => ("early help assessments", "Annex A list 2"),
        List::EarlyHelp => ("spells of early help", "early help file"),
        List::Referral => ("referrals", "Annex A list 3"),
        List::Assessment => ("assessments", "Annex A list 4"),
        List::Section47 => ("section 47 enquiries", "Annex A list 5"),
        List::ChildInNeed => ("children in need", "Annex A list 6"),
        List::ProtectionPlan => ("child protection plans", "Annex A list 7"),
        List::LookedAfter => ("children looked after", "Annex A list 8"),
    }
}

/// Estimates all that the extracts tell about the base.
pub fn calibrate(scenario: &Scenario, reading: &Reading) -> Calibration {
    let mut work = Work::new(scenario, reading);
    work.children();
    let lists: Vec<(List, Vec<StageId>)> = work.lists();
    for (list, stages) in &lists {
        work.stay(*list, stages);
    }
    work.splits();
    work.returns();
    let contacts = work.contacts();
    work.not_in_the_extracts();
    work.finish(contacts)
}

struct Work<'s> {
    scenario: &'s Scenario,
    central: Draw,
    roles: Roles,
    cases: Cases,
    /// Mean children of a family, and the variance of its logarithm.
    mean_children: (f64, f64),
    inflation: f64,
    figures: Vec<Figure>,
    kept: Vec<Kept>,
    stays: Vec<StayShown>,
    splits: Vec<SplitShown>,
    closures: Vec<Closure>,
}

impl<'s> Work<'s> {
    fn new(scenario: &'s Scenario, reading: &Reading) -> Self {
        let central = scenario.central_draw();
        let shares = crate::simulation::children_shares(&scenario.demand.children, &central);
        let moment = |power: i32| {
            let before = std::iter::once(0.0).chain(shares.iter().copied());
            let each = before.zip(&shares).map(|(before, sum)| sum - before);
            each.zip(1..).map(|(share, children)| share * f64::from(children).powi(power)).sum::<f64>()
        };
        Self {
            scenario,
            roles: Roles::of(scenario),
            cases: Cases::new(scenario, reading),
            mean_children: (moment(1), 0.0),
            inflation: moment(2) / moment(1),
            central,
            figures: Vec::new(),
            kept: Vec::new(),
            stays: Vec::new(),
            splits: Vec::new(),
            closures: Vec::new(),
        }
    }

    fn keep(&mut self, path: impl Into<String>, why: impl Into<String>) {
        self.kept.push(Kept { path: path.into(), why: why.into() });
    }

    /// Where a figure of a list comes from.
    fn source(&self, list: List) -> String {
        let (rows, place) = list_words(list);
        let Some(dates) = self.cases.dates(list) else { return place.to_owned() };
        let last = dates.end.saturating_sub(1.day());
        let day = |date: jiff::civil::Date| date.strftime("%-d %b %Y").to_string();
        format!("{place}, {} to {}, {} {rows}", day(dates.start), day(last), self.cases.of(list).len())
    }

    /// Lists that were read and that are about stays in a stage of the base.
    fn lists(&self) -> Vec<(List, Vec<StageId>)> {
        const STAYS: [List; 7] = [
            List::EarlyHelpAssessment,
            List::EarlyHelp,
            List::Assessment,
            List::Section47,
            List::ChildInNeed,
            List::ProtectionPlan,
            List::LookedAfter,
        ];
        let stages = |list: List| -> Vec<StageId> {
            (0..self.scenario.stages.len()).filter(|stage| self.roles.list_of[*stage] == Some(list)).collect()
        };
        let read = STAYS.into_iter().filter(|list| self.cases.window(*list).is_some());
        read.map(|list| (list, stages(list))).filter(|(_, stages)| !stages.is_empty()).collect()
    }

    /// Children of a family, where a file says who belongs together.
    fn children(&mut self) {
        let mut families: std::collections::BTreeMap<u32, std::collections::BTreeSet<u32>> =
            Default::default();
        for case in self.cases.of(List::EarlyHelp) {
            if let Some(family) = case.family {
                families.entry(family).or_default().insert(case.child);
            }
        }
        let ChildrenPerFamily::NegativeBinomial { mean, .. } = &self.scenario.demand.children else {
            return self.keep("demand.children", "the base states shares of each number of children");
        };
        let parameter = &self.scenario.parameters[mean.0 as usize];
        let n = families.len() as f64;
        if families.len() < LEAST_FAMILIES {
            let why = format!(
                "the extracts group children into {} families, fewer than {LEAST_FAMILIES}",
                families.len()
            );
            return self.keep(parameter.path.clone(), why);
        }
        let sizes = || families.values().map(|children| children.len() as f64);
        let value = sizes().sum::<f64>() / n;
        let variance = sizes().map(|size| (size - value).powi(2)).sum::<f64>() / (n - 1.0) / n;
        self.mean_children = (value, variance / (value * value));
        self.inflation = sizes().map(|size| size * size).sum::<f64>() / sizes().sum::<f64>();
        let (low, high) = log_interval(value, variance.sqrt() / value, None);
        self.figures.push(Figure {
            path: parameter.path.clone(),
            kind: Kind::Positive,
            base: parameter.value,
            value,
            low: low.max(1.0),
            high,
            rows: families.len(),
            method: "mean of families with early help",
            source: self.source(List::EarlyHelp),
            derived: false,
        });
    }

    /// The stays of a list as spells, as they count for the stage's own duration.
    fn spells(&self, list: List, stage: StageId) -> Vec<Spell> {
        if list == List::Section47 {
            // Enquiries that began early enough for any conference to be known: none is cut off, none came late.
            let Some((first, last)) = self.cases.window(list) else { return Vec::new() };
            let known = |case: &&Case| case.start >= first && case.start + ENQUIRY_DAYS < last;
            let length = |case: &Case| Some((case.end? - case.start) as f64);
            let lengths = self.cases.of(list).iter().filter(known).filter_map(length);
            return lengths.map(|to| Spell { from: 0.0, to, ended: true }).collect();
        }
        let split = Split { scenario: self.scenario, roles: &self.roles, stage, list };
        let hazards: Vec<Group> = self.scenario.stages[stage]
            .hazards
            .iter()
            .filter_map(|hazard| split.group(hazard.to).ok())
            .filter(|group| {
                split.groups().is_ok_and(|groups| groups.iter().all(|(_, _, other)| other != group))
            })
            .collect();
        let cut = |(case, spell): (&Case, Spell)| {
            let struck =
                !hazards.is_empty() && split.way(case, i64::MAX).is_some_and(|way| hazards.contains(&way));
            Spell { ended: spell.ended && !struck, ..spell }
        };
        self.cases.spells(list).map(cut).collect()
    }

    /// How long a list's stays last.
    fn stay(&mut self, list: List, stages: &[StageId]) {
        let all: Vec<Spell> = match list {
            List::Section47 => self.spells(list, stages[0]),
            _ => self.cases.spells(list).map(|(_, spell)| spell).collect(),
        };
        let source = self.source(list);
        let mut curve = None;
        if let [stage] = stages {
            let described = &self.scenario.stages[*stage];
            let path = format!("stages.{}.duration", described.id);
            let spells = self.spells(list, *stage);
            let after = match (list, self.roles.conference) {
                (List::Section47, Some(conference)) => {
                    conference::days(self.scenario, &self.central, conference)
                }
                _ => Vec::new(),
            };
            let found = estimate(&Stage {
                path: &path,
                duration: &described.duration,
                review: described.review,
                central: &self.central,
                spells: &spells,
                inflation: self.inflation,
                after: &after,
                source: &source,
            });
            match found {
                Ok(found) => {
                    self.figures.extend(found.figures);
                    curve = Some(found.curve);
                }
                Err(why) => self.keep(path, why),
            }
            self.hazards(list, *stage, &spells, &source);
        } else {
            for stage in stages {
                let path = format!("stages.{}.duration", self.scenario.stages[*stage].id);
                self.keep(
                    path,
                    "the file has one spell for all of early help, and the base has several stages of it",
                );
            }
        }
        self.stays.push(StayShown {
            list,
            stages: stages.to_vec(),
            limit: ProductLimit::new(&all),
            average_of_closed: survival::average_of_closed(&all),
            curve,
        });
    }

    /// Rates of hazards that the list can tell from the stage's own ways on.
    fn hazards(&mut self, list: List, stage: StageId, spells: &[Spell], source: &str) {
        let described = &self.scenario.stages[stage];
        for hazard in &described.hazards {
            let path = format!("stages.{}.hazards.{}.rate_per_week", described.id, hazard.id);
            let split = Split { scenario: self.scenario, roles: &self.roles, stage, list };
            let group = match (split.groups(), split.group(hazard.to)) {
                (Ok(_), Ok(group)) => group,
                (Err(why), _) | (_, Err(why)) => {
                    self.kept.push(Kept { path, why });
                    continue;
                }
            };
            let struck =
                self.cases.of(list).iter().filter(|case| split.way(case, i64::MAX) == Some(group)).count();
            let weeks: f64 = spells.iter().map(|spell| spell.to - spell.from).sum::<f64>() / 7.0;
            let events = struck as f64 / self.inflation;
            if events < 5.0 {
                self.kept.push(Kept { path, why: format!("it struck only {struck} children in view") });
                continue;
            }
            let value = struck as f64 / weeks;
            let (low, high) = log_interval(value, 1.0 / events.sqrt(), None);
            self.figures.push(Figure {
                path,
                kind: Kind::Positive,
                base: self.central[hazard.rate_per_week],
                value,
                low,
                high,
                rows: spells.len(),
                method: "events over weeks in view",
                source: source.to_owned(),
                derived: false,
            });
        }
    }

    fn contacts(&mut self) -> Option<(Contacts, Arrivals)> {
        let Some(contacts) = Contacts::new(&self.cases) else {
            self.keep("sources", "the extracts have no contacts (Annex A list 1)");
            return None;
        };
        let source = self.source(List::Contact);
        let context = Context {
            scenario: self.scenario,
            central: &self.central,
            cases: &self.cases,
            children: self.mean_children,
            inflation: self.inflation,
            source: &source,
        };
        let mut arrivals = arrivals::estimate(&context, &contacts);
        if let Some(list) = arrivals.areas_by {
            let source = self.source(list);
            let of_areas = |figure: &&mut Figure| figure.path.ends_with(".need");
            arrivals.figures.iter_mut().filter(of_areas).for_each(|figure| figure.source.clone_from(&source));
        }
        self.figures.append(&mut arrivals.figures);
        self.kept.append(&mut arrivals.kept);
        Some((contacts, arrivals))
    }

    /// Names what no list is about, so that nobody takes it for measured.
    fn not_in_the_extracts(&mut self) {
        for (path, why) in [
            ("teams", "posts, hours and limits are not in the extracts"),
            ("desks", "people and minutes at desks are not in the extracts"),
            ("stages.*.hours_per_week, stages.*.hours_total", "hours of work are not in the extracts"),
            ("stages.*.waiting", "who waits, and what happens to them, is not in the extracts"),
            ("demand.year_noise", "one year does not show how years differ"),
            ("demand.month_noise.correlation", "too few months show how months hang together"),
            ("demand.area_month_noise", "areas' months hold too few contacts"),
            ("sources.*.resurfacing", "who comes forward late cannot be told from who comes"),
            ("areas.*.hidden_share", "need that nobody saw is in no list"),
        ] {
            self.keep(path, why);
        }
        for stage in &self.scenario.stages {
            let beginning = format!("stages.{}.", stage.id);
            let known = self.figures.iter().any(|figure| figure.path.starts_with(&beginning))
                || self.kept.iter().any(|kept| kept.path.starts_with(&beginning));
            if !known {
                let path = format!("stages.{}", stage.id);
                self.kept.push(Kept { path, why: "no list that was read is about it".to_owned() });
            }
        }
    }

    fn finish(mut self, contacts: Option<(Contacts, Arrivals)>) -> Calibration {
        self.figures.sort_by_cached_key(|figure| natural(&figure.path));
        self.kept.sort();
        self.kept.dedup();
        let first = contacts.as_ref().map_or(0, |(contacts, _)| contacts.first);
        Calibration {
            from: self.cases.date(first),
            figures: self.figures,
            kept: self.kept,
            stays: self.stays,
            splits: self.splits,
            contacts,
            inflation: self.inflation,
        }
    }
}

/// A path in parts, numbers as numbers, so that band 10 comes after band 9.
fn natural(path: &str) -> Vec<(u32, String)> {
    path.split('.').map(|part| (part.parse().unwrap_or(0), part.to_owned())).collect()
}
