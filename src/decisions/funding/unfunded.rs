//! Why money could not be shared out.

use super::super::staffing::Unanswered;
use super::solver::Unsolved;

/// Why money could not be shared out.
#[derive(Debug, thiserror::Error)]
pub enum Unfunded {
    /// The simulation, or its plan.
    #[error("{0}")]
    Unanswered(#[from] Unanswered),
    /// The solver.
    #[error("{0}")]
    Unsolved(#[from] Unsolved),
    /// What is wrong with the scenario's money, one fault a line.
    #[error("{}", .0.join("\n"))]
    Money(Vec<String>),
}
