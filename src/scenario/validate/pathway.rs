//! Stages and ends: who holds a family, what that takes, and where it goes.

use std::collections::BTreeMap;

use super::super::faults::words;
use super::super::file::{CheckFile, HazardFile, ReturnsFile, ReviewFile, ScenarioFile, StageFile};
use super::super::model::{
    Counts, Duration, End, Hazard, Holder, Quantity, Return, Review, Route, Stage, Work,
};
use super::super::number::{RawDuration, RawNumber, TimeUnit};
use super::super::tree::Path;
use super::figures::{DAYS, HOURS, Limits, POSITIVE_DAYS, SHARE, WEEKLY_HOURS};
use super::timeline::Timeline;
use super::{Context, NOTHING, display_name};

const POINTS: Limits = Limits::between(0.0, 10_000.0, "points: 0 or more, at most 10,000");
const TOTAL_HOURS: Limits =
    Limits::between(0.0, 100_000.0, "hours over the whole stage: 0 or more, at most 100,000");
const EXTRA_CHILD: Limits =
    Limits::between(0.0, 10.0, "a share of the first child's work: 0 or more, at most 10");
const RATE: Limits = Limits::between(
    0.0,
    1000.0,
    "events for each family and week: 0 or more, at most 1000 (0.01 is one in a hundred)",
);

impl Context<'_> {
    pub(super) fn stages(&mut self, file: &ScenarioFile, timeline: &Timeline) -> Vec<Stage> {
        file.stages.iter().map(|(id, stage)| self.stage(file, id, stage, timeline)).collect()
    }

    fn stage(&mut self, file: &ScenarioFile, id: &str, given: &StageFile, timeline: &Timeline) -> Stage {
        let path = Path::of(&["stages", id]);
        let holder = self.holder(file, &path, given);
        let of_team = given.team.is_some();
        let counts = given.counts.unwrap_or(Counts::Families);
        let extra = if counts == Counts::Children { 1.0 } else { 0.0 };
        if !of_team {
            self.check_without_team(&path, given);
        }
        Stage {
            id: id.to_owned(),
            name: display_name(&given.name, id),
            duration: self.stage_duration(file, &path, given),
            work: self.work(&path, given),
            holder,
            level: self.whole(&path.key("level"), given.level, 0, -1000, 1000) as i32,
            front_door: given.front_door.unwrap_or(false),
            referral: given.referral.unwrap_or(false),
            counts,
            priority: self.whole(&path.key("priority"), given.priority, 5, 0, 255) as u8,
            urgent: given.urgent.unwrap_or(false),
            points: self.of_team(of_team, &path.key("points"), given.points.as_ref(), 1.0, &POINTS),
            points_extra_child: self.of_team(
                of_team,
                &path.key("points_extra_child"),
                given.points_extra_child.as_ref(),
                extra,
                &POINTS,
            ),
            work_extra_child: self.of_team(
                of_team,
                &path.key("work_extra_child"),
                given.work_extra_child.as_ref(),
                extra,
                &EXTRA_CHILD,
            ),
            routes: self.routes(&path, given, timeline),
            hazards: self.hazards(&path.key("hazards"), &given.hazards),
            waiting_hazards: self.hazards(&path.key("waiting"), &given.waiting),
            review: given.review.as_ref().map(|review| self.review(&path.key("review"), review)),
            keep_worker: given.keep_worker.unwrap_or(true),
            transfer_delay_days: self.of_team(
                of_team,
                &path.key("transfer_delay_days"),
                given.transfer_delay_days.as_ref(),
                0.0,
                &DAYS,
            ),
            handover_hours: self.of_team(
                of_team,
                &path.key("handover_hours"),
                given.handover_hours.as_ref(),
                0.0,
                &HOURS,
            ),
            overlap_days: self.overlap_days(&path, given),
            open_contacts: self.of_team(
                of_team,
                &path.key("open_contacts"),
                given.open_contacts.as_ref(),
                0.0,
                &RATE,
            ),
            open_contact_hours: self.open_contact_hours(&path, given),
            support: given
                .support
                .as_ref()
                .filter(|_| of_team)
                .and_then(|support| self.support(file, &path.key("support"), support)),
            oversight: given
                .oversight
                .as_ref()
                .filter(|_| of_team)
                .and_then(|oversight| self.oversight(file, &path.key("oversight"), oversight, given)),
        }
    }

    /// A figure that only a team's stage uses.
    pub(super) fn of_team(
        &mut self,
        of_team: bool,
        path: &Path,
        raw: Option<&RawNumber>,
        usual: f64,
        limits: &Limits,
    ) -> Quantity {
        if of_team || raw.is_some() { self.number(path, raw, usual, limits) } else { self.unused() }
    }

    /// What only a team's stage can have.
    fn check_without_team(&mut self, path: &Path, given: &StageFile) {
        if self.is_touched(&path.key("team")) {
            return;
        }
        let help = "it belongs to a stage held by a `team`";
        for (key, there) in [
            ("review", given.review.is_some()),
            ("waiting", !given.waiting.is_empty()),
            ("urgent", given.urgent == Some(true)),
            ("overlap_days", given.overlap_days.is_some()),
            ("open_contacts", given.open_contacts.is_some()),
            ("support", given.support.is_some()),
            ("oversight", given.oversight.is_some()),
        ] {
            if there {
                let message = format!("`{key}` has no meaning here, since no team holds this stage");
                self.fault_at_key(&path.key(key), words(message, help));
            }
        }
        let unused: Vec<&str> = [
            ("points", given.points.is_some()),
            ("points_extra_child", given.points_extra_child.is_some()),
            ("hours_per_week", given.hours_per_week.is_some()),
            ("hours_total", given.hours_total.is_some()),
            ("work_extra_child", given.work_extra_child.is_some()),
            ("handover_hours", given.handover_hours.is_some()),
            ("open_contact_hours", given.open_contact_hours.is_some()),
        ]
        .iter()
        .filter(|(_, there)| *there)
        .map(|(key, _)| *key)
        .collect();
        if !unused.is_empty() {
            self.notes
                .push(format!("{path}: no team holds this stage, so {} changes nothing", unused.join(", ")));
        }
    }

    fn holder(&mut self, file: &ScenarioFile, path: &Path, given: &StageFile) -> Holder {
        let keys = [
            ("desk", given.desk.is_some()),
            ("team", given.team.is_some()),
            ("checks", given.checks.is_some()),
        ];
        let held: Vec<&str> = keys.iter().filter(|(_, there)| *there).map(|(key, _)| *key).collect();
        if held.len() > 1 {
            let message = format!("this stage has {}", held.join(" and "));
            let help = "a stage is held by one of `desk`, `team` and `checks`, or by nobody";
            self.fault_at_key(&path.key(held[1]), words(message, help));
        }
        if let Some(desk) = &given.desk {
            self.find_desk(&path.key("desk"), desk).map_or(Holder::Nobody, Holder::Desk)
        } else if let Some(team) = &given.team {
            self.find_team(&path.key("team"), team).map_or(Holder::Nobody, Holder::Team)
        } else if let Some(checks) = &given.checks {
            self.checks(file, &path.key("checks"), checks)
        } else {
            Holder::Nobody
        }
    }

    fn checks(&mut self, file: &ScenarioFile, path: &Path, checks: &BTreeMap<String, CheckFile>) -> Holder {
        if checks.is_empty() && !self.is_touched(path) {
            self.fault(
                path,
                words("there are no checks", "for example checks = { police = 1.0, health = 0.6 }"),
            );
        }
        let mut tasks = Vec::new();
        for (desk_name, check) in checks {
            let path = path.key(desk_name);
            let desk = self.find_desk(&path, desk_name);
            let share_path = if self.layers.root.at(&path.key("share")).is_some() {
                path.key("share")
            } else {
                path.clone()
            };
            if check.share.is_none() && !self.is_touched(&path) {
                let help = "for example { share = 0.6, minutes = 20 }";
                self.fault(
                    &path,
                    words("`share` is missing: the share of families that need this check", help),
                );
            }
            let share =
                check.share.as_ref().map_or(NOTHING, |share| self.required(&share_path, Some(share), &SHARE));
            let task = self.task(file, &path, check.minutes.as_ref(), Some(desk_name));
            tasks.extend(desk.map(|desk| (desk, share, task)));
        }
        Holder::Checks(tasks)
    }

    /// The time that a task takes: as said here, or else as its desk says.
    fn task(
        &mut self,
        file: &ScenarioFile,
        path: &Path,
        minutes: Option<&RawDuration>,
        desk: Option<&str>,
    ) -> Duration {
        if let Some(minutes) = minutes {
            return self.duration(&path.key("minutes"), minutes, TimeUnit::Minutes);
        }
        let desk = desk.unwrap_or("");
        let Some(usual) = file.desks.get(desk) else {
            return Duration::Zero;
        };
        match &usual.minutes {
            Some(minutes) => {
                self.duration(&Path::of(&["desks", desk, "minutes"]), minutes, TimeUnit::Minutes)
            }
            None => {
                if !self.is_broken(&Path::of(&["desks", desk, "minutes"])) {
                    let help = format!("give `minutes` here or in [desks.{desk}]");
                    self.fault(
                        &path.key("minutes"),
                        words("nothing says how many minutes the task takes", help),
                    );
                }
                Duration::Zero
            }
        }
    }

    fn stage_duration(&mut self, file: &ScenarioFile, path: &Path, given: &StageFile) -> Duration {
        let (minutes, duration) = (path.key("minutes"), path.key("duration"));
        if given.minutes.is_some() && given.duration.is_some() {
            self.fault_at_key(
                &minutes,
                words("the time is said twice", "give `minutes` or `duration`, not both"),
            );
        }
        if given.checks.is_some() {
            for (path, there) in [(&minutes, given.minutes.is_some()), (&duration, given.duration.is_some())]
            {
                if there {
                    let help = "give each check its own: checks = { police = { share = 0.6, minutes = 20 } }";
                    self.fault_at_key(path, words("checks take as long as their tasks", help));
                }
            }
            return Duration::Zero;
        }
        match (&given.duration, &given.desk) {
            (Some(given), _) => self.duration(&duration, given, TimeUnit::Days),
            (None, desk) if desk.is_some() || given.minutes.is_some() => {
                self.task(file, path, given.minutes.as_ref(), desk.as_deref())
            }
            (None, _) => {
                if given.team.is_some() {
                    let help =
                        "for example duration = { distribution = \"lognormal\", mean = 140, cv = 0.6 }";
                    self.fault(&duration, words("nothing says how long the team holds a family", help));
                }
                Duration::Zero
            }
        }
    }

    fn work(&mut self, path: &Path, given: &StageFile) -> Work {
        let (weekly, total) = (path.key("hours_per_week"), path.key("hours_total"));
        match (&given.hours_per_week, &given.hours_total) {
            (Some(_), Some(_)) => {
                let help = "give `hours_per_week` or `hours_total`, not both";
                self.fault_at_key(&total, words("the hours are said twice", help));
                Work::PerWeek(NOTHING)
            }
            (None, Some(hours)) => Work::Total(self.required(&total, Some(hours), &TOTAL_HOURS)),
            (hours, None) => {
                Work::PerWeek(self.of_team(given.team.is_some(), &weekly, hours.as_ref(), 0.0, &WEEKLY_HOURS))
            }
        }
    }

    fn routes(&mut self, path: &Path, given: &StageFile, timeline: &Timeline) -> Vec<Route> {
        let mut routes = vec![Route {
            sources: None,
            areas: None,
            from_day: i64::MIN,
            to_day: i64::MAX,
            shares: self.split(&path.key("next"), given.next.as_ref()),
        }];
        for (index, route) in given.routes.iter().enumerate() {
            let path = path.key("routes").item(index);
            let (from_day, to_day) = self.period(&path, route.from, route.to, timeline);
            let conditions = route.sources.is_some()
                || route.areas.is_some()
                || route.from.is_some()
                || route.to.is_some();
            if !conditions && !self.is_touched(&path) {
                let help =
                    "give `sources`, `areas`, `from` or `to`; without any of them, change `next` itself";
                self.fault(&path, words("this route has no condition", help));
            }
            routes.push(Route {
                sources: route.sources.as_ref().map(|names| self.subset(&path.key("sources"), names, false)),
                areas: route.areas.as_ref().map(|names| self.subset(&path.key("areas"), names, true)),
                from_day,
                to_day,
                shares: self.split(&path.key("next"), route.next.as_ref()),
            });
        }
        routes
    }

    fn hazards(&mut self, path: &Path, given: &BTreeMap<String, HazardFile>) -> Vec<Hazard> {
        let mut hazards = Vec::new();
        for (id, hazard) in given {
            let path = path.key(id);
            if !super::is_id(id, false) {
                let message = format!("\"{id}\" cannot be an id");
                self.fault_at_key(&path, words(message, "use a-z, 0-9 and _"));
            }
            let rate_per_week =
                self.required(&path.key("rate_per_week"), hazard.rate_per_week.as_ref(), &RATE);
            let to = self.destination(&path.key("to"), hazard.to.as_deref());
            hazards.extend(to.map(|to| Hazard { id: id.clone(), rate_per_week, to }));
        }
        hazards
    }

    fn review(&mut self, path: &Path, given: &ReviewFile) -> Review {
        let first_days = self.required(&path.key("first_days"), given.first_days.as_ref(), &POSITIVE_DAYS);
        let then_days = match &given.then_days {
            Some(days) => self.required(&path.key("then_days"), Some(days), &POSITIVE_DAYS),
            None => first_days,
        };
        Review {
            first_days,
            then_days,
            early_exit_share: self.number(
                &path.key("early_exit_share"),
                given.early_exit_share.as_ref(),
                0.0,
                &SHARE,
            ),
        }
    }

    pub(super) fn ends(&mut self, file: &ScenarioFile) -> Vec<End> {
        let entry = file.pathway.as_ref().and_then(|pathway| pathway.entry.as_deref());
        file.ends
            .iter()
            .map(|(id, end)| {
                let path = Path::of(&["ends", id, "returns"]);
                End {
                    id: id.clone(),
                    name: display_name(&end.name, id),
                    return_to: end.returns.as_ref().and_then(|returns| self.returns(&path, returns, entry)),
                }
            })
            .collect()
    }

    fn returns(&mut self, path: &Path, given: &ReturnsFile, entry: Option<&str>) -> Option<Return> {
        let share = self.required(&path.key("share"), given.share.as_ref(), &SHARE);
        let within_days =
            self.number(&path.key("within_days"), given.within_days.as_ref(), 365.0, &POSITIVE_DAYS);
        let mean_days = self.number(&path.key("mean_days"), given.mean_days.as_ref(), 120.0, &POSITIVE_DAYS);
        let to = path.key("to");
        let stage = match (given.to.as_deref(), entry) {
            (Some(stage), _) => self.find_stage(&to, stage),
            (None, Some(entry)) => self.names.stages.iter().position(|id| id == entry),
            (None, None) => {
                self.fault(&to, words("`to` is missing", "name the stage that returning families enter"));
                None
            }
        };
        stage.map(|to| Return { share, within_days, mean_days, to })
    }
}
