use super::{
    raw::Raw,
    words::{self, Words},
};
use crate::{
    clock::UnixTime,
    token::{Claim, Number, Span, TokenError},
};

/// The claims of a token with a verified signature, borrowed from the buffer in which it was decoded.
pub(super) struct Claims<'a> {
    text: &'a str,
    pub(super) raw: &'a Raw,
    pub(super) issuer: &'a str,
    pub(super) subject: &'a str,
    /// The claims of a token always have it; an introspection's answer may lack it.
    pub(super) expires_at: Option<UnixTime>,
    pub(super) issued_at: Option<UnixTime>,
}

impl<'a> Claims<'a> {
    /// Resolves the spans to text and checks that the required claims are present.
    pub(super) fn new(text: &'a str, raw: &'a Raw) -> Result<Self, TokenError> {
        let required = |span: Option<Span>, claim| {
            let span = span.ok_or(TokenError::ClaimMissing(claim))?;
            span.text(text).filter(|text| !text.is_empty()).ok_or(TokenError::ClaimType(claim))
        };
        let registered = &raw.registered;
        registered.expires_at.ok_or(TokenError::ClaimMissing(Claim::ExpiresAt))?;
        let issuer = required(registered.issuer, Claim::Issuer)?;
        Ok(Self::of(text, raw, issuer, required(registered.subject, Claim::Subject)?))
    }

    /// Returns claims after the caller has checked the required members.
    pub(super) fn of(text: &'a str, raw: &'a Raw, issuer: &'a str, subject: &'a str) -> Self {
        let registered = &raw.registered;
        Self {
            text,
            raw,
            issuer,
            subject,
            // Fractions are rounded to the strict side: the token expires early and becomes valid late.
            expires_at: registered.expires_at.map(|time| UnixTime::from_seconds(Number::floor(time))),
            issued_at: registered.issued_at.map(|time| UnixTime::from_seconds(Number::ceil(time))),
        }
    }

    /// Returns the text of an optional claim, if it is not empty.
    pub(super) fn get(&self, span: Option<Span>) -> Option<&'a str> {
        self.text(span).filter(|text| !text.is_empty())
    }

    /// Returns the text of an optional claim, empty or not.
    pub(super) fn text(&self, span: Option<Span>) -> Option<&'a str> {
        span?.text(self.text)
    }

    pub(super) fn roles(&self) -> impl Iterator<Item = &'a str> {
        let (text, list) = self.split(self.raw.other.roles);
        words::roles(text).chain(list.filter(|role| !role.is_empty()))
    }

    pub(super) fn scopes(&self) -> impl Iterator<Item = &'a str> {
        let (text, list) = self.split(self.raw.other.scopes);
        words::scopes(text).chain(list.filter(|scope| words::is_scope(scope)))
    }

    /// Returns the text and the elements of a claim. One of them is empty.
    fn split(&self, words: Words) -> (&'a str, impl Iterator<Item = &'a str> + use<'a>) {
        let (single, spans) = match words {
            Words::Absent => ("", &[][..]),
            Words::Text(span) => (span.text(self.text).unwrap_or_default(), &[][..]),
            Words::List(list) => ("", self.raw.other.items.of(list)),
        };
        let text = self.text;
        (single, spans.iter().filter_map(move |span| span.text(text)))
    }
}
