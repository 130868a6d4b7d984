//! A line of a sorted list.

use std::io;

/// The digits of a SHA-1 hash.
pub(super) const DIGITS: usize = 40;

/// Returns the digits of a line, in upper case.
pub(super) fn digits_of(line: &[u8]) -> io::Result<String> {
    let (digits, rest) = line.split_at_checked(DIGITS).ok_or_else(malformed)?;
    let is_line = digits.iter().all(u8::is_ascii_hexdigit) && matches!(rest.first(), None | Some(b':' | b'\r' | b'\n'));
    let digits = core::str::from_utf8(digits).map_err(|_| malformed())?;
    if is_line { Ok(digits.to_ascii_uppercase()) } else { Err(malformed()) }
}

pub(super) fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "no sorted file of SHA-1 hashes, one a line")
}
