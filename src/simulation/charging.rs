//! Who pays: whole pence of costs charged to whole pence of pots.
//!
//! Consumes what is due, in pieces; what each pot holds, in the order in which pots pay; and which
//! pot may pay which piece. Produces what each pot pays of each piece and what nobody pays.
//! **Invariant:** pence are neither made nor lost, and no pot pays what it may not or more than it
//! holds.

/// What one pot paid, piece by piece.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Paid {
    /// By pot and piece, pot-major.
    paid: Vec<i64>,
    pieces: usize,
    /// By piece, what nobody pays.
    pub unfunded: Vec<i64>,
}

impl Paid {
    /// What a pot pays of a piece, pence.
    pub fn by(&self, pot: usize, piece: usize) -> i64 {
        self.paid[pot * self.pieces + piece]
    }

    /// What a pot pays in all, pence.
    pub fn by_pot(&self, pot: usize) -> i64 {
        self.paid[pot * self.pieces..(pot + 1) * self.pieces].iter().sum()
    }
}

/// Charges pieces (`due`, pence, none negative) to pots in their order. `holds` is what each pot has,
/// pence; `None` without limit. A pot that does not suffice pays what is left of the pieces open to
/// it in proportion, to the penny ([`share_out`]).
pub(super) fn charge(due: &[i64], holds: &[Option<i64>], may_pay: impl Fn(usize, usize) -> bool) -> Paid {
    let pieces = due.len();
    let mut left = due.to_vec();
    let mut paid = vec![0; holds.len() * pieces];
    for (pot, &holds) in holds.iter().enumerate() {
        let open: Vec<usize> = (0..pieces).filter(|&piece| left[piece] > 0 && may_pay(pot, piece)).collect();
        let wanted: Vec<i64> = open.iter().map(|&piece| left[piece]).collect();
        let sum: i64 = wanted.iter().sum();
        let given = match holds {
            Some(holds) if holds < sum => share_out(holds, &wanted),
            _ => wanted,
        };
        for (piece, pence) in open.into_iter().zip(given) {
            left[piece] -= pence;
            paid[pot * pieces + piece] = pence;
        }
    }
    Paid { paid, pieces, unfunded: left }
}

/// Shares an amount out in proportion to weights, in whole pence, by largest remainder (ties to the
/// first). `0 <= amount <= sum of weights`, and no weight is negative, so no share exceeds its
/// weight.
pub(super) fn share_out(amount: i64, weights: &[i64]) -> Vec<i64> {
    let sum: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
    if sum <= 0 {
        return vec![0; weights.len()];
    }
    let exact = |weight: i64| i128::from(amount) * i128::from(weight);
    // At most the weight, which is an i64.
    let mut shares: Vec<i64> = weights.iter().map(|&weight| (exact(weight) / sum) as i64).collect();
    let mut rest = amount - shares.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(exact(weights[at]) % sum), at));
    for at in order {
        if rest <= 0 {
            break;
        }
        shares[at] += 1;
        rest -= 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_pot_that_does_not_suffice_pays_in_proportion_to_the_penny() {
        // 100.00 over 50.00, 70.01 and 30.00: 33.33…, 46.67… and 19.99…, the pennies to the largest remainders.
        let paid = charge(&[5_000, 7_001, 3_000], &[Some(10_000)], |_, _| true);
        let exact = [5_000.0, 7_001.0, 3_000.0].map(|due: f64| 10_000.0 * due / 15_001.0);
        let shares = [paid.by(0, 0), paid.by(0, 1), paid.by(0, 2)];
        assert_eq!(shares, [3_333, 4_667, 2_000]);
        for (share, exact) in shares.iter().zip(exact) {
            assert!((*share as f64 - exact).abs() < 1.0);
        }
        assert_eq!(paid.unfunded, [1_667, 2_334, 1_000]);
    }

    #[test]
    fn pots_pay_in_order_and_only_what_they_may() {
        // The first pays the second piece alone, the other what is then left, until it is empty.
        let paid = charge(&[100, 200], &[Some(150), Some(120)], |pot, piece| pot == 1 || piece == 1);
        assert_eq!((paid.by(0, 0), paid.by(0, 1)), (0, 150));
        assert_eq!((paid.by(1, 0), paid.by(1, 1)), (80, 40));
        assert_eq!(paid.unfunded, [20, 10]);
        assert_eq!((paid.by_pot(0), paid.by_pot(1)), (150, 120));
    }

    proptest! {
        #[test]
        fn pence_are_kept_and_restrictions_hold(
            due in prop::collection::vec(0..1_000_000_000_i64, 0..12),
            pots in prop::collection::vec((prop::option::of(0..2_000_000_000_i64), any::<u16>()), 0..6),
        ) {
            let holds: Vec<Option<i64>> = pots.iter().map(|(holds, _)| *holds).collect();
            let allowed = |pot: usize, piece: usize| pots[pot].1 >> piece & 1 == 1;
            let paid = charge(&due, &holds, allowed);
            for (piece, due) in due.iter().enumerate() {
                let by_pots: i64 = (0..pots.len()).map(|pot| paid.by(pot, piece)).sum();
                prop_assert_eq!(by_pots + paid.unfunded[piece], *due);
                prop_assert!(paid.unfunded[piece] >= 0);
            }
            for (pot, holds) in holds.iter().enumerate() {
                prop_assert!(holds.is_none_or(|holds| paid.by_pot(pot) <= holds));
                // Money is left in a pot only where everything that it may pay is paid.
                let spent_out = holds.is_some_and(|holds| paid.by_pot(pot) == holds);
                for piece in 0..due.len() {
                    prop_assert!(paid.by(pot, piece) >= 0);
                    prop_assert!(allowed(pot, piece) || paid.by(pot, piece) == 0);
                    prop_assert!(spent_out || !allowed(pot, piece) || paid.unfunded[piece] == 0);
                }
            }
        }

        #[test]
        fn shares_are_within_a_penny_of_proportion(
            weights in prop::collection::vec(0..1_000_000_000_000_i64, 1..20), part in 0.0..=1.0_f64,
        ) {
            let sum: i64 = weights.iter().sum();
            let amount = ((sum as f64 * part) as i64).min(sum);
            let shares = share_out(amount, &weights);
            prop_assert_eq!(shares.iter().sum::<i64>(), if sum == 0 { 0 } else { amount });
            for (share, weight) in shares.iter().zip(&weights) {
                prop_assert!(*share <= *weight && *share >= 0);
                let exact = i128::from(amount) * i128::from(*weight);
                prop_assert!((i128::from(*share) * i128::from(sum.max(1)) - exact).abs() < i128::from(sum.max(1)));
            }
        }
    }
}
