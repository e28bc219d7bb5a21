//! The reference locality model RLM-1 against its published figures.
//!
//! Not an exact value but another program's: 20,000 replications of an engine written for this one
//! model, with which eight others agree. Both standard errors go into z. Queues at nearly critical
//! load swing from one replication to the next, so their errors are held against all present (waits
//! against the whole stay), as for the Erlang cases.

use super::super::{Case, Quantity, Reading, VerifyError};

/// RLM-1.
pub(super) const REFERENCE: Case = Case {
    id: "reference",
    title: "reference locality model RLM-1: published figures",
    scenario: include_str!("../../../scenarios/verification/reference.toml"),
    replications: 60,
    quantities: reference,
};

const TRIAGE: &str = "triage";
const EARLY_HELP: &str = "early_help";
const SOCIAL_WORK: &str = "social_work";

/// A station's horizon figure, averaged over the localities.
fn figure(station: &'static str, measure: &'static str) -> impl Fn(&Reading<'_>) -> Result<f64, VerifyError> {
    move |reading| {
        let mut sum = 0.0;
        for area in 0..reading.areas() {
            let found = match station {
                TRIAGE => reading.desk(area, station, measure)?,
                _ => reading.team(area, station, measure)?,
            };
            sum += found.horizon();
        }
        Ok(sum / reading.areas() as f64)
    }
}

fn reference(factor: f64) -> Vec<Quantity> {
    // The figures are not a function of the rate; a changed rate is proved to be noticed by asking
    // whether figures as far off as 5% of the occupied slots would be.
    let (waiting, held, wait, late) =
        ("waiting_families", "open_families", "wait_mean_days", "wait_p90_days");
    [
        ("triage: slots occupied", TRIAGE, held, 0.600_01, 0.000_02, 0.6),
        ("early help: slots occupied", EARLY_HELP, held, 211.096, 0.009, 211.0),
        ("social work: slots occupied", SOCIAL_WORK, held, 585.51, 0.03, 585.0),
        ("triage: mean waiting", TRIAGE, waiting, 0.101_57, 0.000_02, 0.7),
        ("early help: mean waiting", EARLY_HELP, waiting, 31.57, 0.07, 242.0),
        ("social work: mean waiting", SOCIAL_WORK, waiting, 18.00, 0.06, 603.0),
        ("triage: mean wait, days", TRIAGE, wait, 0.008_46, 0.000_005, 0.058),
        ("early help: mean wait, days", EARLY_HELP, wait, 5.200, 0.011, 40.0),
        ("social work: mean wait, days", SOCIAL_WORK, wait, 4.110, 0.014, 144.0),
        ("triage: 90th percentile of waits, days", TRIAGE, late, 0.0288, 0.000_05, 0.058),
        ("early help: 90th percentile of waits, days", EARLY_HELP, late, 11.57, 0.02, 40.0),
        ("social work: 90th percentile of waits, days", SOCIAL_WORK, late, 11.64, 0.03, 144.0),
    ]
    .into_iter()
    .map(|(name, station, measure, published, error, scale)| {
        Quantity::new(name, published * factor, figure(station, measure)).known_within(error).on_scale(scale)
    })
    .collect()
}
