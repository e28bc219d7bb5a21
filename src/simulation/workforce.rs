//! Who is at work, week by week.
//!
//! The engine asks, at the start of the run and of every week, what each worker supplies, and acts on
//! what has changed. Here workers are in post throughout and present at their net hours: leave,
//! sickness, vacancies and turnover, when they come, are changes of this answer and of nothing else.

use super::frame::Frame;
use super::terms::{TeamTerms, Terms};
use super::worker::Worker;
use crate::scenario::{Draw, WorkerGroup};

/// A post's terms, fixed for the replication.
#[derive(Clone, Copy, Debug)]
pub(super) struct Post {
    pub unit: usize,
    pub fte: f64,
    /// Share of the usual points limit.
    pub experience: f64,
}

/// What a worker supplies in a week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Supply {
    /// Points that may be held before no more cases are taken.
    pub limit: f64,
    /// Hours for cases.
    pub hours: f64,
}

/// The posts of every unit, in order of units.
pub(super) fn posts(frame: &Frame, draw: &Draw) -> Vec<Post> {
    let units = frame.scenario.units.iter().enumerate();
    units
        .flat_map(|(unit, described)| {
            described.workers.iter().flat_map(move |group| posts_of(unit, group, draw))
        })
        .collect()
}

/// Whole posts of `fte_each`, and a smaller one for what is left.
fn posts_of(unit: usize, group: &WorkerGroup, draw: &Draw) -> impl Iterator<Item = Post> + use<> {
    let experience = draw[group.experience];
    let (total, each) = (draw[group.fte], group.fte_each);
    // A hair over avoids losing a post to rounding, as in 0.3 / 0.1.
    let whole = (total / each + 1e-9).floor();
    let rest = total - whole * each;
    let rest = (rest > 1e-9).then_some(rest);
    std::iter::repeat_n(each, whole as usize).chain(rest).map(move |fte| Post { unit, fte, experience })
}

/// What a post supplies in a week.
pub(super) fn supply(post: &Post, team: &TeamTerms, _week: usize) -> Supply {
    let limit = team.points_per_fte * post.fte * post.experience;
    Supply { limit: if limit.is_nan() { 0.0 } else { limit }, hours: post.fte * team.hours_per_fte }
}

/// Puts the posts' workers in place, with nothing to do yet.
pub(super) fn fill_posts(posts: &[Post], frame: &Frame, terms: &Terms, workers: &mut Vec<Worker>) {
    workers.resize_with(posts.len(), Worker::default);
    for (post, worker) in posts.iter().zip(workers) {
        worker.reset(post.unit, post.fte, terms.teams[frame.scenario.units[post.unit].team].stretch);
    }
}
