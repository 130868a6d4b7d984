//! Values of claims, read with the type that the claim must have.

use crate::token::json::{Number, Scanner, Span};

use super::{Claim, TokenError};

/// Reads a string.
#[inline]
pub(crate) fn string(scanner: &mut Scanner<'_>, claim: Claim) -> Result<Span, TokenError> {
    match scanner.peek() {
        Some(b'"') => Ok(scanner.string()?),
        _ => Err(TokenError::ClaimType(claim)),
    }
}

/// Reads a number.
#[inline]
pub(crate) fn number(scanner: &mut Scanner<'_>, claim: Claim) -> Result<Number, TokenError> {
    match scanner.peek() {
        Some(b'-' | b'0'..=b'9') => Ok(scanner.number()?),
        _ => Err(TokenError::ClaimType(claim)),
    }
}

/// Reads a string or a list of strings (RFC 7519, section 4.1.3). All strings of the list are checked for their type.
#[inline]
pub(crate) fn audience(scanner: &mut Scanner<'_>, audiences: &[Box<str>]) -> Result<bool, TokenError> {
    let is_ours = |scanner: &Scanner<'_>, name: Span| {
        let name = scanner.slice(name);
        audiences.iter().any(|ours| ours.as_bytes() == name)
    };
    if scanner.peek() != Some(b'[') {
        let name = string(scanner, Claim::Audience)?;
        return Ok(is_ours(scanner, name));
    }
    let mut found = false;
    scanner.array(|scanner| {
        let name = string(scanner, Claim::Audience)?;
        found |= is_ours(scanner, name);
        Ok::<_, TokenError>(())
    })?;
    Ok(found)
}
