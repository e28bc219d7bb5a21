//! Families in the pathway, in a slab whose places are used again.

use crate::random::StreamKey;

/// No worker.
pub(super) const NOBODY: u32 = u32::MAX;

/// A family, from its first contact until nothing more can happen to it.
#[derive(Clone, Debug)]
pub(super) struct Family {
    /// The stream from which its fate is drawn.
    pub key: StreamKey,
    /// When the present episode began, days.
    pub arrived: f64,
    /// When it joined the present stage.
    pub entered: f64,
    /// When the present stage's work started; `NaN` before.
    pub started: f64,
    /// When its present wait began: on joining, or when its worker went.
    pub waiting_since: f64,
    /// Natural duration of the present stage, days.
    pub natural: f64,
    /// What is left of it when work starts: all, or what an earlier worker left undone.
    pub left: f64,
    /// Decides where it goes next.
    pub route: f64,
    /// When it was last referred; minus infinity for never.
    pub referred: f64,
    /// Rises at each change, so that events of the past are void.
    pub generation: u32,
    /// Who holds it, or held it last in this episode: the post and the person in it.
    pub worker: u32,
    pub person: u32,
    /// Stages joined so far.
    pub visit: u32,
    pub stage: u16,
    pub area: u16,
    pub source: u8,
    pub children: u8,
    pub status: Status,
    /// Partner checks still out.
    pub checks: u8,
    /// The front door has not decided yet.
    pub undecided: bool,
    /// Comes from another team's worker, so that a handover is due.
    pub transferred: bool,
    /// Its worker went: it waits for another, first in line.
    pub orphaned: bool,
    /// Not a family of its own but a hold that another team keeps on one for a while.
    pub shadow: bool,
    /// On transfer: it waits, but is in no queue yet.
    pub on_its_way: bool,
    /// Its need was hidden within the horizon, and is counted as such until it comes forward.
    pub hidden: bool,
}

/// What a family is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// The place in the slab is free.
    Free,
    /// Its need has arisen; it has not made contact.
    Coming,
    /// Waits for a worker or at a desk.
    Waiting,
    /// Is being worked with.
    Held,
    /// Closed, and will come back.
    Away,
}

/// All families of a replication.
#[derive(Debug, Default)]
pub(super) struct Families {
    places: Vec<Family>,
    free: Vec<u32>,
    /// When each clock of each family started, family-major; `NaN` when it does not run.
    clocks: Vec<f64>,
    clocks_each: usize,
}

impl Families {
    /// Forgets all families.
    pub fn reset(&mut self, clocks_each: usize) {
        self.places.clear();
        self.free.clear();
        self.clocks.clear();
        self.clocks_each = clocks_each;
    }

    /// Takes in a family.
    pub fn add(&mut self, key: StreamKey, area: usize, source: usize, children: u8) -> usize {
        let family = |generation| Family {
            key,
            arrived: f64::NAN,
            entered: f64::NAN,
            started: f64::NAN,
            waiting_since: f64::NAN,
            natural: 0.0,
            left: 0.0,
            route: 0.0,
            referred: f64::NEG_INFINITY,
            generation,
            worker: NOBODY,
            person: 0,
            visit: 0,
            stage: 0,
            area: area as u16,
            source: source as u8,
            children,
            status: Status::Coming,
            checks: 0,
            undecided: false,
            transferred: false,
            orphaned: false,
            shadow: false,
            on_its_way: false,
            hidden: false,
        };
        if let Some(place) = self.free.pop() {
            let place = place as usize;
            // The generation goes on, so that events of the place's last family stay void.
            let generation = self.places[place].generation.wrapping_add(1);
            self.places[place] = family(generation);
            place
        } else {
            self.places.push(family(0));
            self.clocks.resize(self.places.len() * self.clocks_each, f64::NAN);
            self.places.len() - 1
        }
    }

    /// Lets a family go for good.
    pub fn remove(&mut self, family: usize) {
        let place = &mut self.places[family];
        place.status = Status::Free;
        place.generation = place.generation.wrapping_add(1);
        self.free.push(family as u32);
        self.clocks_of(family).fill(f64::NAN);
    }

    /// When each clock of a family started; `NaN` for those that do not run.
    #[inline]
    pub fn clocks_of(&mut self, family: usize) -> &mut [f64] {
        &mut self.clocks[family * self.clocks_each..(family + 1) * self.clocks_each]
    }

    /// Those in the pathway or on their way to it, with their places.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Family)> {
        self.places.iter().enumerate().filter(|(_, family)| family.status != Status::Free)
    }
}

impl std::ops::Index<usize> for Families {
    type Output = Family;
    #[inline]
    fn index(&self, family: usize) -> &Family {
        &self.places[family]
    }
}

impl std::ops::IndexMut<usize> for Families {
    #[inline]
    fn index_mut(&mut self, family: usize) -> &mut Family {
        &mut self.places[family]
    }
}
