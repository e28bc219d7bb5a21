//! Small counts of real children are hidden.
//!
//! Consumes a table of counts that has totals by row and column; produces what may be shown of it. **Rule.**
//! Counts from 1 to 5 are hidden. Where a row or column with a shown total has exactly one hidden cell, the
//! total would give it away, so its smallest other cell is hidden too, until no line has just one.
//! **Invariant:** nothing hidden can be worked out from one line's shown cells and total.

/// Counts up to this, but for 0, are hidden.
pub const SMALL: u32 = 5;

/// What stands in place of a hidden count.
pub const HIDDEN: &str = "[c]";

/// Which counts to hide: rows of cells, all of the same length. Totals of rows and columns may be shown where
/// [`total_shown`] says so.
pub fn hidden(counts: &[Vec<u32>]) -> Vec<Vec<bool>> {
    let small = |&count: &u32| (1..=SMALL).contains(&count);
    let mut hide: Vec<Vec<bool>> = counts.iter().map(|row| row.iter().map(small).collect()).collect();
    let columns = counts.first().map_or(0, Vec::len);
    // Each pass hides at least one more cell or is the last.
    loop {
        let mut more = false;
        for row in 0..counts.len() {
            let line: Vec<(usize, usize)> = (0..columns).map(|column| (row, column)).collect();
            more |= complement(counts, &mut hide, &line);
        }
        for column in 0..columns {
            let line: Vec<(usize, usize)> = (0..counts.len()).map(|row| (row, column)).collect();
            more |= complement(counts, &mut hide, &line);
        }
        if !more {
            return hide;
        }
    }
}

/// Hides a second cell of a line that has just one hidden; whether it did.
fn complement(counts: &[Vec<u32>], hide: &mut [Vec<bool>], line: &[(usize, usize)]) -> bool {
    if line.iter().filter(|&&(row, column)| hide[row][column]).count() != 1 {
        return false;
    }
    // Zeros last: that nobody is there is seldom news, but it hides nothing to call it a small count.
    let other = line
        .iter()
        .filter(|&&(row, column)| !hide[row][column])
        .min_by_key(|&&(row, column)| (counts[row][column] == 0, counts[row][column]));
    other.is_some_and(|&(row, column)| {
        hide[row][column] = true;
        true
    })
}

/// Whether the total of a line may be shown: it is not small itself, and does not give a hidden cell away, nor
/// that all hidden cells together are few.
pub fn total_shown(cells: &[u32], hide: &[bool]) -> bool {
    let total: u32 = cells.iter().sum();
    let hidden = || cells.iter().zip(hide).filter(|&(_, &hide)| hide).map(|(&cell, _)| cell);
    let hides_enough = hidden().count() == 0 || (hidden().count() > 1 && hidden().sum::<u32>() > SMALL);
    !(1..=SMALL).contains(&total) && hides_enough
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_small_count_takes_a_second_with_it() {
        let hide = hidden(&[vec![3, 40, 9], vec![20, 30, 40]]);
        // 3 is hidden; in its row 9 as the smallest; then each column needs a second.
        assert_eq!(hide, [[true, false, true], [true, false, true]]);
    }

    #[test]
    fn large_counts_and_zeros_are_shown() {
        assert_eq!(hidden(&[vec![0, 6], vec![7, 0]]), [[false, false], [false, false]]);
    }

    #[test]
    fn a_total_that_gives_a_cell_away_is_hidden() {
        assert!(!total_shown(&[4], &[true]));
        assert!(!total_shown(&[1, 2], &[true, true]));
        assert!(!total_shown(&[1, 1, 80], &[true, true, false]));
        assert!(total_shown(&[4, 9], &[true, true]));
        assert!(total_shown(&[40, 9], &[false, false]));
    }

    proptest! {
        #[test]
        fn no_line_has_just_one_hidden(
            counts in (1usize..5).prop_flat_map(|columns| {
                prop::collection::vec(prop::collection::vec(0u32..30, columns), 1..5)
            })
        ) {
            let hide = hidden(&counts);
            let lines = counts.iter().zip(&hide).map(|(cells, hide)| (cells.clone(), hide.clone()));
            let columns = (0..counts[0].len()).map(|column| {
                (counts.iter().map(|row| row[column]).collect(), hide.iter().map(|row| row[column]).collect())
            });
            for (cells, hide) in lines.chain(columns) {
                let cells: Vec<u32> = cells;
                let hide: Vec<bool> = hide;
                prop_assert!(cells.iter().zip(&hide).all(|(cell, hide)| *hide || !(1..=SMALL).contains(cell)));
                if total_shown(&cells, &hide) {
                    prop_assert!(hide.iter().filter(|hide| **hide).count() != 1);
                }
            }
        }
    }
}
