use super::{
    claims::Claims,
    identify::identify,
    raw::{self, Active},
    rules,
};
use crate::{
    clock::UnixTime,
    identity::Identity,
    remote::issuer::Source,
    token::{Claim, Span, TokenError},
};

/// What an issuer said of an opaque token.
pub(in crate::remote) enum Introspected {
    Active(Identity),
    /// The token proves no caller, for this reason.
    Refused(&'static str),
}

/// The document is no answer of introspection.
#[derive(Debug)]
pub(in crate::remote) struct Malformed;

/// Reads the answer of an introspection (RFC 7662, section 2.2). Only `active: true` makes a token active.
pub(in crate::remote) fn read_answer(
    source: &Source,
    needs_audience: bool,
    document: &mut [u8],
    now: UnixTime,
) -> Result<Introspected, Malformed> {
    let raw = raw::read(document, &source.rules.audiences, &source.mapping).map_err(|_| Malformed)?;
    let text = core::str::from_utf8(document).map_err(|_| Malformed)?;
    match raw.other.kind.active {
        Active::Yes => {}
        Active::No => return Ok(Introspected::Refused("token_inactive")),
        Active::Absent | Active::OfOtherType => return Err(Malformed),
    }
    Ok(match identity(source, needs_audience, text, &raw, now) {
        Ok(identity) => Introspected::Active(identity),
        Err(error) => Introspected::Refused(error.reason()),
    })
}

fn identity(
    source: &Source,
    needs_audience: bool,
    text: &str,
    raw: &raw::Raw,
    now: UnixTime,
) -> Result<Identity, TokenError> {
    let get = |span: Option<Span>| span.and_then(|span| span.text(text)).filter(|text| !text.is_empty());
    let registered = &raw.registered;
    let iss = if registered.issuer.is_some() { get(registered.issuer).unwrap_or_default() } else { &source.iss };
    // A client that acts for itself is the subject of its token (RFC 9068, section 2.2). An empty `sub` is a fault.
    let subject = if registered.subject.is_some() { get(registered.subject) } else { get(registered.client) };
    let subject = subject.ok_or(TokenError::ClaimMissing(Claim::Subject))?;
    let claims = Claims::of(text, raw, iss, subject);
    rules::check_answer(&source.rules, &claims, &source.iss, needs_audience, now)?;
    Ok(identify(&claims, source))
}
