use crate::token::{JsonError, Scanner, Span};

/// Returns the place of the first `iss` in the claims of a token that is not verified yet. It selects the issuer's keys
/// and has no other use.
///
/// Reads no further than that. Replaces escapes up to there, so a payload that has any must be decoded again.
pub(in crate::remote) fn issuer_of(payload: &mut [u8]) -> Option<Span> {
    let mut scanner = Scanner::new(payload);
    let read = scanner.object(|scanner, name| {
        if scanner.slice(name) != b"iss" {
            return Ok(scanner.skip()?);
        }
        match scanner.peek() {
            Some(b'"') => Err(Stop::Found(scanner.string()?)),
            _ => Err(Stop::Malformed),
        }
    });
    match read {
        Err(Stop::Found(issuer)) => Some(issuer),
        Err(Stop::Malformed) | Ok(()) => None,
    }
}

enum Stop {
    Found(Span),
    Malformed,
}

impl From<JsonError> for Stop {
    fn from(_: JsonError) -> Self {
        Self::Malformed
    }
}
