//! The rules for claims. They apply after the signature was verified and the claims were read.

use super::{
    claims::Claims,
    raw::{Kind, Raw, TypeMember},
};
use crate::{
    clock::UnixTime,
    remote::issuer::{Rules, TokenType},
    token::{Claim, TokenError},
};

/// Checks the claims of a token of the issuer `iss` with the type `typ` in its header.
pub(super) fn check(rules: &Rules, claims: &Claims<'_>, iss: &str, now: UnixTime) -> Result<(), TokenError> {
    if claims.issuer != iss {
        return Err(TokenError::WrongIssuer);
    }
    match claims.raw.registered.audience {
        None => return Err(TokenError::ClaimMissing(Claim::Audience)),
        Some(false) => return Err(TokenError::WrongAudience),
        Some(true) => {}
    }
    if claims.raw.registered.is_bound {
        return Err(TokenError::BoundToKey);
    }
    if !is_of_type(rules.token_type, claims, claims.raw.other.kind) {
        return Err(TokenError::WrongType);
    }
    if claims.raw.other.profile.is_banned {
        return Err(TokenError::Banned);
    }
    check_times(rules, claims, now)
}

/// Checks what the issuer `iss` said of a token that it calls active.
///
/// The answer may lack `iss` and `exp`. If `needs_audience` is false, it may lack `aud`, and then has to say that it is
/// about an access token.
pub(super) fn check_answer(
    rules: &Rules,
    claims: &Claims<'_>,
    iss: &str,
    needs_audience: bool,
    now: UnixTime,
) -> Result<(), TokenError> {
    if claims.issuer != iss {
        return Err(TokenError::WrongIssuer);
    }
    let Raw { registered, other } = claims.raw;
    match registered.audience {
        Some(false) => return Err(TokenError::WrongAudience),
        None if needs_audience => return Err(TokenError::ClaimMissing(Claim::Audience)),
        _ => {}
    }
    if registered.is_bound {
        return Err(TokenError::BoundToKey);
    }
    if !is_answer_about_access(claims, other.kind) {
        return Err(TokenError::WrongType);
    }
    check_times(rules, claims, now)
}

/// Returns whether an answer is about an access token. Some issuers also call refresh tokens and ID tokens active.
fn is_answer_about_access(claims: &Claims<'_>, kind: Kind) -> bool {
    let names = ["bearer", "at+jwt", "access", "access_token"];
    let is_access = |typ: &str| names.iter().any(|name| typ.eq_ignore_ascii_case(name));
    let has_other_name = |span| claims.text(span).is_some_and(|typ| !is_access(typ));
    let is_typed = match kind.token_type {
        TypeMember::Text(span) => claims.text(Some(span)).is_some_and(is_access),
        TypeMember::OfOtherType => false,
        TypeMember::Absent => claims.raw.registered.audience.is_some(),
    };
    is_typed && !has_other_name(kind.typ) && !has_other_name(kind.token_use) && !kind.is_like_other
}

/// Returns whether the claims show a token of this type. [`TokenType`] has the rules.
fn is_of_type(token_type: TokenType, claims: &Claims<'_>, kind: Kind) -> bool {
    match token_type {
        TokenType::AtJwt => true,
        TokenType::Jwt => is_access_token(claims, kind),
        TokenType::JwtBearer => claims.text(kind.typ).is_some_and(|typ| typ.eq_ignore_ascii_case("bearer")),
        TokenType::ServiceIdToken | TokenType::BetterAuth => {
            !kind.is_like_other && kind.typ.is_none() && kind.token_use.is_none()
        }
    }
}

fn is_access_token(claims: &Claims<'_>, kind: Kind) -> bool {
    let Raw { registered, other } = claims.raw;
    let (typ, token_use) = (claims.text(kind.typ), claims.text(kind.token_use));
    if typ.is_some() || token_use.is_some() {
        return typ.is_none_or(|typ| typ.eq_ignore_ascii_case("bearer"))
            && token_use.is_none_or(|token_use| token_use == "access");
    }
    let is_like_access = kind.is_like_access || registered.client.is_some() || other.application.is_some();
    is_like_access && !kind.is_like_other
}

fn check_times(rules: &Rules, claims: &Claims<'_>, now: UnixTime) -> Result<(), TokenError> {
    let latest_start = now.plus_seconds(rules.clock_skew);
    if claims.expires_at.is_some_and(|end| now >= end.plus_seconds(rules.expiry_leeway)) {
        return Err(TokenError::Expired);
    }
    let is_later = |begin: UnixTime| begin > latest_start;
    if claims.raw.registered.not_before.is_some_and(|begin| is_later(UnixTime::from_seconds(begin.ceil()))) {
        return Err(TokenError::NotYetValid);
    }
    if claims.issued_at.is_some_and(is_later) {
        return Err(TokenError::IssuedInFuture);
    }
    let lives_long = |end: UnixTime| end.seconds_since(claims.issued_at.unwrap_or(now)) > rules.max_age;
    if claims.expires_at.is_some_and(lives_long) {
        return Err(TokenError::LifetimeTooLong);
    }
    Ok(())
}
