//! A case: a scenario, its quantities, and the comparison of simulated with exact.

use rayon::prelude::*;

use super::VerifyError;
use super::reading::{Names, Reading};
use crate::scenario::Scenario;
use crate::simulation::{ReplicationRecord, Simulator};

/// Most standard errors between simulated and exact.
const WIDEST_Z: f64 = 4.0;
/// Largest standard error, as a share of the quantity's scale.
const LARGEST_ERROR: f64 = 0.01;

/// One exact case: a scenario and what must come out of it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Short identifier, such as `desk`.
    pub id: &'static str,
    /// What is compared with what, in one line.
    pub title: &'static str,
    /// The scenario file's text.
    pub scenario: &'static str,
    /// How many replications are enough.
    pub replications: u32,
    /// The quantities and their exact values when every arrival rate is multiplied by this factor.
    /// The simulation is always of factor 1; another proves that a wrong rate would be noticed.
    pub quantities: fn(f64) -> Vec<Quantity>,
}

/// Reads a quantity off one replication.
type Observe = Box<dyn Fn(&Reading<'_>) -> Result<f64, VerifyError> + Send + Sync>;

/// Something measured and known.
pub struct Quantity {
    /// What it is, with its unit.
    pub name: String,
    /// Its value from a formula.
    pub exact: f64,
    /// Standard error of `exact`, when it is itself an estimate (another program's); else 0.
    pub exact_error: f64,
    /// What the standard error is held against.
    pub scale: f64,
    observe: Observe,
}

impl Quantity {
    /// A quantity, its exact value, and how to read it off a replication.
    pub fn new(
        name: impl Into<String>,
        exact: f64,
        observe: impl Fn(&Reading<'_>) -> Result<f64, VerifyError> + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), exact, exact_error: 0.0, scale: exact.abs(), observe: Box::new(observe) }
    }

    /// Holds the standard error against `scale` in place of the exact value.
    #[must_use]
    pub fn on_scale(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// Says that the value compared with is itself uncertain.
    #[must_use]
    pub fn known_within(self, exact_error: f64) -> Self {
        Self { exact_error, ..self }
    }
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The case's identifier.
    pub case: &'static str,
    /// The quantity, with its unit.
    pub quantity: String,
    /// Its value from a formula.
    pub exact: f64,
    /// Mean over replications.
    pub simulated: f64,
    /// Standard error of `simulated` (with that of `exact`, when it has one).
    pub se: f64,
    /// Standard errors between the two; 0 when they are equal.
    pub z: f64,
    /// Whether the row agrees, closely enough to mean something.
    pub pass: bool,
}

/// Means and standard errors of a case's quantities, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples(Vec<(f64, f64)>);

impl Case {
    /// The case's scenario.
    ///
    /// # Errors
    /// If the embedded file is not valid.
    pub fn load(&self) -> Result<Scenario, VerifyError> {
        crate::scenario::load_text(self.id, self.scenario)
            .map_err(|faults| VerifyError::Scenario { case: self.id.to_owned(), message: faults.to_string() })
    }

    /// Simulates the case and compares.
    ///
    /// # Errors
    /// If the scenario is not valid, a series is missing, or a conservation law is broken.
    pub fn run(&self, seed: u64) -> Result<Vec<Row>, VerifyError> {
        Ok(self.compare(&self.sample(seed)?, 1.0))
    }

    /// Simulates the case.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn sample(&self, seed: u64) -> Result<Samples, VerifyError> {
        let scenario = self.load()?;
        let simulator = Simulator::new(&scenario, seed);
        let names = Names::new(&scenario, simulator.layout());
        let quantities = (self.quantities)(1.0);
        let observe = |record: &ReplicationRecord| -> Result<Vec<f64>, VerifyError> {
            let reading = names.reading(record);
            quantities.iter().map(|quantity| (quantity.observe)(&reading)).collect()
        };
        let observed: Vec<Vec<f64>> = (0..self.replications)
            .into_par_iter()
            .map_init(
                || simulator.workspace(),
                |workspace, replication| observe(&simulator.replicate(replication, workspace)?),
            )
            .collect::<Result<_, VerifyError>>()?;
        let column = |index| observed.iter().map(move |values: &Vec<f64>| values[index]);
        Ok(Samples((0..quantities.len()).map(|index| mean_and_error(column(index))).collect()))
    }

    /// Holds a simulation against the exact values for arrival rates multiplied by `factor`.
    pub fn compare(&self, samples: &Samples, factor: f64) -> Vec<Row> {
        (self.quantities)(factor)
            .into_iter()
            .zip(&samples.0)
            .map(|(quantity, &(simulated, error))| {
                let se = error.hypot(quantity.exact_error);
                let gap = simulated - quantity.exact;
                let z = if gap == 0.0 { 0.0 } else { gap / se };
                Row {
                    case: self.id,
                    exact: quantity.exact,
                    simulated,
                    se,
                    z,
                    pass: z.abs() <= WIDEST_Z && error <= LARGEST_ERROR * quantity.scale,
                    quantity: quantity.name,
                }
            })
            .collect()
    }
}

/// Mean and its standard error, by Welford's recurrence in the order of replications.
fn mean_and_error(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for value in values {
        count += 1.0;
        let gap = value - mean;
        mean += gap / count;
        squares += gap * (value - mean);
    }
    (mean, (squares / (count - 1.0) / count).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_error_of_a_few() {
        let (mean, error) = mean_and_error([1.0, 2.0, 3.0, 6.0].into_iter());
        assert_eq!(mean, 3.0);
        // Squared deviations 4 + 1 + 0 + 9 over 3, over 4.
        assert!((error - (14.0_f64 / 12.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_row_needs_both_nearness_and_precision() {
        fn three(_: f64) -> Vec<Quantity> {
            ["near", "far", "vague"].map(|name| Quantity::new(name, 100.0, |_| Ok(0.0))).into()
        }
        let case = Case { id: "x", title: "", scenario: "", replications: 0, quantities: three };
        let rows = case.compare(&Samples(vec![(103.0, 0.9), (104.0, 0.9), (100.0, 1.1)]), 1.0);
        let passed: Vec<bool> = rows.iter().map(|row| row.pass).collect();
        assert_eq!(passed, [true, false, false]);
        // A quantity never observed is no pass.
        let nothing = case.compare(&Samples(vec![(f64::NAN, f64::NAN)]), 1.0);
        assert!(!nothing[0].pass);
    }
}
