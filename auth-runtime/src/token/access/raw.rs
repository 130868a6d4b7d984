//! The claims of this project's access tokens.

use super::{
    Claim, TokenError,
    items::{Items, List},
    registered::{Registered, read_claims},
    value::{number, string},
};
use crate::token::json::{Number, Scanner, Span};

/// The positions of the claims in the decoded payload. At this stage only the types have been checked.
pub(super) struct Raw {
    pub(super) registered: Registered,
    pub(super) own: Own,
}

/// The claims that only this project's tokens have, or that other issuers write in another form.
pub(super) struct Own {
    pub(super) scope: Option<Span>,
    pub(super) session: Option<Span>,
    pub(super) generation: Option<Number>,
    pub(super) roles: List,
    pub(super) amr: List,
    pub(super) items: Items,
}

/// Reads the whole document and unescapes strings in place. The caller has not yet checked the buffer for UTF-8.
#[inline]
pub(super) fn read(bytes: &mut [u8], audiences: &[Box<str>]) -> Result<Raw, TokenError> {
    let mut own = Own {
        scope: None,
        session: None,
        generation: None,
        roles: List::default(),
        amr: List::default(),
        items: Items::new(),
    };
    let registered = read_claims(bytes, audiences, |scanner, name| own.read(scanner, name))?;
    Ok(Raw { registered, own })
}

impl Own {
    #[inline]
    fn read(&mut self, scanner: &mut Scanner<'_>, name: Span) -> Result<(), TokenError> {
        match scanner.slice(name) {
            b"scope" => self.scope = Some(string(scanner, Claim::Scope)?),
            b"sid" => self.session = Some(string(scanner, Claim::Session)?),
            b"session_generation" => self.generation = Some(number(scanner, Claim::Generation)?),
            b"roles" => self.roles = self.items.read(scanner, Claim::Roles)?,
            b"amr" => self.amr = self.items.read(scanner, Claim::Amr)?,
            _ => scanner.skip()?,
        }
        Ok(())
    }
}
