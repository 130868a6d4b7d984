//! Numbers, by the grammar of RFC 8259.

use super::JsonError;

/// A number with the precision that dates need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// A number without fraction and exponent that fits an `i64`.
    Integer(i64),
    /// Any other number; always finite.
    Real(f64),
}

impl Number {
    /// Returns the largest whole number not above this one; saturates.
    pub(crate) fn floor(self) -> i64 {
        match self {
            Self::Integer(integer) => integer,
            Self::Real(real) => saturate(real.floor()),
        }
    }

    /// Returns the smallest whole number not below this one; saturates.
    pub(crate) fn ceil(self) -> i64 {
        match self {
            Self::Integer(integer) => integer,
            Self::Real(real) => saturate(real.ceil()),
        }
    }
}

// `as` from a float saturates, as this function should.
fn saturate(real: f64) -> i64 {
    real as i64
}

/// Reads the number at `start` and returns it with the position after it.
#[inline]
pub(super) fn read(bytes: &[u8], start: usize) -> Result<(Number, usize), JsonError> {
    let negative = bytes.get(start) == Some(&b'-');
    let first = start.saturating_add(usize::from(negative));
    let (magnitude, after) = digits(bytes, first);
    let length = after.saturating_sub(first);
    if length == 0 || (length > 1 && bytes.get(first) == Some(&b'0')) {
        return Err(JsonError::Malformed);
    }
    let tail = matches!(bytes.get(after), Some(b'.' | b'e' | b'E'));
    match magnitude {
        Some(magnitude) if !tail => {
            let integer = if negative { magnitude.saturating_neg() } else { magnitude };
            Ok((Number::Integer(integer), after))
        }
        _ => real(bytes, start, after),
    }
}

/// Returns the value of a run of digits, or `None` when it overflows, and the position after the run.
#[inline]
fn digits(bytes: &[u8], start: usize) -> (Option<i64>, usize) {
    /// Any number of at most this many digits fits an `i64`.
    const SHORT: usize = 18;
    let (mut value, mut at) = (0_i64, start);
    let from_start = bytes.get(start..).unwrap_or_default();
    for digit in from_start.iter().take(SHORT) {
        let digit @ 0..=9 = digit.wrapping_sub(b'0') else { return (Some(value), at) };
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
        at = at.saturating_add(1);
    }
    more_digits(bytes, Some(value), at)
}

/// Reads on after the digits that always fit: the slow path.
#[cold]
fn more_digits(bytes: &[u8], mut value: Option<i64>, mut at: usize) -> (Option<i64>, usize) {
    while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
        let digit = i64::from(digit & 0x0f);
        value = value.and_then(|value| value.checked_mul(10)?.checked_add(digit));
        at = at.saturating_add(1);
    }
    (value, at)
}

/// Reads a number with a fraction, an exponent, or more digits than an integer holds: the slow path.
#[cold]
fn real(bytes: &[u8], start: usize, mut at: usize) -> Result<(Number, usize), JsonError> {
    if bytes.get(at) == Some(&b'.') {
        at = run(bytes, at.saturating_add(1))?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at = at.saturating_add(1);
        if let Some(b'+' | b'-') = bytes.get(at) {
            at = at.saturating_add(1);
        }
        at = run(bytes, at)?;
    }
    let text = bytes.get(start..at).and_then(|digits| core::str::from_utf8(digits).ok());
    match text.and_then(|text| text.parse::<f64>().ok()) {
        Some(real) if real.is_finite() => Ok((Number::Real(real), at)),
        _ => Err(JsonError::Malformed),
    }
}

/// Skips digits and requires at least one.
fn run(bytes: &[u8], start: usize) -> Result<usize, JsonError> {
    let (_, after) = digits(bytes, start);
    if after == start { Err(JsonError::Malformed) } else { Ok(after) }
}
