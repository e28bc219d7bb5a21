//! A simulated year as the records that its extracts would be read into.
//!
//! Each child of a family has a row of its own. A contact falls on the day on which it was made; an assessment and an
//! enquiry begin on the day on which the family joins the stage (their statutory clocks do), plans, care and early
//! help on the day on which their work begins. The stages of early help after one another are one spell of the early help
//! file.

use std::ops::Range;

use jiff::civil::Date;

use crate::calendar::RunCalendar;
use crate::calibration::roles::{Roles, group_of, outcome_of_end};
use crate::extracts::records::{List, Number, Outcome, Record, Window};
use crate::scenario::{Destination, Scenario};
use crate::simulation::{Chronicle, Story, Visit};

/// Days of a window: from the first to the day after the last.
pub type Span = Range<Date>;

/// Every list of the extracts, in their order.
pub const LISTS: [List; 9] = [
    List::Contact,
    List::EarlyHelpAssessment,
    List::EarlyHelp,
    List::Referral,
    List::Assessment,
    List::Section47,
    List::ChildInNeed,
    List::ProtectionPlan,
    List::LookedAfter,
];

/// What a council would extract from its systems.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntheticExtracts {
    /// The rows, by list, then first day, then child.
    pub records: Vec<Record>,
    /// For each record, the invented number of the worker who held it; 0 for none.
    pub workers: Vec<u32>,
    /// The window of each list that the scenario has a stage for.
    pub windows: Vec<Window>,
}

/// The extracts of one replication over a window.
pub fn extracts(scenario: &Scenario, chronicle: &Chronicle, window: &Span) -> SyntheticExtracts {
    let days = scenario.total_weeks() as usize * 7;
    let writer = Writer {
        scenario,
        roles: Roles::of(scenario),
        calendar: RunCalendar::new(scenario.first_day(), days),
        window: window.clone(),
    };
    let mut rows: Vec<(Record, u32)> = Vec::new();
    let mut children = 0;
    for (family, story) in (0_u32..).zip(&chronicle.stories) {
        for row in writer.rows(story) {
            for child in children..children + u32::from(story.children) {
                let (child, family) = (Number(child), Some(Number(family)));
                let family = family.filter(|_| row.0.list == List::EarlyHelp);
                rows.push((Record { child, family, ..row.0.clone() }, row.1));
            }
        }
        children += u32::from(story.children);
    }
    rows.sort_by_key(|(record, _)| (record.list, record.start, record.child));
    let present = |list: List| list == List::Contact || writer.roles.list_of.contains(&Some(list));
    let windows = LISTS.into_iter().filter(|list| present(*list));
    let windows = windows.map(|list| Window { list, days: window.clone() }).collect();
    let (records, workers) = rows.into_iter().unzip();
    SyntheticExtracts { records, workers, windows }
}

struct Writer<'s> {
    scenario: &'s Scenario,
    roles: Roles,
    calendar: RunCalendar,
    window: Span,
}

impl Writer<'_> {
    /// A family's rows for one child, numbered later, with their workers.
    fn rows(&self, story: &Story) -> Vec<(Record, u32)> {
        let mut rows = Vec::new();
        for &time in &story.contacts {
            rows.push((self.row(story, List::Contact, time), 0));
        }
        let mut at = 0;
        while at < story.visits.len() {
            let visit = &story.visits[at];
            let list = self.roles.list_of[visit.stage];
            // Early help stages that follow one another are one spell.
            let spell = match list {
                Some(List::EarlyHelp) => self.spell_length(&story.visits[at..]),
                _ => 1,
            };
            let last = &story.visits[at + spell - 1];
            if let Some(list) = list {
                rows.extend(self.stay(story, list, visit, last, story.visits.get(at + spell)));
            }
            at += spell;
        }
        rows.retain(|(record, _)| self.is_seen(record));
        rows.iter_mut().for_each(|(record, _)| self.cut(record));
        rows
    }

    /// How many of the visits, from the first on, are one spell of early help.
    fn spell_length(&self, visits: &[Visit]) -> usize {
        let follows = |pair: &&[Visit]| {
            let (before, after) = (&pair[0], &pair[1]);
            before.left.is_some_and(|(_, to)| to == Destination::Stage(after.stage))
                && self.roles.list_of[after.stage] == Some(List::EarlyHelp)
        };
        1 + visits.windows(2).take_while(follows).count()
    }

    fn stay(
        &self,
        story: &Story,
        list: List,
        first: &Visit,
        last: &Visit,
        next: Option<&Visit>,
    ) -> Option<(Record, u32)> {
        let statutory = matches!(list, List::Referral | List::Assessment | List::Section47);
        let start = if statutory { first.entered } else { first.began? };
        let mut record = self.row(story, list, start);
        let worker = first.worker.map_or(0, |worker| worker + 1);
        if let Some((time, to)) = last.left {
            record.end = Some(self.date(time));
            record.outcome = Some(self.outcome(list, to));
        }
        match list {
            // An event of its day, whatever time the decision takes.
            List::Referral => {
                record.outcome =
                    record.outcome.filter(|_| record.end.is_some_and(|end| end < self.window.end));
                record.end = None;
            }
            List::Section47 => self.enquiry(&mut record, last, next),
            _ => {}
        }
        Some((record, worker))
    }

    /// An enquiry's end is its conference; without one it has none, and says so.
    fn enquiry(&self, record: &mut Record, enquiry: &Visit, next: Option<&Visit>) {
        let Some((_, to)) = enquiry.left else { return };
        if !matches!(to, Destination::Stage(stage) if Some(stage) == self.roles.conference) {
            let known = record.end.is_some_and(|end| end < self.window.end);
            record.end = None;
            record.outcome = known.then_some(Outcome::NoFurtherAction);
            return;
        }
        (record.end, record.outcome) = (None, None);
        if let Some((time, to)) = next.and_then(|conference| conference.left) {
            record.end = Some(self.date(time));
            let plan = self.roles.leads_to(to) == Some(List::ProtectionPlan);
            record.outcome = Some(if plan { Outcome::WentOn } else { Outcome::ConferenceWithoutPlan });
        }
    }

    fn outcome(&self, list: List, to: Destination) -> Outcome {
        match (list, to) {
            (List::EarlyHelp, Destination::End(end)) => outcome_of_end(self.scenario, end),
            (List::EarlyHelp, Destination::Stage(_)) => Outcome::SteppedUp,
            (_, Destination::End(end)) => match outcome_of_end(self.scenario, end) {
                Outcome::NoFurtherAction => Outcome::NoFurtherAction,
                _ if list == List::Assessment => Outcome::WentOn,
                _ => Outcome::OtherReason,
            },
            (_, Destination::Stage(_)) => Outcome::WentOn,
        }
    }

    fn row(&self, story: &Story, list: List, start: f64) -> Record {
        let sourced = matches!(list, List::Contact | List::Referral);
        Record {
            list,
            child: Number(0),
            family: None,
            area: Some(self.scenario.areas[story.area].id.clone()),
            source: sourced.then(|| group_of(self.scenario, story.source)),
            start: self.date(start),
            end: None,
            outcome: None,
        }
    }

    fn date(&self, time: f64) -> Date {
        self.calendar.date(time.floor() as i64)
    }

    /// Whether a row would be in the extract.
    fn is_seen(&self, record: &Record) -> bool {
        let event = matches!(record.list, List::Contact | List::Referral | List::Section47);
        let ends_in_time = record.end.is_none_or(|end| end >= self.window.start);
        record.start < self.window.end && if event { record.start >= self.window.start } else { ends_in_time }
    }

    /// What ends after the extract was taken is not known yet.
    fn cut(&self, record: &mut Record) {
        if record.end.is_some_and(|end| end >= self.window.end) {
            (record.end, record.outcome) = (None, None);
        }
    }
}
