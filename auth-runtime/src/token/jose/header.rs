use super::{JoseError, decode};
use crate::token::json::{JsonError, Scanner, Span};

/// The maximum length of an encoded header. It leaves room for a certificate chain, which the reader ignores.
const MAX_HEADER: usize = 4096;

/// The length up to which encoded headers use a smaller stack buffer. Almost all headers are shorter.
const SHORT: usize = 256;

/// The maximum length of a key id in bytes. Longer ids are refused before any look-up.
const MAX_KEY_ID: usize = 256;

/// The members of a header that the verifier uses. It ignores `jwk`, `jku`, `x5u` and `x5c`: a key never comes from a
/// token.
#[derive(Debug)]
pub(crate) struct Header<'h> {
    pub(crate) alg: &'h str,
    pub(crate) kid: Option<&'h str>,
    pub(crate) typ: Option<&'h str>,
}

impl Header<'_> {
    /// Decodes and parses a header, and passes it to `keep`.
    #[inline]
    pub(crate) fn read<T, E: From<JoseError>>(
        encoded: &str,
        keep: impl FnOnce(&Header<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if encoded.len() <= SHORT {
            parse(decode(encoded, &mut [0; SHORT / 4 * 3])?).map_err(E::from).and_then(|header| keep(&header))
        } else {
            read_long(encoded, keep)
        }
    }
}

#[cold]
#[inline(never)]
fn read_long<T, E: From<JoseError>>(encoded: &str, keep: impl FnOnce(&Header<'_>) -> Result<T, E>) -> Result<T, E> {
    if encoded.len() > MAX_HEADER {
        return Err(JoseError::HeaderTooLarge.into());
    }
    keep(&parse(decode(encoded, &mut [0; MAX_HEADER / 4 * 3])?)?)
}

#[derive(Default)]
struct Members {
    alg: Option<Span>,
    kid: Option<Span>,
    typ: Option<Span>,
}

fn parse(bytes: &mut [u8]) -> Result<Header<'_>, JoseError> {
    let mut members = Members::default();
    let mut scanner = Scanner::new(bytes);
    scanner.object(|scanner, name| member(scanner, name, &mut members))?;
    scanner.finish()?;
    let text = core::str::from_utf8(bytes).map_err(|_| JoseError::HeaderMalformed)?;
    let read = |span: Span| span.text(text).ok_or(JoseError::HeaderMalformed);
    let header = Header {
        alg: read(members.alg.ok_or(JoseError::HeaderMember)?)?,
        kid: members.kid.map(read).transpose()?,
        typ: members.typ.map(read).transpose()?,
    };
    match header.kid {
        Some(kid) if kid.len() > MAX_KEY_ID => Err(JoseError::KeyIdTooLong),
        _ => Ok(header),
    }
}

fn member(scanner: &mut Scanner<'_>, name: Span, members: &mut Members) -> Result<(), JoseError> {
    let slot = match scanner.slice(name) {
        b"alg" => &mut members.alg,
        b"kid" => &mut members.kid,
        b"typ" => &mut members.typ,
        b"crit" => return Err(JoseError::Critical),
        b"b64" => return Err(JoseError::UnencodedPayload),
        b"enc" | b"zip" => return Err(JoseError::Encrypted),
        _ => return Ok(scanner.skip()?),
    };
    if scanner.peek() != Some(b'"') {
        return Err(JoseError::HeaderMember);
    }
    *slot = Some(scanner.string()?);
    Ok(())
}

impl From<JsonError> for JoseError {
    fn from(fault: JsonError) -> Self {
        match fault {
            JsonError::Malformed => Self::HeaderMalformed,
            JsonError::Duplicate => Self::HeaderDuplicate,
            JsonError::TooLarge => Self::HeaderTooLarge,
        }
    }
}
