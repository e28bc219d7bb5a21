//! The posts of every unit: the establishment, and what interventions bring and take away.
//!
//! Consumes a draw; produces posts with the days on which each exists. Who holds them is a matter of
//! [`super::workforce`].

use super::frame::Frame;
use super::terms::Terms;
use crate::random::name_tag;
use crate::scenario::Draw;

/// A post's terms, fixed for the replication.
#[derive(Clone, Copy, Debug)]
pub(super) struct Post {
    pub unit: usize,
    pub fte: f64,
    /// Share of the usual points limit.
    pub experience: f64,
    /// Holds cases; other posts supply none of their hours to them.
    pub holds_cases: bool,
    /// The days on which the post exists: from the first on, before the second.
    pub from: f64,
    pub to: f64,
    pub filling: Filling,
    /// Tag of the intervention that brought it; 0 for the establishment.
    pub brought_by: u64,
    /// Its group among the unit's workers; `None` for one that an intervention brought.
    pub group: Option<usize>,
}

/// How a post that does not exist on the first day is filled when it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filling {
    /// It is held by somebody who was there before.
    Held,
    /// A new starter begins with it.
    Starter,
    /// It begins vacant, and is recruited to.
    Vacant,
}

impl Post {
    /// Whether the post exists at a time.
    pub fn exists(&self, now: f64) -> bool {
        self.from <= now && now < self.to
    }
}

/// The posts of every unit, in order of units: the establishment, then what interventions bring.
pub(super) fn posts(frame: &Frame, draw: &Draw, terms: &[Terms]) -> Vec<Post> {
    let scenario = frame.scenario;
    let mut all = Vec::new();
    for (unit, described) in scenario.units.iter().enumerate() {
        let workforce = terms[0].teams[described.team].workforce.as_ref();
        let share = workforce.map_or(1.0, |workforce| workforce.case_holding_share);
        // Case holders are spread evenly: the first n posts always hold n times the share.
        let holders = |posts: usize| (posts as f64 * share + 1e-9).floor();
        let mut number = 0;
        let mut holds_cases = || {
            number += 1;
            share >= 1.0 || holders(number) > holders(number - 1)
        };
        let mut posts = Vec::new();
        for (index, group) in described.workers.iter().enumerate() {
            let standing = Post {
                unit,
                fte: group.fte_each,
                experience: draw[group.experience],
                holds_cases: true,
                from: f64::NEG_INFINITY,
                to: f64::INFINITY,
                filling: Filling::Held,
                brought_by: 0,
                group: Some(index),
            };
            posts.extend(
                posts_of(draw[group.fte], standing).map(|post| Post { holds_cases: holds_cases(), ..post }),
            );
        }
        for intervention in &scenario.interventions {
            for change in intervention.posts.iter().filter(|change| change.unit == unit) {
                let fte = if change.leaves { -draw[change.fte] } else { draw[change.fte] };
                let (from, to) = (day(change.from_day), day(change.to_day));
                if fte < 0.0 {
                    take_away(&mut posts, -fte, from, to);
                    continue;
                }
                let filling = if change.recruited { Filling::Vacant } else { Filling::Starter };
                let coming = Post {
                    unit,
                    fte: change.fte_each,
                    experience: 1.0,
                    holds_cases: true,
                    from,
                    to,
                    filling,
                    brought_by: name_tag(&intervention.id) | 1,
                    group: None,
                };
                posts.extend(posts_of(fte, coming).map(|post| Post { holds_cases: holds_cases(), ..post }));
            }
        }
        all.append(&mut posts);
    }
    all
}

/// A day of the scenario as a time.
fn day(day: i64) -> f64 {
    if day == i64::MAX { f64::INFINITY } else { day as f64 }
}

/// Whole posts like `post`, and a smaller one for what is left of `total` full-time equivalents.
fn posts_of(total: f64, post: Post) -> impl Iterator<Item = Post> {
    // A hair over avoids losing a post to rounding, as in 0.3 / 0.1.
    let whole = (total / post.fte + 1e-9).floor();
    let rest = total - whole * post.fte;
    let rest = (rest > 1e-9).then_some(rest);
    std::iter::repeat_n(post.fte, whole as usize).chain(rest).map(move |fte| Post { fte, ..post })
}

/// Takes posts away for a time, the last first; of one that goes in part the rest goes on.
fn take_away(posts: &mut Vec<Post>, fte: f64, from: f64, to: f64) {
    let mut left = fte;
    for index in (0..posts.len()).rev() {
        let post = posts[index];
        if left <= 1e-9 {
            return;
        }
        if !post.exists(from) {
            continue;
        }
        posts[index].to = from;
        if post.fte > left + 1e-9 {
            let rest = Post { fte: post.fte - left, from, filling: Filling::Held, ..post };
            posts.push(rest);
        }
        if to < post.to {
            posts.push(Post { fte: post.fte.min(left), from: to, filling: Filling::Starter, ..post });
        }
        left -= post.fte.min(left);
    }
}
