//! Episodes of being looked after joined to periods of care.
//!
//! Consumes the episodes of all years' files; produces a draft for each period. An episode that begins on the day on
//! which the one before ended continues the period, as does one that begins within [`GAP`] days after an
//! episode that ended for the reason X1 ("another begins on the same day"). A period whose first episode did not
//! start it (RNE is not S) began at a day that no file holds: it is left out, since a later first day would make stays
//! too short and arrivals too many.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::gather::{Draft, Episode, Gathering, Place};
use super::records::{List, Number};

/// Days after which an episode no longer continues one that says that another begins.
const GAP: i32 = 7;

/// Joins all episodes. `lasts` holds the last day of each group of files.
pub(super) fn join(found: &mut Gathering<'_>, lasts: &[Date]) {
    let mut children: BTreeMap<Number, Vec<Episode>> = BTreeMap::new();
    for episode in std::mem::take(&mut found.episodes) {
        children.entry(episode.child).or_default().push(episode);
    }
    for episodes in children.into_values() {
        let episodes = latest_only(found, episodes, lasts);
        let mut current: Option<Period> = None;
        for episode in episodes {
            current = match current.take() {
                Some(mut period) if period.goes_on_with(&episode) => {
                    period.take_in(found, episode);
                    Some(period)
                }
                Some(period) => {
                    period.finish(found, true);
                    Some(Period::of(episode))
                }
                None => Some(Period::of(episode)),
            };
        }
        if let Some(period) = current {
            period.finish(found, false);
        }
    }
}

/// Episodes by first day. Where files of several years hold one that began on the same day, the latest file's.
fn latest_only(found: &mut Gathering<'_>, mut episodes: Vec<Episode>, lasts: &[Date]) -> Vec<Episode> {
    let made = |episode: &Episode| (lasts[episode.group], episode.group);
    let mut latest: BTreeMap<Date, (Date, usize)> = BTreeMap::new();
    for episode in &episodes {
        let entry = latest.entry(episode.start).or_insert_with(|| made(episode));
        *entry = (*entry).max(made(episode));
    }
    episodes.retain(|episode| {
        let kept = latest.get(&episode.start) == Some(&made(episode));
        if !kept {
            found.leave_out(episode.place, "DECOM", "the same episode as in a later file: counted once");
        }
        kept
    });
    episodes.sort_by_key(|episode| (episode.start, episode.end.unwrap_or(Date::MAX), episode.place));
    episodes
}

/// A period of care under construction.
struct Period {
    rows: Vec<Place>,
    first: Episode,
    last: Episode,
    end: Option<Date>,
}

impl Period {
    fn of(episode: Episode) -> Period {
        Period { rows: vec![episode.place], end: episode.end, last: episode.clone(), first: episode }
    }

    fn goes_on_with(&self, next: &Episode) -> bool {
        let Some(end) = self.end else { return true };
        let gap = (next.start - end).get_days();
        gap <= 0 || (self.last.continues && gap <= GAP)
    }

    fn take_in(&mut self, found: &mut Gathering<'_>, next: Episode) {
        match self.end {
            None => {
                found.note(self.last.place, "DEC", "no day, but a later episode follows: read as one period")
            }
            Some(end) if next.start < end => {
                found.note(next.place, "DECOM", "before the end of the episode before: read as one period");
            }
            Some(end) if next.start > end => {
                found.note(
                    next.place,
                    "DECOM",
                    "some days after an episode that ended with X1: read as one period",
                );
            }
            Some(_) => {}
        }
        self.end = match (self.end, next.end) {
            (Some(one), Some(other)) => Some(one.max(other)),
            (None, end) => end,
            (Some(_), None) => None,
        };
        self.rows.push(next.place);
        self.last = next;
    }

    fn finish(mut self, found: &mut Gathering<'_>, another_follows: bool) {
        if self.first.started == Some(false) {
            let reason =
                "continues a period whose first episode is in none of the files: its first day is not known";
            found.leave_out_all(&self.rows, "RNE", reason);
            return;
        }
        if self.last.continues && self.end.is_some() {
            let reason = if another_follows {
                "X1, but the next episode begins much later: read as the end of the period"
            } else {
                self.end = None;
                "X1, but no further episode follows: read as still looked after"
            };
            found.note(self.last.place, "REC", reason);
        }
        found.drafts.push(Draft {
            rows: self.rows,
            group: self.last.group,
            list: List::LookedAfter,
            child: self.first.child,
            family: None,
            area: self.last.area.or(self.first.area),
            by: None,
            start: self.first.start,
            end: self.end,
            outcome: self.end.and(self.last.outcome),
            columns: ("DECOM", "DEC"),
        });
    }
}
