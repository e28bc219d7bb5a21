//! How many posts each unit needs.
//!
//! Consumes a valid scenario; produces an [`Answer`]: for each unit and desk the least posts with which
//! all its standards are reliable enough, jointly, confirmed by replications that the search never saw;
//! with a step more and a step less, the range, the analytic answer, curves, what pooling would do, and
//! what stands in the way of standards that no number of posts meets.
//!
//! Parts, in the order of the work:
//!
//! * `seat`, `responsibility` – what is decided, and which standards depend on it;
//! * `outcome`, `evaluate`, `reliability` – what a replication of a candidate says, and how sure;
//! * `analytic` – the instant answer, from which the search starts;
//! * `ground`, `blame` – how far posts may go, and which seats fall short;
//! * `search` – the least posts; `confirm` – fresh replications;
//! * `curve` – posts around the recommendation; `pooling` – the same posts otherwise arranged;
//! * `bill` – what it costs and who pays;
//! * `bottleneck` – what to lift for a standard that posts cannot meet.
//!
//! Invariant: the answer depends on the scenario, the seed and the number of replications alone.

mod analytic;
mod answer;
mod bill;
mod blame;
mod bottleneck;
mod confirm;
mod curve;
mod evaluate;
mod ground;
mod outcome;
mod pooling;
mod reliability;
mod responsibility;
mod search;
mod seat;

pub(super) use analytic::{DRAWS, analytic_posts};
pub(super) use answer::annual_cost;
pub(super) use bill::payments;
pub(super) use confirm::confirm;
pub(super) use ground::{Ground, fte};
pub(super) use outcome::Spot;
pub(super) use reliability::Aims;
pub(super) use search::{rule_out, search};
pub(super) use seat::seats_of_roles;

pub use analytic::{ACCURACY, ACCURACY_POSTS};
pub use answer::{Answer, Neighbour, SeatAnswer, StandardAnswer, recommend};
pub use bill::{BillRow, Payer, Payment};
pub use bottleneck::{Bottleneck, Obstacle, Relief};
pub use curve::CurvePoint;
pub use evaluate::{Evaluator, Forgetful, Keeper, Unanswered, Workshop};
pub use outcome::{Load, Outcome, mean};
pub use pooling::{Arrangement, PoolingRow};
pub use reliability::Standing;
pub use seat::{Group, Place, Seat, staffed};
