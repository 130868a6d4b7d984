//! Strings: finds their end and unescapes them in place.

use super::{JsonError, Span};

/// Reads the string after its opening quote, which is just before `start`. Returns it with the position after the
/// closing quote.
#[inline]
pub(super) fn read(bytes: &mut [u8], start: usize) -> Result<(Span, usize), JsonError> {
    let rest = bytes.get(start..).ok_or(JsonError::Malformed)?;
    let plain = run(rest).ok_or(JsonError::Malformed)?;
    let end = start.saturating_add(plain);
    match rest.get(plain) {
        Some(b'"') => Ok((Span::new(start, end)?, end.saturating_add(1))),
        Some(b'\\') => unescape(bytes, start, end),
        _ => Err(JsonError::Malformed),
    }
}

/// Returns the length of the run of bytes before the first one that [`ends_run`]. Looks at eight bytes at a time:
/// claims are mostly text, and this loop is where they are read.
#[inline]
fn run(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (word, before) in words.iter().zip((0..).step_by(8)) {
        let ends = ends_of_runs(u64::from_le_bytes(*word));
        if ends != 0 {
            // The lowest byte is the first one. Its highest bit is set, so there are 8·n + 7 zeros below it.
            return Some(before | (ends.trailing_zeros() >> 3) as usize);
        }
    }
    let before = bytes.len().saturating_sub(rest.len());
    rest.iter().position(|&byte| ends_run(byte)).map(|at| before.saturating_add(at))
}

/// Returns whether the byte is a quote, a backslash, or a control character, which must be escaped.
#[inline]
fn ends_run(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < 0x20
}

/// Finds the bytes of a word that [`ends_run`]: the highest bit of the first of these bytes is set, and no bit below
/// it.
///
/// A subtraction that borrows may set bits of later bytes, too. The first one is always right, since nothing below it
/// borrows.
#[inline]
const fn ends_of_runs(word: u64) -> u64 {
    const fn each(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    // A byte below 0x80 gets its highest bit only if it was below the subtracted value. Other bytes end no run.
    let quote = (word ^ each(b'"')).wrapping_sub(each(1));
    let backslash = (word ^ each(b'\\')).wrapping_sub(each(1));
    let control = word.wrapping_sub(each(0x20));
    (quote | backslash | control) & !word & each(0x80)
}

/// Unescapes a string from its first backslash on: the slow path. Unescaped text is shorter, and blanks fill the rest,
/// so that a buffer in UTF-8 stays in UTF-8.
#[cold]
fn unescape(bytes: &mut [u8], start: usize, first: usize) -> Result<(Span, usize), JsonError> {
    let (mut from, mut to) = (first, first);
    loop {
        let byte = *bytes.get(from).ok_or(JsonError::Malformed)?;
        match byte {
            b'"' => break,
            b'\\' => {
                let (character, after) = escape(bytes, from.saturating_add(1))?;
                to = put(bytes, to, character)?;
                from = after;
            }
            0..0x20 => return Err(JsonError::Malformed),
            _ => {
                *bytes.get_mut(to).ok_or(JsonError::Malformed)? = byte;
                (from, to) = (from.saturating_add(1), to.saturating_add(1));
            }
        }
    }
    bytes.get_mut(to..from).unwrap_or_default().fill(b' ');
    Ok((Span::new(start, to)?, from.saturating_add(1)))
}

/// Returns the character of the escape with its letter at `at`, and the position after the escape.
fn escape(bytes: &[u8], at: usize) -> Result<(char, usize), JsonError> {
    let letter = *bytes.get(at).ok_or(JsonError::Malformed)?;
    let character = match letter {
        b'"' | b'\\' | b'/' => char::from(letter),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(bytes, at.saturating_add(1)),
        _ => return Err(JsonError::Malformed),
    };
    Ok((character, at.saturating_add(1)))
}

/// Reads four hexadecimal digits, or two times four for a surrogate pair. A lone surrogate is not a character and is
/// refused.
fn unicode(bytes: &[u8], at: usize) -> Result<(char, usize), JsonError> {
    let (unit, after) = code_unit(bytes, at)?;
    if let Some(character) = char::from_u32(u32::from(unit)) {
        return Ok((character, after));
    }
    let low_digits = after.saturating_add(2);
    if bytes.get(after..low_digits) != Some(b"\\u") {
        return Err(JsonError::Malformed);
    }
    let (low, after) = code_unit(bytes, low_digits)?;
    match char::decode_utf16([unit, low]).next() {
        Some(Ok(character)) => Ok((character, after)),
        _ => Err(JsonError::Malformed),
    }
}

fn code_unit(bytes: &[u8], at: usize) -> Result<(u16, usize), JsonError> {
    let after = at.saturating_add(4);
    let digits = bytes.get(at..after).ok_or(JsonError::Malformed)?;
    let unit = digits.iter().try_fold(0_u32, |unit, &digit| {
        let value = char::from(digit).to_digit(16).ok_or(JsonError::Malformed)?;
        Ok((unit << 4) | value)
    })?;
    Ok((u16::try_from(unit).map_err(|_| JsonError::Malformed)?, after))
}

/// Writes a character. Its UTF-8 form is never longer than its escaped form.
fn put(bytes: &mut [u8], to: usize, character: char) -> Result<usize, JsonError> {
    let mut utf8 = [0; 4];
    let utf8 = character.encode_utf8(&mut utf8).as_bytes();
    let after = to.saturating_add(utf8.len());
    bytes.get_mut(to..after).ok_or(JsonError::Malformed)?.copy_from_slice(utf8);
    Ok(after)
}
