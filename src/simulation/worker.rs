//! A worker and the cases they hold: points against a limit, hours against hours.
//!
//! Progress is kept by **virtual clocks**. Each worker has one for ordinary and one for urgent work;
//! a clock runs at the rate at which that work progresses, and a case ends when the clock reaches
//! the reading it was given when the case began (its start plus its natural duration). A change of
//! rate therefore costs nothing per case, and the worker's next completion is the smallest reading.

/// Marks a piece of work that is no family: hours of handing over.
pub(super) const HANDOVER: u32 = u32::MAX;

/// Something a worker holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    /// The family, or [`HANDOVER`].
    pub family: u32,
    /// Hours a week it needs.
    pub hours: f64,
    /// Points against the limit.
    pub points: f64,
    /// Of these, its own; the rest falls back from another team's pool.
    pub own: f64,
    /// Hours a week that another team's pool should give.
    pub support: f64,
    /// From when its hours as they are now count.
    pub since: f64,
}

/// Work of one class, sharing one virtual clock.
#[derive(Clone, Debug)]
pub(super) struct Bench {
    /// The clock read `reading` at time `at`, and has run at `rate` since.
    at: f64,
    reading: f64,
    rate: f64,
    /// Hours a week that the cases need together.
    hours: f64,
    /// For each case, the reading at which it ends; infinite when ready but held until a review.
    ends: Vec<f64>,
    cases: Vec<Case>,
    /// Place of the smallest of `ends`, and itself: looked up far more often than it changes.
    first: usize,
    least: f64,
}

/// A worker of a caseload team.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    /// The unit.
    pub unit: u32,
    pub fte: f64,
    /// Number of the person in the post.
    pub person: u32,
    /// Takes new cases: in post, at work, and with a manager who allocates.
    pub open: bool,
    /// Closures wait for a manager.
    pub gated: bool,
    /// Points that may be held before no more cases are taken; infinite for no limit.
    pub limit: f64,
    /// Hours a week for cases.
    pub supply: f64,
    /// How far work waits when hours are short.
    pub stretch: f64,
    /// Points held.
    pub points: f64,
    pub ordinary: Bench,
    pub urgent: Bench,
    /// When the event for the next completion is due; infinite when there is none.
    pub scheduled: f64,
    /// Rises when that event becomes void.
    pub generation: u32,
    /// Hours needed and short as last tallied, and whether over the limit.
    pub tallied: (f64, f64, f64),
}

impl Default for Bench {
    fn default() -> Self {
        Self {
            at: 0.0,
            reading: 0.0,
            rate: 1.0,
            hours: 0.0,
            ends: Vec::new(),
            cases: Vec::new(),
            first: 0,
            least: f64::INFINITY,
        }
    }
}

impl Bench {
    fn clear(&mut self) {
        let (mut ends, mut cases) = (std::mem::take(&mut self.ends), std::mem::take(&mut self.cases));
        ends.clear();
        cases.clear();
        *self = Self { ends, cases, ..Self::default() };
    }

    #[inline]
    fn now(&self, time: f64) -> f64 {
        self.reading + (time - self.at) * self.rate
    }

    #[inline]
    fn set_rate(&mut self, time: f64, rate: f64) {
        // Only a change moves the anchor: while the rate stays, so do all bits of what is due.
        if rate != self.rate {
            self.reading = self.now(time);
            self.at = time;
            self.rate = rate;
        }
    }

    #[inline]
    fn add(&mut self, time: f64, natural: f64, case: Case) {
        let end = self.now(time) + natural;
        if end < self.least {
            self.least = end;
            self.first = self.ends.len();
        }
        self.ends.push(end);
        self.cases.push(case);
        self.hours += case.hours;
    }

    fn remove(&mut self, index: usize) -> Case {
        self.ends.swap_remove(index);
        let case = self.cases.swap_remove(index);
        self.find_first();
        // A bench that needs nothing needs exactly nothing: rounding must neither build up nor stop
        // cases without hours beside urgent work.
        let hours = self.hours - case.hours;
        self.hours = if self.cases.is_empty() || hours < 1e-9 { 0.0 } else { hours };
        case
    }

    /// Looks for the smallest end anew.
    #[inline]
    fn find_first(&mut self) {
        // The value first, without its place: this loop the compiler turns into vector minima.
        self.least =
            self.ends.iter().fold(f64::INFINITY, |least, &end| if end < least { end } else { least });
        self.first = self.ends.iter().position(|&end| end == self.least).unwrap_or(0);
    }

    /// Place of a family's case: mostly that of the case which ends first.
    #[inline]
    fn place(&self, family: u32) -> Option<usize> {
        let is_it = |case: &Case| case.family == family;
        if self.cases.get(self.first).is_some_and(is_it) {
            return Some(self.first);
        }
        self.cases.iter().position(is_it)
    }

    /// When the next case ends; infinite when none does.
    #[inline]
    fn next(&self) -> f64 {
        let left = self.least - self.reading;
        if self.rate == 1.0 {
            self.at + left
        } else if self.rate > 0.0 {
            self.at + left / self.rate
        } else {
            // Work that stands still does not end, even if nothing is left of it.
            f64::INFINITY
        }
    }
}

impl Worker {
    /// A worker with nothing to do. Reuses the memory of `old`.
    pub fn reset(&mut self, unit: usize, fte: f64, stretch: f64) {
        self.unit = unit as u32;
        self.fte = fte;
        self.stretch = stretch;
        self.person = 0;
        self.open = false;
        self.gated = false;
        self.limit = 0.0;
        self.supply = 0.0;
        self.points = 0.0;
        self.ordinary.clear();
        self.urgent.clear();
        self.scheduled = f64::INFINITY;
        self.generation = 0;
        self.tallied = (0.0, 0.0, 0.0);
    }

    /// How much room is left, relative to the limit; a new case is taken while it is positive. Without
    /// a limit there is always room, most where fewest points are held for the worker's time.
    #[inline]
    pub fn room(&self) -> f64 {
        if !self.open {
            return 0.0;
        }
        if self.limit.is_finite() {
            if self.limit > 0.0 { (self.limit - self.points) / self.limit } else { 0.0 }
        } else {
            1.0 / (1.0 + self.points / self.fte)
        }
    }

    /// Takes on work that would take `natural` days if its hours were met.
    #[inline]
    pub fn take(&mut self, time: f64, natural: f64, urgent: bool, case: Case) {
        self.points += case.points;
        self.bench(urgent).add(time, natural, case);
    }

    /// Gives up a family.
    ///
    /// Returns its case. The family must be held by this worker.
    pub fn release(&mut self, family: usize, urgent: bool) -> Case {
        let bench = self.bench(urgent);
        let index = bench.place(family as u32).expect("the worker holds the family");
        let case = bench.remove(index);
        self.after_removal(case)
    }

    /// The case that ends next, with its place and whether it is urgent work.
    #[inline]
    pub fn next_case(&self) -> Option<(Case, usize, bool)> {
        let urgent = self.urgent.next() < self.ordinary.next();
        let bench = if urgent { &self.urgent } else { &self.ordinary };
        bench.cases.get(bench.first).map(|case| (*case, bench.first, urgent))
    }

    /// Ends a piece of work by its place.
    pub fn finish(&mut self, index: usize, urgent: bool) -> Case {
        let case = self.bench(urgent).remove(index);
        self.after_removal(case)
    }

    /// Keeps a case that is ready until something else ends it.
    pub fn hold_open(&mut self, index: usize, urgent: bool) {
        let bench = self.bench(urgent);
        bench.ends[index] = f64::INFINITY;
        bench.find_first();
    }

    /// Sets each class's rate of progress by the hours needed and had: urgent work first, ordinary
    /// work shares what is left. Returns `(hours needed, hours short)`.
    #[inline]
    pub fn share_hours(&mut self, time: f64) -> (f64, f64) {
        let (urgent, ordinary) = (self.urgent.hours, self.ordinary.hours);
        let needed = urgent + ordinary;
        if needed <= self.supply {
            self.urgent.set_rate(time, 1.0);
            self.ordinary.set_rate(time, 1.0);
            return (needed, 0.0);
        }
        let left = (self.supply - urgent).max(0.0);
        self.urgent.set_rate(time, stretched(self.supply, urgent, self.stretch));
        self.ordinary.set_rate(time, stretched(left, ordinary, self.stretch));
        (needed, needed - self.supply)
    }

    /// When the next case ends at the present rates; infinite when none does.
    #[inline]
    pub fn next_end(&self) -> f64 {
        self.ordinary.next().min(self.urgent.next())
    }

    /// Lets go of everything: each case with what is left of its natural duration.
    pub fn drop_all(&mut self, time: f64, into: &mut Vec<(Case, f64)>) {
        for bench in [&mut self.ordinary, &mut self.urgent] {
            let reading = bench.now(time);
            for (case, end) in bench.cases.drain(..).zip(bench.ends.drain(..)) {
                into.push((case, (end - reading).max(0.0)));
            }
            bench.find_first();
            bench.hours = 0.0;
        }
        self.points = 0.0;
    }

    /// Changes the hours of every case to what `hours` says; `note` sees each case as it was.
    pub fn change_hours(&mut self, hours: impl Fn(&Case) -> f64, time: f64, mut note: impl FnMut(&Case)) {
        for bench in [&mut self.ordinary, &mut self.urgent] {
            for case in &mut bench.cases {
                let now = hours(case);
                if now != case.hours {
                    note(case);
                    bench.hours += now - case.hours;
                    (case.hours, case.since) = (now, time);
                }
            }
        }
    }

    /// Changes what cases need: to the own and support hours that `change` gives, if any; `note` sees
    /// each case as it was. The share of support that falls back on the worker stays as it was.
    pub fn change_needs(
        &mut self,
        change: impl Fn(&Case) -> Option<(f64, f64)>,
        time: f64,
        mut note: impl FnMut(&Case),
    ) {
        for bench in [&mut self.ordinary, &mut self.urgent] {
            for case in &mut bench.cases {
                let Some((own, support)) = change(case) else { continue };
                note(case);
                let spill = if case.support > 0.0 { (case.hours - case.own) / case.support } else { 0.0 };
                let hours = own + support * spill;
                bench.hours += hours - case.hours;
                (case.hours, case.own, case.support, case.since) = (hours, own, support, time);
            }
        }
    }

    /// Hours a week that everything held needs.
    pub fn needed(&self) -> f64 {
        self.ordinary.hours + self.urgent.hours
    }

    /// Everything held.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.ordinary.cases.iter().chain(&self.urgent.cases)
    }

    fn after_removal(&mut self, case: Case) -> Case {
        let empty = self.ordinary.cases.is_empty() && self.urgent.cases.is_empty();
        self.points = if empty { 0.0 } else { self.points - case.points };
        case
    }

    #[inline]
    fn bench(&mut self, urgent: bool) -> &mut Bench {
        if urgent { &mut self.urgent } else { &mut self.ordinary }
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            unit: 0,
            fte: 1.0,
            person: 0,
            open: true,
            gated: false,
            limit: 0.0,
            supply: 0.0,
            stretch: 1.0,
            points: 0.0,
            ordinary: Bench::default(),
            urgent: Bench::default(),
            scheduled: f64::INFINITY,
            generation: 0,
            tallied: (0.0, 0.0, 0.0),
        }
    }
}

/// Rate of progress when `had` hours meet `needed`: min(1, had / needed) ^ stretch.
#[inline]
fn stretched(had: f64, needed: f64, stretch: f64) -> f64 {
    if had >= needed || stretch == 0.0 {
        1.0
    } else if stretch == 1.0 {
        had / needed
    } else {
        libm::pow(had / needed, stretch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(limit: f64, supply: f64) -> Worker {
        Worker { limit, supply, ..Worker::default() }
    }

    fn case(family: u32, hours: f64) -> Case {
        Case { family, hours, own: hours, points: 1.0, support: 0.0, since: 0.0 }
    }

    /// Two cases of 10 days that each need all hours: the first alone for 4 days, then both share.
    /// The first has 6 left at half speed: ends at 16. The second then has 4 left alone: ends at 20.
    #[test]
    fn hours_that_are_short_are_shared() {
        let mut worker = worker(5.0, 20.0);
        worker.take(0.0, 10.0, false, case(1, 20.0));
        assert_eq!(worker.share_hours(0.0), (20.0, 0.0));
        worker.take(4.0, 10.0, false, case(2, 20.0));
        assert_eq!(worker.share_hours(4.0), (40.0, 20.0));
        assert_eq!(worker.next_end(), 16.0);
        let (next, index, urgent) = worker.next_case().unwrap();
        assert_eq!((next.family, urgent), (1, false));
        worker.finish(index, urgent);
        worker.share_hours(16.0);
        assert_eq!(worker.next_end(), 20.0);
    }

    /// Urgent work that needs three quarters of the hours runs at full speed; ordinary work gets the rest.
    #[test]
    fn urgent_work_goes_first() {
        let mut worker = worker(5.0, 20.0);
        worker.take(0.0, 10.0, false, case(1, 10.0));
        worker.take(0.0, 10.0, true, case(2, 15.0));
        assert_eq!(worker.share_hours(0.0), (25.0, 5.0));
        assert_eq!(worker.next_end(), 10.0);
        assert_eq!(worker.next_case().unwrap().0.family, 2);
        worker.release(2, true);
        // Half speed for 10 days: 5 of 10 days' progress made.
        worker.share_hours(10.0);
        assert_eq!(worker.next_end(), 15.0);
    }

    #[test]
    fn work_that_does_not_stretch_ends_on_time_and_leaves_hours_short() {
        let mut worker = worker(5.0, 10.0);
        worker.stretch = 0.0;
        worker.take(0.0, 8.0, false, case(1, 40.0));
        assert_eq!(worker.share_hours(0.0), (40.0, 30.0));
        assert_eq!(worker.next_end(), 8.0);
    }

    #[test]
    fn room_is_relative_to_the_limit() {
        let mut worker = worker(4.0, 10.0);
        assert_eq!(worker.room(), 1.0);
        worker.take(0.0, 1.0, false, Case { points: 3.0, ..case(1, 0.0) });
        assert_eq!(worker.room(), 0.25);
        worker.limit = 0.0;
        assert_eq!(worker.room(), 0.0);
    }
}
