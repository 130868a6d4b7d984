//! The single pass over the claims. It finds the position and checks the type of each claim.

use crate::token::json::{Number, Scanner, Span};

use super::{
    Claim, TokenError,
    value::{audience, number, string},
};

/// The maximum number of roles and authentication methods in one token, counted together.
pub(crate) const MAX_ITEMS: usize = 96;

/// The positions of the claims in the decoded payload. At this stage only the types have been checked.
pub(super) struct Raw {
    pub(super) issuer: Option<Span>,
    pub(super) subject: Option<Span>,
    pub(super) token_id: Option<Span>,
    pub(super) client: Option<Span>,
    pub(super) scope: Option<Span>,
    pub(super) session: Option<Span>,
    pub(super) acr: Option<Span>,
    pub(super) expires_at: Option<Number>,
    pub(super) issued_at: Option<Number>,
    pub(super) not_before: Option<Number>,
    pub(super) auth_time: Option<Number>,
    pub(super) generation: Option<Number>,
    /// Whether the audience names this service; `None` until the claim has been read.
    pub(super) audience: Option<bool>,
    pub(super) is_bound: bool,
    pub(super) roles: List,
    pub(super) amr: List,
    items: [Span; MAX_ITEMS],
    len: usize,
}

/// A range of the items.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct List {
    start: usize,
    end: usize,
}

impl Raw {
    fn new() -> Self {
        Self {
            issuer: None,
            subject: None,
            token_id: None,
            client: None,
            scope: None,
            session: None,
            acr: None,
            expires_at: None,
            issued_at: None,
            not_before: None,
            auth_time: None,
            generation: None,
            audience: None,
            is_bound: false,
            roles: List::default(),
            amr: List::default(),
            items: [Span::default(); MAX_ITEMS],
            len: 0,
        }
    }

    pub(super) fn list(&self, list: List) -> &[Span] {
        self.items.get(list.start..list.end).unwrap_or_default()
    }

    fn push(&mut self, item: Span) -> Result<(), TokenError> {
        *self.items.get_mut(self.len).ok_or(TokenError::ClaimsTooLarge)? = item;
        self.len = self.len.saturating_add(1);
        Ok(())
    }
}

/// Reads the whole document and unescapes strings in place. The caller has not yet checked the buffer for UTF-8.
#[inline]
pub(super) fn read(bytes: &mut [u8], audiences: &[Box<str>]) -> Result<Raw, TokenError> {
    let mut raw = Raw::new();
    let mut scanner = Scanner::new(bytes);
    scanner.object(|scanner, name| claim(scanner, name, &mut raw, audiences))?;
    scanner.finish()?;
    Ok(raw)
}

#[inline]
fn claim(scanner: &mut Scanner<'_>, name: Span, raw: &mut Raw, audiences: &[Box<str>]) -> Result<(), TokenError> {
    match scanner.slice(name) {
        b"iss" => raw.issuer = Some(string(scanner, Claim::Issuer)?),
        b"sub" => raw.subject = Some(string(scanner, Claim::Subject)?),
        b"aud" => raw.audience = Some(audience(scanner, audiences)?),
        b"exp" => raw.expires_at = Some(number(scanner, Claim::ExpiresAt)?),
        b"iat" => raw.issued_at = Some(number(scanner, Claim::IssuedAt)?),
        b"nbf" => raw.not_before = Some(number(scanner, Claim::NotBefore)?),
        b"jti" => raw.token_id = Some(string(scanner, Claim::TokenId)?),
        b"sid" => raw.session = Some(string(scanner, Claim::Session)?),
        b"client_id" => raw.client = Some(string(scanner, Claim::Client)?),
        b"scope" => raw.scope = Some(string(scanner, Claim::Scope)?),
        b"roles" => raw.roles = list(scanner, Claim::Roles, raw)?,
        b"auth_time" => raw.auth_time = Some(number(scanner, Claim::AuthTime)?),
        b"session_generation" => raw.generation = Some(number(scanner, Claim::Generation)?),
        b"acr" => raw.acr = Some(string(scanner, Claim::Acr)?),
        b"amr" => raw.amr = list(scanner, Claim::Amr, raw)?,
        b"cnf" => {
            raw.is_bound = true;
            scanner.skip()?;
        }
        _ => scanner.skip()?,
    }
    Ok(())
}

fn list(scanner: &mut Scanner<'_>, claim: Claim, raw: &mut Raw) -> Result<List, TokenError> {
    if scanner.peek() != Some(b'[') {
        return Err(TokenError::ClaimType(claim));
    }
    let start = raw.len;
    scanner.array(|scanner| raw.push(string(scanner, claim)?))?;
    Ok(List { start, end: raw.len })
}
