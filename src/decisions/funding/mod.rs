//! How money for posts is shared out, and what each way does for families.
//!
//! Consumes a valid scenario with pay and pots; produces an [`Answer`]: posts and who pays for them under the rules in
//! use and at best, judged on the same families that no search saw; cost against risk; what the next money buys; what
//! happens when a pot ends; the cheapest total that meets every standard.
//!
//! Parts, in the order of the work:
//!
//! * `budget` – what may be spent on which posts, to the penny;
//! * `solver` – the integer and flow problems;
//! * `known`, `rules` – what rules go by, and who gets what by them, in whole posts;
//! * `judge` – what an establishment does for families;
//! * `response` – how places answer to posts; `best` – the best split;
//! * `next`, `ending`, `cheapest` – what else is asked about money.
//!
//! Invariants: every penny of every post is paid once, by a pot that may pay it, or by nobody and said so; the answer
//! depends on the scenario, the seed and the number of replications alone.

mod answer;
mod best;
mod budget;
mod cheapest;
mod ending;
mod judge;
mod known;
mod next;
mod response;
mod rules;
mod solver;
mod unfunded;

pub use answer::{Answer, FrontierPoint, Split, share_out};
pub use budget::{Budget, Purse};
pub use cheapest::Cheapest;
pub use ending::Ending;
pub use judge::{AreaVerdict, Verdict};
pub use next::Next;
pub use rules::Rule;
pub use solver::Payments;
pub use unfunded::Unfunded;
