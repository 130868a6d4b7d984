use core::fmt;
use std::sync::Arc;

use super::{
    Identity,
    facts::{Facts, Span, append, offset, reopen},
};
use crate::{
    clock::UnixTime,
    policy::{IssuerName, Via},
};

impl Identity {
    /// Starts an identity for `subject`, proven by one credential of this kind. For authenticators and tests.
    pub fn builder(subject: &str, via: Via) -> IdentityBuilder {
        IdentityBuilder::new(subject, via)
    }
}

/// A builder for an [`Identity`].
#[must_use]
pub struct IdentityBuilder {
    facts: Facts,
}

impl IdentityBuilder {
    fn new(subject: &str, via: Via) -> Self {
        let mut text = String::with_capacity(192);
        let subject = append(&mut text, subject);
        let none = Span::default();
        Self {
            facts: Facts {
                text,
                subject,
                issuer: none,
                issuer_name: None,
                client: None,
                session: None,
                token_id: None,
                acr: None,
                name: None,
                email: None,
                is_email_verified: false,
                scope: none,
                roles: none,
                amr: none,
                auth_time: None,
                expires_at: None,
                via,
                of_this_service: false,
            },
        }
    }

    /// Sets the issuer that vouches for the subject: `iss`. When it equals this service's own issuer, the subject is a
    /// user of this service.
    pub fn issuer(mut self, issuer: &str) -> Self {
        self.facts.issuer = append(&mut self.facts.text, issuer);
        self
    }

    /// Sets the application's name for the issuer, by which policies ask for it.
    pub fn issuer_name(mut self, name: IssuerName) -> Self {
        self.facts.issuer_name = Some(name);
        self
    }

    /// Declares that the subject is the identifier of a user of this service, as if this service were named as the
    /// [issuer](Self::issuer). When another issuer is named, the subject belongs to that issuer.
    ///
    /// Without this declaration and without an issuer, the caller is authenticated but is no user: `CurrentUser` and
    /// the account endpoints refuse it with 403.
    pub fn of_this_service(mut self) -> Self {
        self.facts.of_this_service = true;
        self
    }

    /// Sets the client application.
    pub fn client(mut self, client: &str) -> Self {
        self.facts.client = Some(append(&mut self.facts.text, client));
        self
    }

    /// Sets the session. The store of accounts must know the session, with this subject and this kind of credential.
    /// With any other session, `/auth/password` and the creation of API keys answer 401, as after the session's end,
    /// and `/auth/logout` ends nothing.
    pub fn session(mut self, session: &str) -> Self {
        self.facts.session = Some(append(&mut self.facts.text, session));
        self
    }

    /// Sets the credential's identifier.
    pub fn token_id(mut self, token_id: &str) -> Self {
        self.facts.token_id = Some(append(&mut self.facts.text, token_id));
        self
    }

    /// Sets how strongly the caller was authenticated.
    pub fn acr(mut self, acr: &str) -> Self {
        self.facts.acr = Some(append(&mut self.facts.text, acr));
        self
    }

    /// Adds methods by which the caller was authenticated (RFC 8176). A name with a line break names no method and is
    /// left out.
    pub fn amr<'a>(mut self, methods: impl IntoIterator<Item = &'a str>) -> Self {
        self.facts.amr = add_lines(&mut self.facts.text, self.facts.amr, methods);
        self
    }

    /// Sets the person's name, as the issuer says it.
    pub fn name(mut self, name: &str) -> Self {
        self.facts.name = Some(append(&mut self.facts.text, name));
        self
    }

    /// Sets the person's e-mail address, and whether the issuer has verified that it is theirs.
    pub fn email(mut self, address: &str, is_verified: bool) -> Self {
        self.facts.email = Some(append(&mut self.facts.text, address));
        self.facts.is_email_verified = is_verified;
        self
    }

    /// Sets when the caller last proved who they are.
    pub fn auth_time(mut self, time: UnixTime) -> Self {
        self.facts.auth_time = Some(time);
        self
    }

    /// Sets when the credential expires.
    pub fn expires_at(mut self, time: UnixTime) -> Self {
        self.facts.expires_at = Some(time);
        self
    }

    /// Adds a role.
    pub fn role(self, role: &str) -> Self {
        self.roles(core::iter::once(role))
    }

    /// Adds roles. A name with a line break names no role and is left out.
    pub fn roles<'a>(mut self, roles: impl IntoIterator<Item = &'a str>) -> Self {
        self.facts.roles = add_lines(&mut self.facts.text, self.facts.roles, roles);
        self
    }

    /// Adds scopes, separated by spaces.
    pub fn scope(mut self, scope: &str) -> Self {
        let text = &mut self.facts.text;
        let start = reopen(text, self.facts.scope);
        text.push_str(scope);
        text.push(' ');
        self.facts.scope = Span { start, end: offset(text) };
        self
    }

    /// Builds the identity.
    pub fn build(self) -> Identity {
        Identity(Arc::new(self.facts))
    }
}

/// Adds lines to a list of lines. A line that contains a line break is left out.
fn add_lines<'a>(text: &mut String, list: Span, lines: impl IntoIterator<Item = &'a str>) -> Span {
    let start = reopen(text, list);
    for line in lines.into_iter().filter(|line| !line.contains('\n')) {
        text.push_str(line);
        text.push('\n');
    }
    Span { start, end: offset(text) }
}

impl fmt::Debug for IdentityBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityBuilder").field("via", &self.facts.via).finish_non_exhaustive()
    }
}
