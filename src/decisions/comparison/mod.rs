//! How scenarios differ, on the same families, the same sickness and the same shocks.
//!
//! Consumes a base, options and, for each option, its changes one at a time ([`crate::scenario::parts()`]);
//! produces a [`Comparison`]: paired differences of every measure, area and year, of standards and of
//! costs; the chance that each option is better, and best of all; when its benefit arrives and what comes
//! before; what each change does alone; which option dominates which, and at what price the choice flips.
//!
//! Parts, in the order of the work:
//!
//! * `criterion` – by what is judged, and where it is read;
//! * `alike` – whether the scenarios can be compared at all;
//! * `gather` – the replications: all scenarios side by side;
//! * `paired` – the mathematics of paired differences;
//! * `course` – week by week: when the benefit arrives;
//! * `detection` – whether it could be seen in real figures, and when;
//! * `split` – the difference by its changes; `trade` – dominance and switching values; `bill` – costs;
//! * `answer` – all of it together.
//!
//! Invariants: every scenario meets the same replications under the same seed; a scenario compared with
//! itself differs by exactly nothing; base and option exchanged, every difference changes its sign and
//! nothing else; threads change nothing.

mod alike;
mod answer;
mod bill;
mod course;
mod criterion;
mod detection;
mod gather;
mod paired;
mod split;
mod trade;

pub use alike::Incomparable;
pub use answer::{
    Candidate, Comparison, CriterionRow, FigureRow, Judgement, OptionAnswer, RankRow, StandardRow, Terms,
    compare,
};
pub use bill::CostRow;
pub use course::{Arrival, Course};
pub use criterion::{Judged, OVERALL};
pub use detection::{Detection, ENOUGH, Seen};
pub use paired::{Difference, Paired, replications_to_tell, student_95};
pub use split::{Split, SplitRow};
pub use trade::{Ratio, Trade, Verdict, fieller};
