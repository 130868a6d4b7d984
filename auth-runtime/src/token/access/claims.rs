use core::fmt;

use serde::de::DeserializeOwned;

use super::{
    Claim, TokenError,
    items::List,
    raw::{Own, Raw},
};
use crate::{
    clock::UnixTime,
    token::{
        jose::{Compact, decode_payload},
        json::{Number, Span},
    },
};

/// The claims of a verified access token, borrowed from the buffer in which it was decoded.
///
/// Strings are as the issuer wrote them and may contain any character. Escape them before you put them into a log or a
/// page.
pub struct AccessClaims<'a> {
    text: &'a str,
    raw: &'a Raw,
    issuer: &'a str,
    subject: &'a str,
    token_id: &'a str,
    client: &'a str,
    scope: &'a str,
    session: Option<&'a str>,
    generation: u32,
    acr: Option<&'a str>,
    pub(super) issued_at: UnixTime,
    pub(super) expires_at: UnixTime,
}

impl<'a> AccessClaims<'a> {
    /// Resolves the spans to text and checks that the required claims are present.
    #[inline]
    pub(super) fn new(text: &'a str, raw: &'a Raw) -> Result<Self, TokenError> {
        let required = |span: Option<Span>, claim| {
            let span = span.ok_or(TokenError::ClaimMissing(claim))?;
            span.text(text).filter(|text| !text.is_empty()).ok_or(TokenError::ClaimType(claim))
        };
        let optional = |span: Option<Span>, claim| {
            span.map(|span| span.text(text).ok_or(TokenError::ClaimType(claim))).transpose()
        };
        let Raw { registered, own } = raw;
        let expires_at = registered.expires_at.ok_or(TokenError::ClaimMissing(Claim::ExpiresAt))?;
        let issued_at = registered.issued_at.ok_or(TokenError::ClaimMissing(Claim::IssuedAt))?;
        Ok(Self {
            text,
            raw,
            issuer: required(registered.issuer, Claim::Issuer)?,
            subject: required(registered.subject, Claim::Subject)?,
            token_id: required(registered.token_id, Claim::TokenId)?,
            client: required(registered.client, Claim::Client)?,
            scope: optional(own.scope, Claim::Scope)?.unwrap_or_default(),
            session: optional(own.session, Claim::Session)?,
            generation: generation(own)?,
            acr: optional(registered.acr, Claim::Acr)?,
            // Fractions are rounded to the strict side: the token expires early and becomes valid late.
            issued_at: UnixTime::from_seconds(issued_at.ceil()),
            expires_at: UnixTime::from_seconds(expires_at.floor()),
        })
    }

    /// Returns the subject of the token (`sub`), unique within its issuer.
    pub fn subject(&self) -> &'a str {
        self.subject
    }

    /// Returns the roles (`roles`), in the order of the token.
    pub fn roles(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.items(self.raw.own.roles)
    }

    /// Returns the scopes of the token (`scope`), separated by spaces. Without the claim the text is empty.
    pub fn scope(&self) -> &'a str {
        self.scope
    }

    /// Returns the scopes one by one.
    pub fn scopes(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.scope.split(' ').filter(|scope| !scope.is_empty())
    }

    /// Returns the session that the token belongs to (`sid`).
    pub fn session(&self) -> Option<&'a str> {
        self.session
    }

    /// Returns the generation of the session's tokens to which the token belongs (`session_generation`, a claim of this
    /// project). Generations are counted from 0, and a token of generation 0 carries no claim: see
    /// [`SessionRecord::generation`](crate::store::SessionRecord::generation).
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Returns the token's id (`jti`).
    pub fn token_id(&self) -> &'a str {
        self.token_id
    }

    /// Returns the client to which the token was issued (`client_id`).
    pub fn client(&self) -> &'a str {
        self.client
    }

    /// Returns the issuer of the token (`iss`).
    pub fn issuer(&self) -> &'a str {
        self.issuer
    }

    /// Returns the time of issue (`iat`), fractions rounded up.
    pub fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// Returns the time of expiry (`exp`), fractions rounded down.
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// Returns the time at which the person signed in (`auth_time`), fractions rounded down.
    pub fn auth_time(&self) -> Option<UnixTime> {
        self.raw.registered.auth_time.map(|time| UnixTime::from_seconds(Number::floor(time)))
    }

    /// Returns the level at which the person was authenticated (`acr`).
    pub fn acr(&self) -> Option<&'a str> {
        self.acr
    }

    /// Returns the methods by which the person was authenticated (`amr`, RFC 8176).
    pub fn amr(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.items(self.raw.own.amr)
    }

    fn items(&self, list: List) -> impl Iterator<Item = &'a str> + use<'a> {
        let text = self.text;
        self.raw.own.items.of(list).iter().filter_map(move |span| span.text(text))
    }
}

fn generation(own: &Own) -> Result<u32, TokenError> {
    match own.generation {
        None => Ok(0),
        Some(Number::Integer(number)) => number.try_into().map_err(|_| TokenError::ClaimType(Claim::Generation)),
        Some(Number::Real(_)) => Err(TokenError::ClaimType(Claim::Generation)),
    }
}

impl fmt::Debug for AccessClaims<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessClaims")
            .field("subject", &self.subject)
            .field("token_id", &self.token_id)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// Deserializes the claims of a token that was verified before. Returns `None` when the claims do not have the form of
/// `T`.
///
/// Requests rarely need all claims, so verification does not keep them.
pub(crate) fn claims_of_verified<T: DeserializeOwned>(token: &str) -> Option<T> {
    let compact = Compact::split(token).ok()?;
    let mut buffer = vec![0; compact.payload.len()];
    let payload = decode_payload(compact.payload, &mut buffer).ok()?;
    serde_json::from_slice(payload).ok()
}
