//! From the raw scenario to the valid one.
//!
//! Consumes the [`ScenarioFile`] and the layers it was read from; produces the [`Scenario`], or every
//! fault at once. After a fault the checks go on with a stand-in value. Invariant: a scenario leaves
//! here only when there is no fault at all.
//!
//! The scenario is built twice: the first time to find out which parameters there are, the second
//! with each [`Quantity`] pointing at its parameter in the list sorted by path.

mod areas;
mod capacity;
mod compare;
mod demand;
mod durations;
mod explain;
mod figures;
mod funding;
mod interventions;
mod money;
mod pathway;
mod people;
mod published;
mod reach;
mod splits;
mod staffing;
mod standards;
mod timeline;
mod workforce;

use std::collections::BTreeMap;

use super::charges::Programme;
use super::deserialize::Reading;
use super::faults::{Fault, Faults, Words, suggestion, words};
use super::file::ScenarioFile;
use super::layers::Layers;
use super::model::{ExperimentDefaults, Parameter, Quantity, Scenario};
use super::tree::Path;

/// Makes the valid scenario. `file_stem` stands in for a missing name.
pub(super) fn validate(layers: &Layers, reading: Reading, file_stem: &str) -> Result<Scenario, Faults> {
    let Reading { file, faults, broken } = reading;
    let mut context = Context::new(layers, &file, &broken);
    context.build(&file, file_stem);
    let mut all = faults;
    all.append(&mut context.faults);
    if !all.is_empty() {
        return Err(Faults::new(all));
    }
    let order = context.parameters.keys().cloned().zip(0..).collect();
    let mut context = Context::new(layers, &file, &broken);
    context.order = order;
    let mut scenario = context.build(&file, file_stem);
    scenario.parameters = context.parameters.into_values().collect();
    scenario.notes = context.notes;
    Ok(scenario)
}

/// The identifiers of everything that can be referred to, sorted.
#[derive(Default)]
struct Names {
    areas: Vec<String>,
    sources: Vec<String>,
    stages: Vec<String>,
    ends: Vec<String>,
    desks: Vec<String>,
    teams: Vec<String>,
    clocks: Vec<String>,
}

/// What validation has found so far.
struct Context<'a> {
    layers: &'a Layers,
    broken: &'a [Path],
    names: Names,
    faults: Vec<Fault>,
    parameters: BTreeMap<String, Parameter>,
    /// What each figure may be.
    limits: BTreeMap<String, figures::Limits>,
    /// Index of each parameter: of the first build in order of mention, of the second by path.
    order: BTreeMap<String, u32>,
    /// Something that the pathway hangs on is faulty, so that how it hangs together cannot be judged.
    disconnected: bool,
    notes: Vec<String>,
}

impl<'a> Context<'a> {
    fn new(layers: &'a Layers, file: &ScenarioFile, broken: &'a [Path]) -> Self {
        let names = Names {
            areas: ids(&file.areas),
            sources: ids(&file.sources),
            stages: ids(&file.stages),
            ends: ids(&file.ends),
            desks: ids(&file.desks),
            teams: ids(&file.teams),
            clocks: ids(&file.clocks),
        };
        Context {
            layers,
            broken,
            names,
            faults: Vec::new(),
            parameters: BTreeMap::new(),
            limits: BTreeMap::new(),
            order: BTreeMap::new(),
            disconnected: false,
            notes: Vec::new(),
        }
    }

    /// Builds every part, each noting its own faults.
    fn build(&mut self, file: &ScenarioFile, file_stem: &str) -> Scenario {
        self.check_ids(file);
        let name = self.name(file, file_stem);
        let timeline = self.timeline(file);
        let experiment = self.experiment(file);
        let explain = self.explain(file);
        let compare = self.compare(file);
        let areas = self.areas(file, &timeline);
        let sources = self.sources(file, &timeline);
        let demand = self.demand(file, &timeline);
        let (desks, mut desk_units) = self.desks(file, &timeline);
        let stages = self.stages(file, &timeline);
        let ends = self.ends(file);
        let (teams, units) = self.teams(file);
        let clocks = self.clocks(file, &stages);
        let standards = self.standards(file, &units);
        let staffing = self.staffing(file, &teams, (&units, &desk_units));
        let mut money = self.money(file, &timeline);
        let funding = self.funding(file);
        let initial = self.initial(file, &stages);
        let published = self.published(file, &timeline);
        let interventions = self.interventions(file, &timeline, &units, &mut desk_units);
        money.programmes.extend(interventions.iter().flat_map(Programme::of_intervention));
        let scenario = Scenario {
            title: file.title.clone().unwrap_or_else(|| name.clone()),
            name,
            description: file.description.clone().unwrap_or_default().trim().to_owned(),
            hash: self.layers.hash(),
            start: timeline.start,
            warm_up_weeks: timeline.warm_up_weeks,
            horizon_weeks: timeline.horizon_weeks,
            experiment,
            explain,
            compare,
            parameters: Vec::new(),
            areas,
            sources,
            demand,
            stages,
            ends,
            desks,
            desk_units,
            teams,
            units,
            clocks,
            standards,
            staffing,
            money,
            funding,
            initial,
            published,
            interventions,
            notes: Vec::new(),
        };
        self.connections(&scenario);
        self.charges_and_pots(file, &scenario);
        scenario
    }

    /// Notes a fault at the value of a path, unless that value was already found faulty.
    fn fault(&mut self, path: &Path, words: Words) {
        if !self.is_broken(path) {
            let place = self.layers.root.place_of(path);
            self.faults.push(self.layers.fault_at(&place, path, words));
        }
    }

    /// Notes a fault at the last key of a path.
    fn fault_at_key(&mut self, path: &Path, words: Words) {
        if !self.is_broken(path) {
            let place = self.layers.root.place_of_key(path);
            self.faults.push(self.layers.fault_at(&place, path, words));
        }
    }

    /// Whether what stands at a path, or above it, was taken out as faulty.
    fn is_broken(&self, path: &Path) -> bool {
        self.broken.iter().any(|broken| broken.leads_to(path))
    }

    /// Whether something below a path was taken out as faulty.
    fn is_touched(&self, path: &Path) -> bool {
        self.broken.iter().any(|broken| path.leads_to(broken) || broken.leads_to(path))
    }

    /// The index of a name in a list, or a fault that suggests one.
    fn find(&mut self, path: &Path, table: &str, known: &[String], name: &str) -> Option<usize> {
        if let Ok(index) = known.binary_search_by(|id| id.as_str().cmp(name)) {
            return Some(index);
        }
        self.disconnected = true;
        if !self.is_broken(&Path::of(&[table, name])) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let message = format!("there is no [{table}.{name}] in this scenario");
            self.fault(path, words(message, suggestion(name, &known)));
        }
        None
    }

    fn find_area(&mut self, path: &Path, name: &str) -> Option<usize> {
        let known = self.names.areas.clone();
        self.find(path, "areas", &known, name)
    }

    fn find_source(&mut self, path: &Path, name: &str) -> Option<usize> {
        let known = self.names.sources.clone();
        self.find(path, "sources", &known, name)
    }

    fn find_stage(&mut self, path: &Path, name: &str) -> Option<usize> {
        let known = self.names.stages.clone();
        self.find(path, "stages", &known, name)
    }

    fn find_desk(&mut self, path: &Path, name: &str) -> Option<usize> {
        let known = self.names.desks.clone();
        self.find(path, "desks", &known, name)
    }

    fn find_team(&mut self, path: &Path, name: &str) -> Option<usize> {
        let known = self.names.teams.clone();
        self.find(path, "teams", &known, name)
    }

    /// A list of areas or sources: sorted indices, each at most once.
    fn subset(&mut self, path: &Path, names: &[String], areas: bool) -> Vec<usize> {
        let mut found = Vec::new();
        if names.is_empty() {
            self.fault(path, words("the list is empty", "name at least one, or leave the line out for all"));
        }
        for (index, name) in names.iter().enumerate() {
            let path = path.item(index);
            let id = if areas { self.find_area(&path, name) } else { self.find_source(&path, name) };
            match id {
                Some(id) if found.contains(&id) => {
                    self.fault(&path, words(format!("`{name}` is named twice"), "name each once"));
                }
                Some(id) => found.push(id),
                None => {}
            }
        }
        found.sort_unstable();
        found
    }

    fn name(&mut self, file: &ScenarioFile, file_stem: &str) -> String {
        let name = file.name.as_deref().unwrap_or(file_stem);
        // Names that Windows keeps for devices cannot name a folder there.
        let reserved = ["con", "prn", "aux", "nul"].contains(&name);
        if !is_id(name, true) || reserved {
            let path = Path::of(&["name"]);
            let message = match file.name {
                Some(_) => format!("\"{name}\" cannot name a folder of results"),
                None => format!("the scenario has no `name`, and its file's name \"{name}\" cannot stand in"),
            };
            self.fault(&path, words(message, "use a-z, 0-9, _ and -, such as name = \"oldham-2026\""));
        }
        name.to_owned()
    }

    fn experiment(&mut self, file: &ScenarioFile) -> ExperimentDefaults {
        let path = Path::of(&["experiment"]);
        let given = file.experiment.clone().unwrap_or_default();
        let replications = self.whole(&path.key("replications"), given.replications, 200, 1, 10_000_000);
        let measures = given.precision_measures.unwrap_or_else(|| {
            vec![super::measures::WAITING_FAMILIES.to_owned(), "open_families".to_owned()]
        });
        for (index, measure) in measures.iter().enumerate() {
            self.check_measure(&path.key("precision_measures").item(index), measure);
        }
        ExperimentDefaults { replications: replications as u32, precision_measures: measures }
    }

    /// Every identifier is a word that can stand in columns, paths and file names, and means one thing.
    fn check_ids(&mut self, file: &ScenarioFile) {
        let tables: [(&str, Vec<String>); 16] = [
            ("areas", self.names.areas.clone()),
            ("sources", self.names.sources.clone()),
            ("stages", self.names.stages.clone()),
            ("ends", self.names.ends.clone()),
            ("desks", self.names.desks.clone()),
            ("teams", self.names.teams.clone()),
            ("clocks", self.names.clocks.clone()),
            ("standards", ids(&file.standards)),
            ("funders", ids(&file.funders)),
            ("pots", ids(&file.pots)),
            ("pay", ids(&file.pay)),
            ("programmes", ids(&file.programmes)),
            ("published", ids(&file.published)),
            ("interventions", ids(&file.interventions)),
            ("school_calendars", ids(&file.school_calendars)),
            ("demand.shocks", file.demand.as_ref().map(|demand| ids(&demand.shocks)).unwrap_or_default()),
        ];
        for (table, ids) in &tables {
            let hyphen = ["areas", "school_calendars"].contains(table);
            for id in ids {
                let path = Path(table.split('.').map(str::to_owned).collect()).key(id);
                if !is_id(id, hyphen) {
                    let letters = if hyphen { "a-z, 0-9, _ and -" } else { "a-z, 0-9 and _" };
                    let help = format!("use {letters}; what readers see is set by `name`");
                    self.fault_at_key(&path, words(format!("\"{id}\" cannot be an id"), help));
                }
            }
        }
        for (one, other, why) in [
            ("stages", "ends", "`next` could mean either"),
            ("desks", "teams", "the results could mean either"),
        ] {
            let taken = tables.iter().find(|(table, _)| *table == other).map_or(&[][..], |(_, ids)| ids);
            for id in tables.iter().filter(|(table, _)| *table == one).flat_map(|(_, ids)| ids) {
                if taken.contains(id) {
                    let message = format!("there is also a [{one}.{id}], so {why}");
                    self.fault_at_key(&Path::of(&[other, id]), words(message, "rename one of the two"));
                }
            }
        }
        self.check_something_there(file);
    }

    fn check_something_there(&mut self, file: &ScenarioFile) {
        for (table, empty, example) in [
            ("areas", file.areas.is_empty(), "for example [areas.north] with its population"),
            ("sources", file.sources.is_empty(), "for example [sources.school] with its rate_per_10k"),
            (
                "stages",
                file.stages.is_empty(),
                "write [stages.…], or extends = \"england\" for the built-in pathway",
            ),
            ("ends", file.ends.is_empty(), "for example [ends.closed], where families leave"),
        ] {
            if empty && !self.is_touched(&Path::of(&[table])) {
                self.fault(&Path::of(&[table]), words(format!("the scenario has no {table}"), example));
            }
        }
    }
}

fn ids<T>(table: &BTreeMap<String, T>) -> Vec<String> {
    table.keys().cloned().collect()
}

/// Whether a text can be an identifier.
fn is_id(text: &str, hyphen: bool) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && !text.starts_with('-')
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || hyphen && c == '-')
}

/// A name for readers: as given, or made of the id.
fn display_name(given: &Option<String>, id: &str) -> String {
    match given {
        Some(name) if !name.trim().is_empty() => name.trim().to_owned(),
        _ => {
            let text = id.replace('_', " ");
            let mut letters = text.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

/// A stand-in for a figure that is faulty or has no meaning where it would stand.
const NOTHING: Quantity = Quantity(u32::MAX);
