//! Asking each list where families go, and what became of those who were closed.
//!
//! Consumes the cases of all lists; adds the figures of splits and returns to the calibration under way.

use super::shares::{self, Closure, Counted, Group, Split};
use super::stays::Case;
use super::{SplitShown, Work};
use crate::extracts::records::List;
use crate::scenario::{Destination, StageId};

impl Work<'_> {
    /// Where families go from each stage that a list is about, from the conference, and from the front door.
    pub(super) fn splits(&mut self) {
        let mut asked: Vec<(StageId, List)> = (0..self.scenario.stages.len())
            .filter_map(|stage| Some((stage, self.roles.list_of[stage]?)))
            .collect();
        asked.extend(self.roles.conference.map(|stage| (stage, List::Section47)));
        let entry = self.scenario.sources.first().map(|source| source.entry);
        asked.extend(
            entry.filter(|stage| self.roles.list_of[*stage].is_none()).map(|stage| (stage, List::Contact)),
        );
        for (stage, list) in asked {
            if self.cases.window(list).is_some() {
                self.split(stage, list);
            }
        }
    }

    fn split(&mut self, stage: StageId, list: List) {
        let path = format!("stages.{}.next", self.scenario.stages[stage].id);
        if list == List::EarlyHelp && self.roles.early_help.len() > 1 {
            return self.keep(
                path,
                "the file has one spell for all of early help, and the base has several stages of it",
            );
        }
        let split = Split { scenario: self.scenario, roles: &self.roles, stage, list };
        let groups = match split.groups() {
            Ok(groups) => groups,
            Err(why) => return self.keep(path, why),
        };
        let counted = split.count(&self.cases, &groups);
        let source = self.source(list);
        let closures = self.closures_of(&split, &groups);
        let found = match counted.groups.len() {
            1 => Err("the base has one way on".to_owned()),
            _ => shares::figures(&split, &groups, &counted, self.inflation, &source),
        };
        let Counted { elsewhere, .. } = counted;
        self.closures.extend(closures);
        self.splits.push(SplitShown { stage, elsewhere, rows: counted.all() });
        match found {
            Ok(figures) => self.figures.extend(figures),
            Err(why) => self.keep(path, why),
        }
    }

    /// Closures whose end in the base is known, with what came after.
    fn closures_of(&self, split: &Split, groups: &[(Destination, f64, Group)]) -> Vec<Closure> {
        let Some((_, last)) = self.cases.window(List::Contact) else { return Vec::new() };
        let closing: Vec<Group> = {
            let mut closing: Vec<Group> = groups
                .iter()
                .map(|(_, _, group)| *group)
                .filter(|group| matches!(group, Group::Closed(_)))
                .collect();
            closing.dedup();
            closing
        };
        let end_of = |way: Group| {
            let way = if let [only] = closing.as_slice() { *only } else { way };
            let mut ends =
                groups.iter().filter(|(_, _, group)| *group == way).filter_map(|(to, _, _)| match to {
                    Destination::End(end) => Some(*end),
                    Destination::Stage(_) => None,
                });
            ends.next().filter(|_| ends.next().is_none())
        };
        let children = self.cases.by_child();
        let one = |case: &Case| {
            let way = split.way(case, last).filter(|way| matches!(way, Group::Closed(_)))?;
            let closed = if split.list == List::Referral { case.start } else { case.end? };
            let end = end_of(way).filter(|_| closed < last)?;
            let again =
                children.get(&case.child)?.iter().find(|row| row.list == List::Contact && row.start > closed);
            Some(Closure { end, back: again.map(|row| row.start - closed), followed: last - closed })
        };
        if matches!(split.list, List::Contact | List::Section47) {
            return Vec::new();
        }
        self.cases.of(split.list).iter().filter_map(one).collect()
    }

    pub(super) fn returns(&mut self) {
        for end in 0..self.scenario.ends.len() {
            if self.scenario.ends[end].return_to.is_none() {
                continue;
            }
            let path = format!("ends.{}.returns", self.scenario.ends[end].id);
            let source = self.source(List::Contact);
            match shares::returns(self.scenario, end, &self.closures, self.inflation, &source) {
                Ok(figure) => self.figures.push(figure),
                Err(why) => self.keep(path, why),
            }
        }
    }
}
