//! What the posts cost a year, and who pays.
//!
//! Consumes what the replications paid with the posts of now and with those recommended, on the same families;
//! produces rows by what is paid for and who pays, then by payer, then for all. Everything that the
//! scenario prices is in it, as it was spent in the simulation: vacancies, agency cover, recruitment,
//! managers, desks, programmes. A row's difference is taken replication by replication.

use serde::{Deserialize, Serialize};

use super::super::WEEKS_A_YEAR;
use super::outcome::Outcome;
use crate::scenario::{CostItem, FunderId};
use crate::simulation::Layout;
use crate::summary::Estimate;

/// What is paid for, and who pays (`None` for nobody).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payment {
    /// What for.
    pub item: CostItem,
    /// Who pays.
    pub funder: Option<FunderId>,
}

/// Who pays, in a row of the bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Payer {
    /// A funder.
    Funder(FunderId),
    /// No pot pays.
    Nobody,
    /// All together.
    Everyone,
}

/// A row of the bill, in pounds a year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BillRow {
    /// What for; `None` for everything.
    pub item: Option<CostItem>,
    /// Who pays.
    pub payer: Payer,
    /// With the posts of now.
    pub now: Estimate,
    /// As recommended.
    pub recommended: Estimate,
    /// How much more as recommended, replication by replication.
    pub more: Estimate,
}

/// What is paid for and by whom, sorted, nobody after the funders.
pub fn payments(layout: &Layout) -> Vec<Payment> {
    let mut payments: Vec<Payment> =
        layout.cost_lines.iter().map(|line| Payment { item: line.item, funder: line.funder }).collect();
    payments.sort_unstable_by_key(|payment| (payment.funder.is_none(), payment.funder, payment.item));
    payments.dedup();
    payments
}

/// Draws up the bill of two establishments on the same replications, over so many reported weeks.
pub fn bill(payments: &[Payment], now: &[Outcome], recommended: &[Outcome], weeks: usize) -> Vec<BillRow> {
    let years = weeks as f64 / WEEKS_A_YEAR;
    let row = |item: Option<CostItem>, payer: Payer| {
        let chosen = |payment: &Payment| {
            item.is_none_or(|item| payment.item == item)
                && match payer {
                    Payer::Everyone => true,
                    Payer::Nobody => payment.funder.is_none(),
                    Payer::Funder(funder) => payment.funder == Some(funder),
                }
        };
        let pounds = |outcome: &Outcome| {
            let paid = payments.iter().zip(&outcome.paid).filter(|(payment, _)| chosen(payment));
            paid.map(|(_, pence)| *pence).sum::<i64>() as f64 / 100.0 / years
        };
        let [now, recommended] =
            [now, recommended].map(|outcomes| outcomes.iter().map(pounds).collect::<Vec<f64>>());
        let more: Vec<f64> = recommended.iter().zip(&now).map(|(then, now)| then - now).collect();
        BillRow {
            item,
            payer,
            now: Estimate::of(&now),
            recommended: Estimate::of(&recommended),
            more: Estimate::of(&more),
        }
    };
    let payer = |funder: Option<FunderId>| funder.map_or(Payer::Nobody, Payer::Funder);
    let mut payers: Vec<Payer> = payments.iter().map(|payment| payer(payment.funder)).collect();
    payers.dedup();
    let items = payments.iter().map(|payment| row(Some(payment.item), payer(payment.funder)));
    let totals = payers.into_iter().map(|payer| row(None, payer));
    let all = (!payments.is_empty()).then(|| row(None, Payer::Everyone));
    items.chain(totals).chain(all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(paid: &[i64]) -> Outcome {
        Outcome { achieved: Vec::new(), worst: Vec::new(), loads: Vec::new(), paid: paid.to_vec() }
    }

    #[test]
    fn a_bill_adds_up_and_differences_are_paired() {
        let payment = |item, funder| Payment { item, funder };
        let payments = [
            payment(CostItem::Posts(0), Some(0)),
            payment(CostItem::Agency(0), Some(0)),
            payment(CostItem::Posts(0), None),
        ];
        // Two replications that differ much, by the same step.
        let now = [outcome(&[100_000, 0, 300]), outcome(&[900_000, 1_000, 0])];
        let then = [outcome(&[150_000, 0, 300]), outcome(&[950_000, 1_000, 0])];
        let rows = bill(&payments, &now, &then, 2 * 365);
        let years = 2.0 * 365.0 * 7.0 / 365.25;
        let find =
            |item, payer| *rows.iter().find(|row| (row.item, row.payer) == (item, payer)).expect("a row");
        let posts = find(Some(CostItem::Posts(0)), Payer::Funder(0));
        assert!((posts.more.mean - 500.0 / years).abs() < 1e-9 && posts.more.se < 1e-9);
        assert!((posts.now.mean - 5_000.0 / years).abs() < 1e-9);
        let nobody = find(None, Payer::Nobody);
        assert!((nobody.recommended.mean - 1.5 / years).abs() < 1e-9 && nobody.more.mean == 0.0);
        let all = find(None, Payer::Everyone);
        let parts = find(None, Payer::Funder(0)).now.mean + nobody.now.mean;
        assert!((all.now.mean - parts).abs() < 1e-9);
        assert_eq!(rows.len(), 3 + 2 + 1);
        assert!(bill(&[], &now, &then, 52).is_empty());
    }
}
