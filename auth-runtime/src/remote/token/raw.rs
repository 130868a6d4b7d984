//! The claims of another issuer's token: where they are, and whether each has its type.

use super::words::Words;
use crate::{
    remote::issuer::Mapping,
    token::{Claim, Items, Registered, Scanner, Span, TokenError, read_claims, value::string},
};

/// The positions of the claims in the decoded payload. At this stage only the types have been checked.
pub(super) struct Raw {
    pub(super) registered: Registered,
    pub(super) other: Other,
}

/// The claims that issuers write in forms of their own.
pub(super) struct Other {
    pub(super) authorized_party: Option<Span>,
    pub(super) application: Option<Span>,
    pub(super) kind: Kind,
    pub(super) profile: Profile,
    pub(super) roles: Words,
    pub(super) scopes: Words,
    pub(super) items: Items,
}

/// What the claims tell of the kind of token.
#[derive(Clone, Copy, Default)]
pub(super) struct Kind {
    /// The claim `typ`, as Keycloak writes it.
    pub(super) typ: Option<Span>,
    /// The claim `token_use`, as Amazon Cognito writes it.
    pub(super) token_use: Option<Span>,
    /// Whether there is a claim, other than `null`, that access tokens have.
    pub(super) is_like_access: bool,
    /// Whether there is a claim, perhaps `null`, that only other tokens have.
    pub(super) is_like_other: bool,
    /// The member `token_type` of an introspection's answer.
    pub(super) token_type: TypeMember,
    /// The member `active` of an introspection's answer.
    pub(super) active: Active,
}

/// The member `token_type`. In a token it has no meaning, so there its type is no fault.
#[derive(Clone, Copy, Default)]
pub(super) enum TypeMember {
    #[default]
    Absent,
    Text(Span),
    OfOtherType,
}

/// The member `active`. In a token it has no meaning, so there its type is no fault.
#[derive(Clone, Copy, Default)]
pub(super) enum Active {
    #[default]
    Absent,
    Yes,
    No,
    OfOtherType,
}

/// What better-auth says of a person.
#[derive(Clone, Copy, Default)]
pub(super) struct Profile {
    pub(super) name: Option<Span>,
    pub(super) email: Option<Span>,
    pub(super) is_email_verified: bool,
    pub(super) is_banned: bool,
}

/// Reads the whole document and unescapes strings in place. The caller has not yet checked the buffer for UTF-8.
#[inline]
pub(super) fn read(bytes: &mut [u8], audiences: &[Box<str>], mapping: &Mapping) -> Result<Raw, TokenError> {
    let mut other = Other {
        authorized_party: None,
        application: None,
        kind: Kind::default(),
        profile: Profile::default(),
        roles: Words::Absent,
        scopes: Words::Absent,
        items: Items::new(),
    };
    let registered = read_claims(bytes, audiences, |scanner, name| other.read(scanner, name, mapping))?;
    Ok(Raw { registered, other })
}

impl Other {
    fn read(&mut self, scanner: &mut Scanner<'_>, name: Span, mapping: &Mapping) -> Result<(), TokenError> {
        let value = scanner.peek();
        match scanner.slice(name) {
            b"azp" => self.authorized_party = Some(string(scanner, Claim::Client)?),
            b"appid" => self.application = Some(string(scanner, Claim::Client)?),
            b"typ" => self.kind.typ = Some(kind(scanner)?),
            b"token_use" => self.kind.token_use = Some(kind(scanner)?),
            b"token_type" if value == Some(b'"') => self.kind.token_type = TypeMember::Text(scanner.string()?),
            b"name" | b"email" | b"emailVerified" | b"banned" if mapping.has_profile => {
                self.profile.read(scanner, name, value)?;
            }
            _ => {
                self.kind.note(scanner.slice(name), value);
                let wanted = Wanted { roles: mapping.roles.is_some(), scopes: true };
                return step(scanner, name, 0, wanted, self, mapping);
            }
        }
        Ok(())
    }
}

impl Kind {
    /// Notes a claim that tells the kind of token by being there.
    fn note(&mut self, name: &[u8], value: Option<u8>) {
        match name {
            b"token_type" => self.token_type = TypeMember::OfOtherType,
            b"active" => {
                self.active = match value {
                    Some(b't') => Active::Yes,
                    Some(b'f') => Active::No,
                    _ => Active::OfOtherType,
                };
            }
            // Some issuers write members without a value into tokens of every kind.
            b"scope" | b"scp" | b"azpacr" | b"gty" => self.is_like_access |= value != Some(b'n'),
            b"nonce" | b"at_hash" | b"c_hash" | b"events" => self.is_like_other = true,
            _ => {}
        }
    }
}

impl Profile {
    /// Reads a member of the person. One of another type says nothing, except that the person may be banned.
    fn read(&mut self, scanner: &mut Scanner<'_>, name: Span, value: Option<u8>) -> Result<(), TokenError> {
        let slot = match scanner.slice(name) {
            b"name" => &mut self.name,
            b"email" => &mut self.email,
            b"banned" => {
                self.is_banned = !matches!(value, Some(b'f' | b'n'));
                return Ok(scanner.skip()?);
            }
            _ => {
                self.is_email_verified = value == Some(b't');
                return Ok(scanner.skip()?);
            }
        };
        match value {
            Some(b'"') => *slot = Some(scanner.string()?),
            _ => scanner.skip()?,
        }
        Ok(())
    }
}

/// Reads a string that tells the kind of token.
fn kind(scanner: &mut Scanner<'_>) -> Result<Span, TokenError> {
    match scanner.peek() {
        Some(b'"') => Ok(scanner.string()?),
        _ => Err(TokenError::WrongType),
    }
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
    other: &mut Other,
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
            scanner.object(|scanner, name| step(scanner, name, depth, wanted, other, mapping))
        }
        ((false, false), true, _) => Err(TokenError::ClaimType(claim)),
        ((for_roles, for_scopes), true, _) => {
            let words = words(scanner, claim, &mut other.items)?;
            if for_roles {
                other.roles = words;
            }
            if for_scopes {
                other.scopes = words;
            }
            Ok(())
        }
    }
}

/// Reads a string, or an array of strings.
fn words(scanner: &mut Scanner<'_>, claim: Claim, items: &mut Items) -> Result<Words, TokenError> {
    match scanner.peek() {
        Some(b'[') => Ok(Words::List(items.read(scanner, claim)?)),
        _ => Ok(Words::Text(string(scanner, claim)?)),
    }
}
