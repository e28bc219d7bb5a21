//! From records to figures: what all replications say about each series, week and standard.
//!
//! **Consumes** [`ReplicationRecord`](crate::simulation::ReplicationRecord)s, window by window, from
//! [`crate::experiment`]. **Produces** a [`Tally`] (which is also what a shard leaves behind, see
//! [`ShardFile`]) and, from it, a [`Summary`] and a [`ReplicationTable`]: plain data for reports.
//!
//! **Invariants.**
//! * Memory does not grow with replications, but for the replication table (8 bytes a figure). A
//!   week of a series takes 80 bytes and 256 more for each doubling its values span.
//! * Results are the same to the last bit for any threads, windows and shards: weekly accumulators
//!   hold only whole numbers, which add up in any order, and everything else is taken in order of
//!   replication.
//! * Nothing here knows what a measure means.
//!
//! Cells are folded on the threads of the current rayon pool, which [`crate::experiment`] provides.

mod cell;
mod collect;
mod costs;
mod estimate;
mod grid;
mod precision;
mod shard_file;
#[cfg(test)]
pub(crate) mod synthetic;
mod table;
mod tally;
mod weekly;

pub use collect::{CollectError, Collected, HowEnded, collect, collect_with};
pub use costs::{CostEstimate, CostSummary, FunderYear};
pub use estimate::{Estimate, NORMAL_95, StandardEstimate, is_met, wilson_95};
pub use precision::{Precision, PrecisionTarget, UnknownMeasure};
pub use shard_file::{MergeError, Merged, Origin, SHARD_FILE, ShardFile, merge};
pub use table::{CostColumn, ReplicationTable};
pub use tally::{Summary, Tally, TallyError};
