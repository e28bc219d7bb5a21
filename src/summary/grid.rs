//! The grid on which values are counted: the same for every measure, whatever the data.
//!
//! Between −1 and 1 bins are 1/128 wide; beyond, each doubling holds 128 bins, so a bin's half-width
//! is at most 1/256 (0.4%) of the values in it. Whole numbers up to 256 are each the lower edge of a
//! bin of their own. Zero is counted apart and has no bin. Bins of negative values mirror those of
//! positive ones: bin −1 mirrors bin 0.

/// Bins between 0 and 1, and in each doubling above.
const PER_OCTAVE: i16 = 128;

/// The upper half (sign, exponent, seven bits of mantissa) of 1.0 as an `f32`: those bits number
/// the bins above 1 without a logarithm.
const UPPER_HALF_OF_ONE: i16 = (1.0_f32.to_bits() >> 16) as i16;

/// Greatest magnitude that is counted: 2³⁰, far above any count, hours or pounds of one week.
pub(super) const LARGEST: f32 = 1_073_741_824.0;

/// The bin of a value that is neither zero nor `NaN`. Never decreasing in `value`.
///
/// Without branches or conversions, so that a row of values is done several at a time.
#[inline]
pub(super) fn bin(value: f32) -> i16 {
    let magnitude = value.abs();
    // One more than a magnitude below 1 lies in the doubling from 1 to 2, whose 128 bins are 1/128
    // wide. (The sum may round up to the next edge, from less than 10⁻⁷ below it.)
    let below_one = magnitude < 1.0;
    let (numbered, offset) = if below_one { (magnitude + 1.0, 0) } else { (magnitude, PER_OCTAVE) };
    let mirrored = (numbered.to_bits() >> 16) as i16 - UPPER_HALF_OF_ONE + offset;
    if value < 0.0 { -1 - mirrored } else { mirrored }
}

/// The value that stands for a bin: its middle; or, when all values are whole, the middle one of
/// its whole numbers, which is exact up to 256.
pub(super) fn representative(bin: i16, whole: bool) -> f64 {
    if bin < 0 {
        return -representative(-1 - bin, whole);
    }
    let low = lower_edge(bin);
    let high = lower_edge(bin + 1);
    if !whole {
        return (low + high) / 2.0;
    }
    if bin < PER_OCTAVE {
        // The only whole number here is the zero to which something tiny was rounded.
        return 0.0;
    }
    // The whole numbers of the bin go from `low` to before `high`, both rounded up.
    let rounded_up = |edge: f64| {
        let down = edge as i64;
        if (down as f64) < edge { down + 1 } else { down }
    };
    ((rounded_up(low) + rounded_up(high) - 1) / 2) as f64
}

/// Lower edge of a bin that is not negative.
fn lower_edge(bin: i16) -> f64 {
    if bin < PER_OCTAVE {
        f64::from(bin) / f64::from(PER_OCTAVE)
    } else {
        let upper_half = (bin - PER_OCTAVE + UPPER_HALF_OF_ONE) as u32;
        f64::from(f32::from_bits(upper_half << 16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_up_to_256_are_lower_edges_of_their_own_bins() {
        for number in 1_u16..=256 {
            let bin = bin(f32::from(number));
            assert_eq!(lower_edge(bin), f64::from(number));
            assert_eq!(representative(bin, true), f64::from(number));
            assert_eq!(representative(-1 - bin, true), -f64::from(number));
        }
    }

    #[test]
    fn a_bin_holds_its_values_and_its_middle_is_within_the_stated_distance() {
        let mut value = 1.0e-4_f32;
        while value < LARGEST {
            let bin = bin(value);
            let exact = f64::from(value);
            let rounding = 1.0e-7;
            assert!(lower_edge(bin) - rounding <= exact && exact < lower_edge(bin + 1), "{value}");
            let error = (representative(bin, false) - exact).abs();
            assert!(error <= exact.max(1.0) / 256.0 + rounding, "{value}: {error}");
            assert_eq!(super::bin(-value), -1 - bin);
            value *= 1.000_37;
        }
    }

    #[test]
    fn bins_follow_the_order_of_values() {
        let values =
            [-300.0, -1.0, -0.999, -0.001, 0.001, 0.0079, 0.5, 0.999_99, 1.0, 1.007, 1.008, 2.0, LARGEST];
        let bins: Vec<i16> = values.into_iter().map(bin).collect();
        assert!(bins.is_sorted(), "{bins:?}");
        assert_eq!(bin(0.999_99), 127);
        assert_eq!(bin(1.0), 128);
        assert_eq!(bin(2.0), 256);
        assert_eq!(bin(LARGEST), 128 + 30 * 128);
    }

    #[test]
    fn whole_numbers_above_256_are_within_the_stated_distance() {
        for number in 257_u16..20_000 {
            let error = (representative(bin(f32::from(number)), true) - f64::from(number)).abs();
            assert!(error <= f64::from(number) / 256.0, "{number}: {error}");
        }
    }
}
