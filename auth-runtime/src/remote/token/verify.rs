use super::{claims::Claims, identify::identify, raw, rules};
use crate::{
    clock::UnixTime,
    identity::Identity,
    remote::issuer::Source,
    token::{Compact, Header, JoseError, PublishedKey, PublishedKeys, TokenError},
};

/// Verifies a token of an issuer with the issuer's keys. `payload` is its decoded payload.
///
/// The signature is verified before the claims are read.
pub(in crate::remote) fn verify(
    source: &Source,
    keys: &PublishedKeys,
    compact: &Compact<'_>,
    payload: &mut [u8],
    now: UnixTime,
) -> Result<Identity, TokenError> {
    let key = Header::read(compact.header, |header| select(source, keys, header))?;
    key.verify(compact.signed, compact.signature)?;
    let raw = raw::read(payload, &source.rules.audiences, &source.mapping)?;
    let text = core::str::from_utf8(payload).map_err(|_| TokenError::ClaimsMalformed)?;
    let claims = Claims::new(text, &raw)?;
    rules::check(&source.rules, &claims, &source.iss, now)?;
    Ok(identify(&claims, source))
}

/// Checks the header of a token for which there are no keys yet, so that a token that no key could fit causes no fetch.
pub(in crate::remote) fn check_header(source: &Source, compact: &Compact<'_>) -> Result<(), TokenError> {
    Header::read(compact.header, |header| fits(source, header))
}

fn select<'k>(source: &Source, keys: &'k PublishedKeys, header: &Header<'_>) -> Result<&'k PublishedKey, TokenError> {
    fits(source, header)?;
    Ok(keys.find(header)?)
}

fn fits(source: &Source, header: &Header<'_>) -> Result<(), TokenError> {
    if !source.rules.token_type.accepts(header.typ) {
        return Err(TokenError::WrongType);
    }
    if !source.algorithms.iter().any(|algorithm| algorithm.jwa().is_named(header.alg)) {
        return Err(JoseError::WrongAlgorithm.into());
    }
    Ok(())
}
