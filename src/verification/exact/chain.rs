//! Routes through a network: absorbing Markov chains and Jackson's networks.

/// Expected visits to each state of an absorbing chain.
///
/// `entries[i]` is how often a path starts at state `i`; `moves[i][j]` the probability of going
/// from `i` to `j`; what a row lacks to 1 leaves. Solves `v = entries + vP` (Kemeny and Snell 1960);
/// with arrival rates for entries these are a Jackson network's traffic equations (Jackson 1957),
/// whose stations then behave in the mean as if each had Poisson arrivals of that rate.
pub fn visits(entries: &[f64], moves: &[Vec<f64>]) -> Vec<f64> {
    let states = entries.len();
    // Rows of the system (I − Pᵀ) v = entries, with the right-hand side as last column.
    let mut system: Vec<Vec<f64>> = (0..states)
        .map(|row| {
            let mut line: Vec<f64> =
                (0..states).map(|column| f64::from(u8::from(row == column)) - moves[column][row]).collect();
            line.push(entries[row]);
            line
        })
        .collect();
    // Gauss-Jordan. The matrix is diagonally dominant by columns, so no pivoting is needed.
    for pivot in 0..states {
        let scale = system[pivot][pivot];
        for value in &mut system[pivot] {
            *value /= scale;
        }
        let line = system[pivot].clone();
        for (row, other) in system.iter_mut().enumerate() {
            if row != pivot {
                let factor = other[pivot];
                for (value, by) in other.iter_mut().zip(&line) {
                    *value -= factor * by;
                }
            }
        }
    }
    system.iter().map(|line| line[states]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamblers_ruin() {
        // Fair steps on 1..=4 with absorption at 0 and 5: from state i the expected visits to j are
        // 2 min(i,j) (5 − max(i,j)) / 5.
        let moves: Vec<Vec<f64>> = (0..4_i32)
            .map(|i| (0..4_i32).map(|j| if (i - j).abs() == 1 { 0.5 } else { 0.0 }).collect())
            .collect();
        let found = visits(&[0.0, 1.0, 0.0, 0.0], &moves);
        for (state, value) in found.iter().enumerate() {
            let (i, j) = (2_i32, state as i32 + 1);
            let exact = f64::from(2 * i.min(j) * (5 - i.max(j))) / 5.0;
            assert!((value - exact).abs() < 1e-12, "{state}: {value} {exact}");
        }
    }

    #[test]
    fn geometric_returns() {
        let found = visits(&[3.0], &[vec![0.25]]);
        assert!((found[0] - 4.0).abs() < 1e-12);
    }
}
