//! Numbers as text, for files.
//!
//! Consumes `f64`, produces plain decimals: never an exponent, never a false decimal, the same on
//! every machine. Large files hold millions of numbers, so nothing is allocated on the way.

/// Powers of ten up to the most decimals that are written.
const POWERS: [f64; 13] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

/// Significant digits of an estimate. Three or four replications in a thousand would move the
/// fourth, so a fifth would say nothing.
const SIGNIFICANT: i32 = 4;

/// Appends an estimate, rounded to four significant digits.
///
/// Whole digits are never rounded away (12345.6 becomes 12346, not 12350), trailing zeros are left
/// out, and at most twelve decimals are written. An empty value (`NaN`) appends nothing; an infinite
/// one `inf` or `-inf`. Ties go away from zero, as far as binary fractions allow.
pub fn push_rounded(out: &mut Vec<u8>, value: f64) {
    if !value.is_finite() {
        push_non_finite(out, value);
        return;
    }
    let magnitude = value.abs();
    // Beyond this, u64 no longer holds the scaled value; such figures are whole numbers anyway.
    if magnitude >= 1e15 {
        out.extend_from_slice(format!("{value:.0}").as_bytes());
        return;
    }
    let decimals = decimals_for(magnitude);
    let scaled = (magnitude * POWERS[decimals]).round() as u64;
    push_scaled(out, value < 0.0, scaled, decimals);
}

/// Appends a figure exactly: the shortest decimal that reads back as the same number.
pub fn push_exact(out: &mut Vec<u8>, value: f64) {
    if value.is_finite() {
        // `Display` for f64 is the shortest faithful decimal and never uses an exponent.
        let positive_zero = if value == 0.0 { 0.0 } else { value };
        out.extend_from_slice(format!("{positive_zero}").as_bytes());
    } else {
        push_non_finite(out, value);
    }
}

/// An estimate as text; see [`push_rounded`].
pub fn rounded(value: f64) -> String {
    let mut out = Vec::with_capacity(16);
    push_rounded(&mut out, value);
    // Only ASCII is ever pushed.
    String::from_utf8_lossy(&out).into_owned()
}

/// A figure for people to read: whole from 10 up, one decimal below, and beyond a thousand three
/// significant digits with commas. An empty value is a dash.
pub fn readable(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let magnitude = value.abs();
    let tenths = (magnitude * 10.0).round();
    let (digits, tenth) = if tenths < 100.0 {
        ((tenths / 10.0).trunc(), tenths % 10.0)
    } else if magnitude < 999.5 {
        (magnitude.round(), 0.0)
    } else {
        let unit = power_of_ten_within(magnitude) / 100.0;
        ((magnitude / unit).round() * unit, 0.0)
    };
    let sign = if value < 0.0 && (digits > 0.0 || tenth > 0.0) { "−" } else { "" };
    let decimals = if tenth > 0.0 { format!(".{tenth:.0}") } else { String::new() };
    format!("{sign}{}{decimals}", with_commas(digits))
}

/// The greatest power of ten that is at most `value`, which must be positive and finite.
pub(super) fn power_of_ten_within(value: f64) -> f64 {
    let mut power = 1.0;
    // Multiplied rather than divided from 1 up, so that powers from 1 to 10^22 are exact.
    while power * 10.0 <= value {
        power *= 10.0;
    }
    while power > value {
        power /= 10.0;
    }
    power
}

/// A round number as an axis shows it: with commas and the decimals that it has.
pub fn tick(value: f64) -> String {
    let text = rounded(value.abs());
    let (whole, decimals) = text.split_at(text.find('.').unwrap_or(text.len()));
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{}{decimals}", with_commas(whole.parse().unwrap_or(0.0)))
}

/// Pence as pounds for people: three significant digits, in millions from a million up.
pub fn pounds_short(pence: i64) -> String {
    let sign = if pence < 0 { "−" } else { "" };
    let pounds = pence.unsigned_abs() as f64 / 100.0;
    let step = power_of_ten_within(pounds.max(1.0)) / 100.0;
    let near = if step >= 1.0 { (pounds / step).round() * step } else { pounds.round() };
    if near < 1e6 {
        return format!("{sign}£{}", with_commas(near));
    }
    let decimals = if near < 1e7 {
        2
    } else if near < 1e8 {
        1
    } else {
        0
    };
    format!("{sign}£{:.decimals$} million", near / 1e6)
}

/// A whole number of at least 0 with a comma before every third digit from the right.
fn with_commas(whole: f64) -> String {
    let digits = format!("{whole:.0}");
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn push_non_finite(out: &mut Vec<u8>, value: f64) {
    if value == f64::INFINITY {
        out.extend_from_slice(b"inf");
    } else if value == f64::NEG_INFINITY {
        out.extend_from_slice(b"-inf");
    }
}

/// Decimals that leave four significant digits.
fn decimals_for(magnitude: f64) -> usize {
    let mut decimals = SIGNIFICANT - 1;
    if magnitude >= 1.0 {
        let mut bound = 10.0;
        while decimals > 0 && magnitude >= bound {
            decimals -= 1;
            bound *= 10.0;
        }
        return decimals as usize;
    }
    let mut decimals = SIGNIFICANT as usize;
    while decimals < POWERS.len() - 1 && magnitude * POWERS[decimals] < 1000.0 {
        decimals += 1;
    }
    decimals
}

/// Appends `scaled / 10^decimals` without trailing zeros.
fn push_scaled(out: &mut Vec<u8>, negative: bool, mut scaled: u64, mut decimals: usize) {
    while decimals > 0 && scaled.is_multiple_of(10) {
        scaled /= 10;
        decimals -= 1;
    }
    // Sign, 20 digits of a u64 and a point, or zeros down to twelve decimals.
    let mut text = [0u8; 24];
    let mut at = text.len();
    let mut written = 0;
    let (whole_zero, mut rest) = (scaled == 0, scaled);
    while rest > 0 || written <= decimals {
        if written == decimals && decimals > 0 {
            at -= 1;
            text[at] = b'.';
        }
        at -= 1;
        text[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        written += 1;
    }
    if negative && !whole_zero {
        at -= 1;
        text[at] = b'-';
    }
    out.extend_from_slice(&text[at..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pounds_have_three_digits() {
        let table = [
            (0, "£0"),
            (12_345, "£123"),
            (99_999, "£1,000"),
            (123_456_789, "£1.23 million"),
            (54_321_000, "£543,000"),
            (543_210, "£5,430"),
            (-777_700, "−£7,780"),
        ];
        for (pence, text) in table {
            assert_eq!(pounds_short(pence), text);
        }
        assert_eq!(pounds_short(99_999_999), "£1.00 million");
        assert_eq!(pounds_short(1_234_567_800), "£12.3 million");
    }

    #[test]
    fn numbers_are_written_plainly() {
        let table: &[(f64, &str)] = &[
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.0, "-1"),
            (2.5, "2.5"),
            (10.0, "10"),
            (100.0, "100"),
            (12.3456, "12.35"),
            (123.456, "123.5"),
            (1234.4, "1234"),
            (12_345.6, "12346"),
            (9_876_543.2, "9876543"),
            (1e15, "1000000000000000"),
            (3e20, "300000000000000000000"),
            (9.9996, "10"),
            (0.99996, "1"),
            (0.099996, "0.1"),
            (0.5, "0.5"),
            (0.123_456, "0.1235"),
            (0.001_234_56, "0.001235"),
            (-0.001_234_56, "-0.001235"),
            (0.000_000_012_345_6, "0.00000001235"),
            (0.09996, "0.09996"),
            (1e-300, "0"),
            (-1e-300, "0"),
            (f64::NAN, ""),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for &(value, text) in table {
            assert_eq!(rounded(value), text, "{value}");
        }
    }

    #[test]
    fn figures_of_the_scenario_are_exact() {
        let table: &[(f64, &str)] = &[
            (0.1, "0.1"),
            (53_127.0, "53127"),
            (-0.0, "0"),
            (1e-7, "0.0000001"),
            (1e21, "1000000000000000000000"),
            (f64::NAN, ""),
        ];
        for &(value, text) in table {
            let mut out = Vec::new();
            push_exact(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }

    #[test]
    fn powers_of_ten_hold_their_value() {
        for (value, power) in
            [(1.0, 1.0), (9.99, 1.0), (10.0, 10.0), (1e22, 1e22), (0.5, 0.1), (99_999.0, 1e4)]
        {
            assert_eq!(power_of_ten_within(value), power, "{value}");
        }
    }

    #[test]
    fn people_read_no_false_decimals() {
        let table: &[(f64, &str)] = &[
            (0.0, "0"),
            (0.04, "0"),
            (-0.04, "0"),
            (0.26, "0.3"),
            (7.0, "7"),
            (9.94, "9.9"),
            (9.96, "10"),
            (12.6, "13"),
            (-12.6, "−13"),
            (999.4, "999"),
            (999.6, "1,000"),
            (12_345.0, "12,300"),
            (1_234_567.0, "1,230,000"),
            (f64::NAN, "–"),
        ];
        for &(value, text) in table {
            assert_eq!(readable(value), text, "{value}");
        }
    }

    proptest! {
        /// Half a unit in the fourth significant digit, or of the whole number, or of the twelfth
        /// decimal: whichever is coarsest of the first and last, finest of the first two.
        #[test]
        fn rounding_is_within_half_a_unit(mantissa in -1.0f64..1.0, exponent in -13i32..14) {
            let value = mantissa * 10f64.powi(exponent);
            let text = rounded(value);
            prop_assert!(!text.contains(['e', 'E']));
            let back: f64 = text.parse().unwrap();
            let fourth = (power_of_ten_within(value.abs().max(1e-300)) / 1e3).min(1.0);
            let unit = fourth.max(1e-12);
            prop_assert!((back - value).abs() <= unit * (0.5 + 1e-3), "{value} became {text}");
        }

        #[test]
        fn exact_figures_read_back(value in proptest::num::f64::NORMAL) {
            let mut out = Vec::new();
            push_exact(&mut out, value);
            prop_assert_eq!(std::str::from_utf8(&out).unwrap().parse::<f64>().unwrap(), value);
        }
    }
}
