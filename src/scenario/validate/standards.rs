//! Clocks, standards, and families open at the start.

use super::super::faults::{suggestion, words};
use super::super::file::{ClockFile, InitialFile, ScenarioFile, StandardFile};
use super::super::measures::{MEASURES, MeasureIds, WAITING_FAMILIES, is_measure};
use super::super::model::{Clock, Holder, InitialCases, Moment, Stage, Standard, StandardTest, Unit};
use super::super::tree::Path;
use super::figures::{Limits, POSITIVE_DAYS, POSITIVE_SHARE};
use super::{Context, NOTHING, display_name};

const RELIABILITY: Limits =
    Limits::inside(0.0, 1.0, "a share over 0 and under 1 (0.9: met in nine of ten replications)");
const THRESHOLD: Limits = Limits::between(-1e12, 1e12, "a number");
const MOMENTS: &str = "moments are arrival, decided, enter:STAGE, start:STAGE and leave:STAGE";

/// Most families that may be open in one stage of one area.
const MOST_FAMILIES: i64 = 10_000_000;

impl Context<'_> {
    pub(super) fn clocks(&mut self, file: &ScenarioFile, stages: &[Stage]) -> Vec<Clock> {
        file.clocks.iter().map(|(id, clock)| self.clock(id, clock, stages)).collect()
    }

    fn clock(&mut self, id: &str, given: &ClockFile, stages: &[Stage]) -> Clock {
        let path = Path::of(&["clocks", id]);
        let starts = self.moment(&path.key("starts"), given.starts.as_deref(), stages);
        let stops = self.moment(&path.key("stops"), given.stops.as_deref(), stages);
        if let (Some(starts), Some(stops)) = (starts, stops) {
            if starts == stops {
                let help = "let it stop at a later moment";
                self.fault(&path.key("stops"), words("this clock stops at the moment it starts", help));
            } else if stops == Moment::Arrival {
                let help = "arrival is a family's first moment; let it stop at a later one";
                self.fault(&path.key("stops"), words("nothing can stop at the arrival", help));
            }
        }
        let limit = match (&given.working_days, &given.days) {
            (Some(_), Some(_)) => {
                let help = "give `working_days` or `days`, not both";
                self.fault_at_key(&path.key("days"), words("the limit is said twice", help));
                NOTHING
            }
            (Some(days), None) => self.required(&path.key("working_days"), Some(days), &POSITIVE_DAYS),
            (None, Some(days)) => self.required(&path.key("days"), Some(days), &POSITIVE_DAYS),
            (None, None) => {
                if !self.is_broken(&path.key("days")) {
                    let help = "give working_days = 45, or days = 28";
                    self.fault(&path.key("working_days"), words("the clock has no limit", help));
                }
                NOTHING
            }
        };
        Clock {
            id: id.to_owned(),
            name: display_name(&given.name, id),
            starts: starts.unwrap_or(Moment::Arrival),
            stops: stops.unwrap_or(Moment::Decided),
            limit,
            working_days: given.working_days.is_some(),
        }
    }

    fn moment(&mut self, path: &Path, given: Option<&str>, stages: &[Stage]) -> Option<Moment> {
        let Some(given) = given else {
            let key = path.0.last().map_or("", String::as_str);
            self.fault(path, words(format!("`{key}` is missing"), MOMENTS));
            return None;
        };
        match given {
            "arrival" => return Some(Moment::Arrival),
            "decided" => {
                if !stages.iter().any(|stage| stage.front_door) && !self.is_touched(&Path::of(&["stages"])) {
                    let help = "mark the stages in which contacts are decided with front_door = true";
                    self.fault(
                        path,
                        words("no stage belongs to the front door, so nothing is ever decided", help),
                    );
                }
                return Some(Moment::Decided);
            }
            _ => {}
        }
        let Some((word, stage_name)) =
            given.split_once(':').filter(|(word, _)| ["enter", "start", "leave"].contains(word))
        else {
            self.fault(path, words(format!("\"{given}\" is not a moment of a family's way"), MOMENTS));
            return None;
        };
        let stage = self.find_stage(path, stage_name)?;
        Some(match word {
            "enter" => Moment::Enter(stage),
            "leave" => Moment::Leave(stage),
            _ => {
                if matches!(stages[stage].holder, Holder::Nobody | Holder::Checks(_))
                    // A holder that could not be found has been told already.
                    && !self.disconnected
                    && !self.is_touched(&Path::of(&["stages", stage_name]))
                {
                    let message = format!(
                        "`{stage_name}` has no start of its own: neither a desk nor a team takes it up"
                    );
                    self.fault(path, words(message, format!("use enter:{stage_name}")));
                }
                Moment::Start(stage)
            }
        })
    }

    /// Notes a fault when nothing is measured under a name.
    pub(super) fn check_measure(&mut self, path: &Path, measure: &str) {
        let names = &self.names;
        let ids = MeasureIds {
            sources: &names.sources,
            stages: &names.stages,
            clocks: &names.clocks,
            ends: &names.ends,
        };
        if !is_measure(measure, &ids) && !self.is_touched(path) {
            let mut known: Vec<&str> = MEASURES.to_vec();
            known.push(WAITING_FAMILIES);
            let help = suggestion(measure, &known);
            self.fault(path, words(format!("nothing is measured under the name \"{measure}\""), help));
        }
    }

    pub(super) fn standards(&mut self, file: &ScenarioFile, units: &[Unit]) -> Vec<Standard> {
        file.standards.iter().map(|(id, standard)| self.standard(id, standard, units)).collect()
    }

    fn standard(&mut self, id: &str, given: &StandardFile, units: &[Unit]) -> Standard {
        let path = Path::of(&["standards", id]);
        let test = self.standard_test(&path, given);
        let required_share = match &given.required_share {
            Some(share) => self.threshold(&path.key("required_share"), share, &POSITIVE_SHARE),
            None => {
                let help = "the share of families or weeks that must meet it, such as required_share = 0.85";
                self.fault(&path.key("required_share"), words("`required_share` is missing", help));
                1.0
            }
        };
        let reliability = match &given.reliability {
            Some(share) => self.threshold(&path.key("reliability"), share, &RELIABILITY),
            None => {
                self.number(&path.key("reliability"), None, 0.9, &RELIABILITY);
                0.9
            }
        };
        Standard {
            id: id.to_owned(),
            name: display_name(&given.name, id),
            areas: self.bound_areas(&path, given, &test, units),
            test,
            required_share,
            reliability,
        }
    }

    /// The areas that a standard binds: none where a shared unit is judged as a whole.
    fn bound_areas(
        &mut self,
        path: &Path,
        given: &StandardFile,
        test: &StandardTest,
        units: &[Unit],
    ) -> Vec<usize> {
        let path = path.key("areas");
        let chosen = given.areas.as_ref().map(|names| self.subset(&path, names, true));
        let StandardTest::Measure { team: Some(team), .. } = test else {
            return chosen.unwrap_or_else(|| (0..self.names.areas.len()).collect());
        };
        let shared = units.iter().any(|unit| unit.team == *team && unit.id == self.names.teams[*team]);
        if shared && chosen.is_some() {
            let help = "leave `areas` out";
            self.fault_at_key(
                &path,
                words("this team is one unit shared by areas and is judged as a whole", help),
            );
        }
        if shared { Vec::new() } else { chosen.unwrap_or_else(|| (0..self.names.areas.len()).collect()) }
    }

    fn standard_test(&mut self, path: &Path, given: &StandardFile) -> StandardTest {
        let nothing =
            StandardTest::Measure { measure: String::new(), team: None, threshold: 0.0, at_most: true };
        match (&given.clock, &given.measure) {
            (Some(clock), None) => {
                for (key, there) in [
                    ("team", given.team.is_some()),
                    ("at_most", given.at_most.is_some()),
                    ("at_least", given.at_least.is_some()),
                ] {
                    if there {
                        let message = format!("`{key}` has no meaning beside a clock");
                        self.fault_at_key(&path.key(key), words(message, "the limit stands in the clock"));
                    }
                }
                let known = self.names.clocks.clone();
                self.find(&path.key("clock"), "clocks", &known, clock).map_or(nothing, StandardTest::Clock)
            }
            (None, Some(measure)) => self.measure_test(path, given, measure),
            (both, _) => {
                if !self.is_broken(&path.key("clock")) && !self.is_broken(&path.key("measure")) {
                    let message = if both.is_some() {
                        "there are both a clock and a measure"
                    } else {
                        "nothing is promised here"
                    };
                    let help = "give `clock`, or `measure` with `at_most` or `at_least`";
                    self.fault(path, words(message, help));
                }
                nothing
            }
        }
    }

    fn measure_test(&mut self, path: &Path, given: &StandardFile, measure: &str) -> StandardTest {
        self.check_measure(&path.key("measure"), measure);
        let team = given.team.as_ref().and_then(|team| self.find_team(&path.key("team"), team));
        let (key, threshold) = match (&given.at_most, &given.at_least) {
            (Some(at_most), None) => ("at_most", Some(at_most)),
            (None, Some(at_least)) => ("at_least", Some(at_least)),
            (both, _) => {
                if !self.is_broken(&path.key("at_most")) && !self.is_broken(&path.key("at_least")) {
                    let message = if both.is_some() {
                        "there are both `at_most` and `at_least`"
                    } else {
                        "there is no threshold"
                    };
                    self.fault(path, words(message, "give `at_most` or `at_least`"));
                }
                ("at_most", None)
            }
        };
        StandardTest::Measure {
            measure: measure.to_owned(),
            team,
            threshold: threshold.map_or(0.0, |raw| self.threshold(&path.key(key), raw, &THRESHOLD)),
            at_most: key == "at_most",
        }
    }

    pub(super) fn initial(&mut self, file: &ScenarioFile, stages: &[Stage]) -> Vec<InitialCases> {
        let mut cases = Vec::new();
        for (area_name, by_stage) in &file.initial {
            let path = Path::of(&["initial", area_name]);
            let area = self.find_area(&path, area_name);
            for (stage_name, given) in by_stage {
                let path = path.key(stage_name);
                let stage = self.find_stage(&path, stage_name);
                if let (Some(area), Some(stage)) = (area, stage) {
                    cases.push(self.initial_cases(&path, area, stage, given, stages));
                }
            }
        }
        cases
    }

    fn initial_cases(
        &mut self,
        path: &Path,
        area: usize,
        stage: usize,
        given: &InitialFile,
        stages: &[Stage],
    ) -> InitialCases {
        let holder = &stages[stage].holder;
        let known = !self.is_touched(&Path::of(&["stages", &stages[stage].id]));
        if known && matches!(holder, Holder::Desk(_) | Holder::Checks(_)) {
            let help = "say those who are with a team, or in a stage that nobody holds; desks start empty";
            self.fault_at_key(path, words("families at a desk cannot be given", help));
        }
        if known && given.waiting.unwrap_or(0) > 0 && !matches!(holder, Holder::Team(_)) {
            let help = "only a team's stage has a waiting list";
            self.fault(&path.key("waiting"), words("nobody waits for a worker in this stage", help));
        }
        let families_path = if given.waiting.is_some() { path.key("families") } else { path.clone() };
        InitialCases {
            area,
            stage,
            families: self.whole(&families_path, given.families, 0, 0, MOST_FAMILIES) as u32,
            waiting: self.whole(&path.key("waiting"), given.waiting, 0, 0, MOST_FAMILIES) as u32,
        }
    }
}
