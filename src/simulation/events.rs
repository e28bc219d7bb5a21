//! The event list: what happens next, in exact time order.
//!
//! The horizon is known, so pending events lie in an array of time buckets; only the current bucket
//! is sorted. Against a binary heap this saves about a third of the engine's time. The buckets are
//! chains through one slab, whose places are used again at once: memory is as large as the events
//! that pend and stays in the core's cache, where a vector for each bucket would be as large as all
//! events of the run. Events at the same time are ordered by kind, then by the
//! thing they happen to, never by the order in which they were pushed.

/// Something that happens at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Event {
    /// Days since the run's first day; not negative.
    pub time: f64,
    /// Kind, generation and subject, packed: see [`Event::new`].
    tag: u64,
}

/// What happens. The order breaks ties in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum EventKind {
    /// A desk's person finishes a task; the subject is the person.
    DeskDone,
    /// A desk with a queue may have people present again; the subject is the desk unit.
    DeskWake,
    /// A worker's next case reaches its natural duration; the subject is the worker.
    WorkerDone,
    /// A stage that nobody holds is over; the subject is a family.
    DelayDone,
    /// A family ready to leave reaches its review.
    Review,
    /// A hazard strikes a family in a stage.
    Hazard,
    /// A hazard strikes a family that waits.
    WaitingHazard,
    /// A family on transfer joins the queue of its new team.
    TransferDone,
    /// A closed family comes back.
    Return,
    /// A family makes contact.
    Arrive,
}

const KINDS: [EventKind; 10] = [
    EventKind::DeskDone,
    EventKind::DeskWake,
    EventKind::WorkerDone,
    EventKind::DelayDone,
    EventKind::Review,
    EventKind::Hazard,
    EventKind::WaitingHazard,
    EventKind::TransferDone,
    EventKind::Return,
    EventKind::Arrive,
];

/// Generations are compared modulo 2^24: a stale event would have to outlive 16 million changes of
/// its subject to be mistaken for a live one.
pub(super) const GENERATION_MASK: u32 = 0x00ff_ffff;

impl Event {
    /// An event of a subject (a family, worker, person or desk) at its present generation; the
    /// event is void when the subject has moved on to another.
    #[inline]
    pub fn new(time: f64, kind: EventKind, subject: u32, generation: u32) -> Self {
        let tag = (kind as u64) << 56 | u64::from(generation & GENERATION_MASK) << 32 | u64::from(subject);
        Self { time, tag }
    }

    /// What happens.
    #[inline]
    pub fn kind(self) -> EventKind {
        KINDS[(self.tag >> 56) as usize]
    }

    /// Whom it happens to.
    #[inline]
    pub fn subject(self) -> usize {
        (self.tag & 0xffff_ffff) as usize
    }

    /// Whether the subject has not changed since the event was made.
    #[inline]
    pub fn is_current(self, generation: u32) -> bool {
        ((self.tag >> 32) as u32 & GENERATION_MASK) == generation & GENERATION_MASK
    }

    /// Times are not negative, so their bits order as they do.
    #[inline]
    fn order(self) -> u128 {
        u128::from(self.time.to_bits()) << 64 | u128::from(self.tag)
    }
}

/// The end of a chain.
const NONE: u32 = u32::MAX;

/// Pending events up to the end of the run.
#[derive(Debug)]
pub(super) struct EventList {
    /// Place in the slab of each bucket's first event, in no order.
    buckets: Vec<u32>,
    slab: Vec<Pending>,
    /// The first free place.
    free: u32,
    /// The current bucket's events, latest first.
    current: Vec<Event>,
    /// Index of the current bucket.
    index: usize,
    per_day: f64,
}

/// An event in a bucket yet to come, or a free place, and the next one of its chain.
#[derive(Clone, Copy, Debug)]
struct Pending {
    event: Event,
    next: u32,
}

impl Default for EventList {
    fn default() -> Self {
        let (buckets, slab, current) = (Vec::new(), Vec::new(), Vec::new());
        Self { buckets, slab, free: NONE, current, index: 0, per_day: 1.0 }
    }
}

impl EventList {
    /// Empties the list for a run of `days` days with `per_day` buckets each.
    pub fn reset(&mut self, days: usize, per_day: usize) {
        self.buckets.clear();
        self.buckets.resize(days * per_day, NONE);
        self.slab.clear();
        self.free = NONE;
        self.current.clear();
        self.index = 0;
        self.per_day = per_day as f64;
    }

    /// Adds an event; one after the end of the run is forgotten.
    #[inline]
    pub fn push(&mut self, event: Event) {
        debug_assert!(event.time >= 0.0, "event before the run");
        let bucket = (event.time * self.per_day) as usize;
        if bucket > self.index {
            self.put_off(event, bucket);
        } else {
            let order = event.order();
            let place = self.current.partition_point(|other| other.order() > order);
            self.current.insert(place, event);
        }
    }

    /// Puts an event into a bucket yet to come.
    #[inline]
    fn put_off(&mut self, event: Event, bucket: usize) {
        let Some(first) = self.buckets.get_mut(bucket) else { return };
        let pending = Pending { event, next: *first };
        if let Some(place) = self.slab.get_mut(self.free as usize) {
            *first = self.free;
            self.free = place.next;
            *place = pending;
        } else {
            *first = self.slab.len() as u32;
            self.slab.push(pending);
        }
    }

    /// Takes the earliest event before `day`, a whole number of days.
    #[inline]
    pub fn pop_before(&mut self, day: usize) -> Option<Event> {
        let end = day * self.per_day as usize;
        loop {
            if let Some(event) = self.current.pop() {
                return Some(event);
            }
            if self.index + 1 >= end.min(self.buckets.len()) {
                return None;
            }
            self.index += 1;
            self.open_bucket();
        }
    }

    /// Makes the bucket at the index the current one.
    fn open_bucket(&mut self) {
        let mut next = std::mem::replace(&mut self.buckets[self.index], NONE);
        while let Some(pending) = self.slab.get_mut(next as usize) {
            self.current.push(pending.event);
            let place = std::mem::replace(&mut next, pending.next);
            pending.next = std::mem::replace(&mut self.free, place);
        }
        self.current.sort_unstable_by_key(|event| std::cmp::Reverse(event.order()));
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::random::StreamKey;

    /// The list against a sort of everything, with events pushed while others are popped.
    #[test]
    fn events_come_in_order_of_time_then_kind_then_subject() {
        let mut rng = StreamKey::master(7).open();
        let (days, mut list) = (30, EventList::default());
        for _ in 0..3 {
            list.reset(days, 4);
            let mut expected = Vec::new();
            let mut seen = Vec::new();
            for day in 0..days {
                for subject in 0..40 {
                    let time = day as f64 + rng.random::<f64>() * 3.0;
                    // Some at identical times, so that ties occur.
                    let time = if subject % 5 == 0 { time.ceil() } else { time };
                    let event = Event::new(time, KINDS[subject % KINDS.len()], subject as u32, 1);
                    list.push(event);
                    if time < days as f64 {
                        expected.push(event);
                    }
                }
                while let Some(event) = list.pop_before(day + 1) {
                    assert!(event.time < (day + 1) as f64);
                    if event.subject() == 3 {
                        let soon = Event::new(event.time + 0.01, EventKind::Arrive, 99, 1);
                        list.push(soon);
                        if soon.time < days as f64 {
                            expected.push(soon);
                        }
                    }
                    seen.push(event);
                }
            }
            expected.sort_by_key(|event| event.order());
            assert_eq!(seen, expected);
        }
    }

    #[test]
    fn an_event_of_a_past_generation_is_not_current() {
        let event = Event::new(1.0, EventKind::Review, 12, 0x0100_0005);
        assert_eq!((event.kind(), event.subject()), (EventKind::Review, 12));
        assert!(event.is_current(5));
        assert!(!event.is_current(6));
    }
}
