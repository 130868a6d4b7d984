//! The single pass over the claims, and the claims that tokens of every issuer may have.

use super::{
    Claim, TokenError,
    value::{audience, number, string},
};
use crate::token::json::{Number, Scanner, Span};

/// The positions of registered claims in the decoded payload. At this stage only the types have been checked.
#[derive(Default)]
pub(crate) struct Registered {
    pub(crate) issuer: Option<Span>,
    pub(crate) subject: Option<Span>,
    pub(crate) token_id: Option<Span>,
    pub(crate) client: Option<Span>,
    pub(crate) acr: Option<Span>,
    pub(crate) expires_at: Option<Number>,
    pub(crate) issued_at: Option<Number>,
    pub(crate) not_before: Option<Number>,
    pub(crate) auth_time: Option<Number>,
    /// Whether the audience names this service; `None` until the claim has been read.
    pub(crate) audience: Option<bool>,
    /// Whether the token is bound to a key of the client.
    pub(crate) is_bound: bool,
}

/// Reads the whole document and unescapes strings in place. The caller has not yet checked the buffer for UTF-8.
///
/// `other` reads the value of each claim that is not in [`Registered`].
#[inline]
pub(crate) fn read_claims(
    bytes: &mut [u8],
    audiences: &[Box<str>],
    mut other: impl FnMut(&mut Scanner<'_>, Span) -> Result<(), TokenError>,
) -> Result<Registered, TokenError> {
    let mut claims = Registered::default();
    let mut scanner = Scanner::new(bytes);
    scanner.object(|scanner, name| match claims.read(scanner, name, audiences)? {
        true => Ok(()),
        false => other(scanner, name),
    })?;
    scanner.finish()?;
    Ok(claims)
}

impl Registered {
    /// Reads the value of the claim `name`, and returns whether it is one of these.
    #[inline]
    fn read(&mut self, scanner: &mut Scanner<'_>, name: Span, audiences: &[Box<str>]) -> Result<bool, TokenError> {
        match scanner.slice(name) {
            b"iss" => self.issuer = Some(string(scanner, Claim::Issuer)?),
            b"sub" => self.subject = Some(string(scanner, Claim::Subject)?),
            b"aud" => self.audience = Some(audience(scanner, audiences)?),
            b"exp" => self.expires_at = Some(number(scanner, Claim::ExpiresAt)?),
            b"iat" => self.issued_at = Some(number(scanner, Claim::IssuedAt)?),
            b"nbf" => self.not_before = Some(number(scanner, Claim::NotBefore)?),
            b"jti" => self.token_id = Some(string(scanner, Claim::TokenId)?),
            b"client_id" => self.client = Some(string(scanner, Claim::Client)?),
            b"acr" => self.acr = Some(string(scanner, Claim::Acr)?),
            b"auth_time" => self.auth_time = Some(number(scanner, Claim::AuthTime)?),
            b"cnf" => {
                self.is_bound = true;
                scanner.skip()?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}
