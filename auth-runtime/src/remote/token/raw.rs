//! The single pass over the claims of another issuer's token. It finds the position and checks the type of each claim.

use super::words::Words;
use crate::{
    remote::issuer::Mapping,
    token::{
        Claim, MAX_ITEMS, Number, Scanner, Span, TokenError,
        value::{audience, number, string},
    },
};

/// The positions of the claims in the decoded payload. At this stage only the types have been checked.
pub(super) struct Raw {
    pub(super) issuer: Option<Span>,
    pub(super) subject: Option<Span>,
    pub(super) token_id: Option<Span>,
    pub(super) client: Option<Span>,
    pub(super) authorized_party: Option<Span>,
    pub(super) application: Option<Span>,
    pub(super) acr: Option<Span>,
    pub(super) expires_at: Option<Number>,
    pub(super) issued_at: Option<Number>,
    pub(super) not_before: Option<Number>,
    pub(super) auth_time: Option<Number>,
    /// Whether the audience names this service; `None` until the claim has been read.
    pub(super) audience: Option<bool>,
    pub(super) is_bound: bool,
    pub(super) kind: Kind,
    pub(super) roles: Words,
    pub(super) scopes: Words,
    items: [Span; MAX_ITEMS],
    len: usize,
}

/// What the claims tell of the kind of token.
#[derive(Clone, Copy, Default)]
pub(super) struct Kind {
    /// The claim `typ`, as Keycloak writes it.
    pub(super) typ: Option<Span>,
    /// The claim `token_use`, as Amazon Cognito writes it.
    pub(super) token_use: Option<Span>,
    /// Whether there is a claim that access tokens have.
    pub(super) is_like_access: bool,
    /// Whether there is a claim that only other tokens have.
    pub(super) is_like_other: bool,
}

impl Raw {
    fn new() -> Self {
        Self {
            issuer: None,
            subject: None,
            token_id: None,
            client: None,
            authorized_party: None,
            application: None,
            acr: None,
            expires_at: None,
            issued_at: None,
            not_before: None,
            auth_time: None,
            audience: None,
            is_bound: false,
            kind: Kind::default(),
            roles: Words::Absent,
            scopes: Words::Absent,
            items: [Span::default(); MAX_ITEMS],
            len: 0,
        }
    }

    /// Returns the elements of an array.
    pub(super) fn items(&self, start: usize, end: usize) -> &[Span] {
        self.items.get(start..end).unwrap_or_default()
    }

    fn push(&mut self, item: Span) -> Result<(), TokenError> {
        *self.items.get_mut(self.len).ok_or(TokenError::ClaimsTooLarge)? = item;
        self.len = self.len.saturating_add(1);
        Ok(())
    }
}

/// Reads the whole document and unescapes strings in place. The caller has not yet checked the buffer for UTF-8.
#[inline]
pub(super) fn read(bytes: &mut [u8], audiences: &[Box<str>], mapping: &Mapping) -> Result<Raw, TokenError> {
    let mut raw = Raw::new();
    let mut scanner = Scanner::new(bytes);
    scanner.object(|scanner, name| claim(scanner, name, &mut raw, audiences, mapping))?;
    scanner.finish()?;
    Ok(raw)
}

fn claim(
    scanner: &mut Scanner<'_>,
    name: Span,
    raw: &mut Raw,
    audiences: &[Box<str>],
    mapping: &Mapping,
) -> Result<(), TokenError> {
    match scanner.slice(name) {
        b"iss" => raw.issuer = Some(string(scanner, Claim::Issuer)?),
        b"sub" => raw.subject = Some(string(scanner, Claim::Subject)?),
        b"aud" => raw.audience = Some(audience(scanner, audiences)?),
        b"exp" => raw.expires_at = Some(number(scanner, Claim::ExpiresAt)?),
        b"iat" => raw.issued_at = Some(number(scanner, Claim::IssuedAt)?),
        b"nbf" => raw.not_before = Some(number(scanner, Claim::NotBefore)?),
        b"jti" => raw.token_id = Some(string(scanner, Claim::TokenId)?),
        b"client_id" => raw.client = Some(string(scanner, Claim::Client)?),
        b"azp" => raw.authorized_party = Some(string(scanner, Claim::Client)?),
        b"appid" => raw.application = Some(string(scanner, Claim::Client)?),
        b"acr" => raw.acr = Some(string(scanner, Claim::Acr)?),
        b"cnf" => {
            raw.is_bound = true;
            scanner.skip()?;
        }
        _ => return other(scanner, name, raw, mapping),
    }
    Ok(())
}

/// Reads a claim that may have roles or scopes.
fn other(scanner: &mut Scanner<'_>, name: Span, raw: &mut Raw, mapping: &Mapping) -> Result<(), TokenError> {
    match scanner.slice(name) {
        b"scope" | b"scp" | b"azpacr" => raw.kind.is_like_access = true,
        b"nonce" | b"at_hash" | b"c_hash" | b"events" => raw.kind.is_like_other = true,
        b"typ" => return text(scanner, &mut raw.kind.typ),
        b"token_use" => return text(scanner, &mut raw.kind.token_use),
        b"auth_time" => {
            raw.auth_time = Some(number(scanner, Claim::AuthTime)?);
            return Ok(());
        }
        _ => {}
    }
    step(scanner, name, 0, Wanted { roles: mapping.roles.is_some(), scopes: true }, raw, mapping)
}

fn text(scanner: &mut Scanner<'_>, slot: &mut Option<Span>) -> Result<(), TokenError> {
    match scanner.peek() {
        Some(b'"') => *slot = Some(scanner.string()?),
        _ => return Err(TokenError::WrongType),
    }
    Ok(())
}

/// The paths that lead to a member.
#[derive(Clone, Copy)]
struct Wanted {
    roles: bool,
    scopes: bool,
}

/// Follows the paths of roles and scopes through one member, and reads it where they end.
fn step(
    scanner: &mut Scanner<'_>,
    name: Span,
    depth: usize,
    wanted: Wanted,
    raw: &mut Raw,
    mapping: &Mapping,
) -> Result<(), TokenError> {
    let name = scanner.slice(name);
    let roles = mapping.roles.as_ref().filter(|path| wanted.roles && path.has(depth, name));
    let scopes = Some(&mapping.scopes).filter(|path| wanted.scopes && path.has(depth, name));
    let claim = if roles.is_some() { Claim::Roles } else { Claim::Scope };
    let ends = (roles.is_some_and(|path| path.ends_at(depth)), scopes.is_some_and(|path| path.ends_at(depth)));
    match (ends, roles.is_some() || scopes.is_some(), scanner.peek()) {
        // Some issuers write `null` for an empty list.
        (_, false, _) | (_, _, Some(b'n')) => Ok(scanner.skip()?),
        ((false, false), true, Some(b'{')) => {
            let wanted = Wanted { roles: roles.is_some(), scopes: scopes.is_some() };
            let depth = depth.saturating_add(1);
            scanner.object(|scanner, name| step(scanner, name, depth, wanted, raw, mapping))
        }
        ((false, false), true, _) => Err(TokenError::ClaimType(claim)),
        ((for_roles, for_scopes), true, _) => {
            let words = words(scanner, claim, raw)?;
            if for_roles {
                raw.roles = words;
            }
            if for_scopes {
                raw.scopes = words;
            }
            Ok(())
        }
    }
}

/// Reads a string, or an array of strings.
fn words(scanner: &mut Scanner<'_>, claim: Claim, raw: &mut Raw) -> Result<Words, TokenError> {
    if scanner.peek() != Some(b'[') {
        return Ok(Words::Text(string(scanner, claim)?));
    }
    let start = raw.len;
    scanner.array(|scanner| raw.push(string(scanner, claim)?))?;
    Ok(Words::List { start, end: raw.len })
}
