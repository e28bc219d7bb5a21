//! On which day files were made, and which days their lists cover.
//!
//! Consumes drafts; puts aside what lies after the day on which the files were made, what is in several files, and what
//! lies outside the days that its list covers; produces the [`Window`]s. **Rules:** files made together (a workbook;
//! all lists of Annex A as CSV; a census; a year's looked-after return; an early help file) were made on the
//! latest day in them. Days far after all others are slips and do not count for this. A list of Annex A covers six
//! months, or more if its rows do; the census the year from 1 April to its reference date; the looked-after return its
//! years to 31 March; an early help file the days from the first on which a case closed.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;

use super::dates::after;
use super::gather::{Draft, Gathering, Group, Kind};
use super::records::{List, Number, Outcome, ReferralSource, Window};

/// Days more than so many after all others are set apart.
const APART: i32 = 31;
/// Of so many days, one may be a slip.
const ONE_IN: usize = 50;
/// Of fewer days than this, none is taken for a slip.
const FEWEST: usize = 10;

/// Days that the caller asks for, instead of those inferred. Both are within it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The first day, if asked for.
    pub first: Option<Date>,
    /// The last day, if asked for.
    pub last: Option<Date>,
}

/// How many of sorted days, counted from the first, are set apart from the others by a gap and are few enough
/// to be slips. `gap` gives the days between a day and the next.
fn slips(days: &[Date], gap: impl Fn(Date, Date) -> i32) -> usize {
    let most = (days.len() / ONE_IN).max(usize::from(days.len() >= FEWEST));
    let apart = |count: &usize| gap(days[count - 1], days[*count]) > APART;
    (1..=most.min(days.len().saturating_sub(1))).rev().find(apart).unwrap_or(0)
}

/// The earliest day that is no slip.
fn earliest(mut days: Vec<Date>) -> Option<Date> {
    days.sort_unstable();
    days.get(slips(&days, |one, next| (next - one).get_days())).copied()
}

/// The latest day that is no slip.
fn latest(mut days: Vec<Date>) -> Option<Date> {
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.get(slips(&days, |one, next| (one - next).get_days())).copied()
}

/// The day on which a group's files were made; the first day there is if they hold none.
pub(super) fn made(group: &Group) -> Date {
    match group.kind {
        Kind::Census(Some(reference)) => reference,
        _ => latest(group.days.clone()).unwrap_or(Date::MIN),
    }
}

const LATER: &str = "later than the day on which the extract was made";

/// Puts aside what lies after the day on which its files were made, `lasts` by group.
pub(super) fn put_future_aside(found: &mut Gathering<'_>, lasts: &[Date]) {
    let mut kept = Vec::new();
    for mut draft in std::mem::take(&mut found.drafts) {
        let last = lasts[draft.group];
        if draft.start > last {
            found.leave_out_all(&draft.rows.clone(), draft.columns.0, LATER);
            continue;
        }
        if draft.end.is_some_and(|end| end > last) {
            found.note(draft.rows[0], draft.columns.1, &format!("{LATER}: read as still open"));
            draft.end = None;
            draft.outcome = None;
        }
        kept.push(draft);
    }
    found.drafts = kept;
    let mut kept = Vec::new();
    for mut episode in std::mem::take(&mut found.episodes) {
        let last = lasts[episode.group];
        if episode.start > last {
            found.leave_out(episode.place, "DECOM", LATER);
            continue;
        }
        if episode.end.is_some_and(|end| end > last) {
            found.note(episode.place, "DEC", &format!("{LATER}: read as still open"));
            (episode.end, episode.outcome, episode.continues) = (None, None, false);
        }
        kept.push(episode);
    }
    found.episodes = kept;
}

type Case = (List, Number, Date, Option<ReferralSource>);

/// What makes two rows of different files the same case. The same source may be written as a code in one file and in
/// words in another, but it is part of the key: two contacts of a day by different people are two.
fn case(draft: &Draft) -> Case {
    let by = draft.by.filter(|_| draft.is_event());
    (draft.list, draft.child, draft.start, by)
}

/// Where several files hold a case, keeps those of the file made last; of files made on one day those of the first given.
/// What that file does not say (area, family, outcome) is taken from the others.
pub(super) fn put_repeats_aside(found: &mut Gathering<'_>, lasts: &[Date]) {
    let mut cases: BTreeMap<Case, Vec<Draft>> = BTreeMap::new();
    for draft in std::mem::take(&mut found.drafts) {
        cases.entry(case(&draft)).or_default().push(draft);
    }
    for drafts in cases.into_values() {
        let source = |draft: &Draft| draft.rows[0].source;
        let rank = |draft: &Draft| (lasts[draft.group], std::cmp::Reverse(source(draft)));
        let Some(best) = drafts.iter().max_by_key(|draft| rank(draft)).map(source) else { continue };
        let (mut kept, others): (Vec<Draft>, Vec<Draft>) =
            drafts.into_iter().partition(|draft| source(draft) == best);
        for other in &others {
            found.leave_out_all(&other.rows, "", "the same case as in another file: counted once");
        }
        for draft in &mut kept {
            for other in &others {
                draft.area = draft.area.take().or_else(|| other.area.clone());
                draft.family = draft.family.or(other.family);
                let agrees = draft.end == other.end;
                draft.outcome = draft.outcome.or(other.outcome.filter(|_| agrees));
            }
        }
        found.drafts.extend(kept);
    }
}

/// 1 April on or before a day.
fn year_start(day: Date) -> Date {
    let april = |year: i16| Date::new(year, 4, 1).unwrap_or(day);
    if day >= april(day.year()) { april(day.year()) } else { april(day.year() - 1) }
}

/// The days that a list covers in one group of files.
fn covered(kind: Kind, last: Date, asked: Period, finished: Vec<Date>, starts: Vec<Date>) -> Range<Date> {
    let until = after(last);
    let finished = earliest(finished).unwrap_or(last).min(last);
    match kind {
        Kind::AnnexA => {
            let usual = last.checked_sub(6.months()).unwrap_or(last);
            usual.min(finished)..until
        }
        Kind::Census(_) => year_start(last)..until,
        Kind::Care => {
            // A file whose latest day is in March is that of a whole year.
            let year_end = Date::new(last.year(), 3, 31).unwrap_or(last);
            let whole = last.month() == 3 && asked.last.is_none();
            let started = earliest(starts.into_iter().filter(|start| *start >= year_start(last)).collect());
            let first = finished.min(started.unwrap_or(last));
            year_start(first)..if whole { after(year_end) } else { until }
        }
        Kind::EarlyHelp => finished..until,
    }
}

/// Ranges joined where they touch, in order.
fn joined(mut ranges: Vec<Range<Date>>) -> Vec<Range<Date>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<Date>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// Last days and first days of a list in one group.
type Days = (Vec<Date>, Vec<Date>);

/// The windows of all lists, before or as asked for.
pub(super) fn windows(found: &Gathering<'_>, lasts: &[Date], asked: Period) -> Vec<Window> {
    let mut lists: BTreeMap<List, BTreeMap<usize, Days>> = BTreeMap::new();
    for draft in &found.drafts {
        let (finished, starts) = lists.entry(draft.list).or_default().entry(draft.group).or_default();
        finished.extend(draft.finished());
        starts.push(draft.start);
    }
    let mut windows = Vec::new();
    for (list, groups) in lists {
        let cover = |(group, (finished, starts)): (usize, Days)| {
            covered(found.groups[group].kind, lasts[group], asked, finished, starts)
        };
        let mut ranges = joined(groups.into_iter().map(cover).collect());
        let whole = ranges.first().zip(ranges.last()).map(|(first, last)| first.start..last.end);
        if let Some(whole) = whole.filter(|_| asked.first.is_some() || asked.last.is_some()) {
            let range = asked.first.unwrap_or(whole.start)..asked.last.map_or(whole.end, after);
            ranges = vec![range];
        }
        ranges.retain(|range| range.start < range.end);
        windows.extend(ranges.into_iter().map(|days| Window { list, days }));
    }
    windows
}

/// Puts aside what lies outside its list's windows, and reads as open what ended after them.
pub(super) fn put_outside_aside(found: &mut Gathering<'_>, windows: &[Window], asked: Period) {
    let mut kept = Vec::new();
    for mut draft in std::mem::take(&mut found.drafts) {
        let own: Vec<&Range<Date>> =
            windows.iter().filter(|window| window.list == draft.list).map(|window| &window.days).collect();
        let finished = draft.finished();
        let within =
            |days: &&Range<Date>| draft.start < days.end && finished.is_none_or(|end| end >= days.start);
        if !own.iter().any(within) {
            let early = own.first().is_none_or(|days| finished.is_some_and(|end| end < days.start));
            let reason = match (early, asked.last) {
                (true, _) => "before the days that its list covers: not counted among them",
                (false, Some(_)) => "after the days asked for",
                (false, None) => "between the days that its list covers",
            };
            let column = if early && !draft.is_event() && draft.end.is_some() {
                draft.columns.1
            } else {
                draft.columns.0
            };
            found.leave_out_all(&draft.rows, column, reason);
            continue;
        }
        let until = own.last().map(|days| days.end);
        if draft.end.zip(until).is_some_and(|(end, until)| end >= until) {
            found.note(draft.rows[0], draft.columns.1, "after the days asked for: read as still open");
            (draft.end, draft.outcome) = (None, None::<Outcome>);
        }
        kept.push(draft);
    }
    found.drafts = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_slip_does_not_move_the_day_on_which_files_were_made() {
        let mut days: Vec<Date> =
            (0..60).map(|day| date(2024, 1, 1).checked_add(i64::from(day).days()).expect("a day")).collect();
        assert_eq!(latest(days.clone()), Some(date(2024, 2, 29)));
        days.push(date(2042, 1, 1));
        days.push(date(1999, 1, 1));
        assert_eq!(latest(days.clone()), Some(date(2024, 2, 29)), "one of 62 may be a slip");
        assert_eq!(earliest(days.clone()), Some(date(2024, 1, 1)));
        days.push(date(2042, 2, 1));
        assert_eq!(latest(days), Some(date(2042, 2, 1)), "two of 63 are too many");
        assert_eq!(
            latest(vec![date(2024, 1, 1), date(2030, 1, 1)]),
            Some(date(2030, 1, 1)),
            "too few to tell"
        );
    }

    #[test]
    fn years_run_from_april() {
        assert_eq!(year_start(date(2024, 3, 31)), date(2023, 4, 1));
        assert_eq!(year_start(date(2024, 4, 1)), date(2024, 4, 1));
    }

    #[test]
    fn periods_that_touch_are_one() {
        let year = |year: i16| date(year, 4, 1)..date(year + 1, 4, 1);
        assert_eq!(
            joined(vec![year(2022), year(2021), year(2024)]),
            [date(2021, 4, 1)..date(2023, 4, 1), year(2024)]
        );
    }
}
