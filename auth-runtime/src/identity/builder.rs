use core::fmt;

use super::{
    Identity,
    facts::{Facts, append},
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
        Self { facts: Facts::of(subject, via) }
    }

    /// Sets the issuer that vouches for the subject: `iss`. When it equals this service's own issuer, the subject is a
    /// user of this service.
    pub fn issuer(mut self, issuer: &str) -> Self {
        self.facts.set_issuer(issuer);
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
        self.facts.set_client(client);
        self
    }

    /// Sets the session. The store of accounts must know the session, with this subject and this kind of credential.
    /// With any other session, `/auth/password` and the creation of API keys answer 401, as after the session's end,
    /// and `/auth/logout` ends nothing.
    pub fn session(mut self, session: &str) -> Self {
        self.facts.set_session(session);
        self
    }

    /// Sets the credential's identifier.
    pub fn token_id(mut self, token_id: &str) -> Self {
        self.facts.set_token_id(token_id);
        self
    }

    /// Sets how strongly the caller was authenticated.
    pub fn acr(mut self, acr: &str) -> Self {
        self.facts.set_acr(acr);
        self
    }

    /// Adds methods by which the caller was authenticated (RFC 8176). A name with a line break names no method and is
    /// left out.
    pub fn amr<'a>(mut self, methods: impl IntoIterator<Item = &'a str>) -> Self {
        self.facts.add_amr(methods);
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
        self.facts.set_auth_time(time);
        self
    }

    /// Sets when the credential expires.
    pub fn expires_at(mut self, time: UnixTime) -> Self {
        self.facts.set_expires_at(time);
        self
    }

    /// Adds a role.
    pub fn role(self, role: &str) -> Self {
        self.roles(core::iter::once(role))
    }

    /// Adds roles. A name with a line break names no role and is left out.
    pub fn roles<'a>(mut self, roles: impl IntoIterator<Item = &'a str>) -> Self {
        self.facts.add_roles(roles);
        self
    }

    /// Adds scopes, separated by spaces.
    pub fn scope(mut self, scope: &str) -> Self {
        self.facts.add_scope(scope);
        self
    }

    /// Builds the identity.
    pub fn build(self) -> Identity {
        Identity::new(self.facts)
    }
}

impl fmt::Debug for IdentityBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityBuilder").field("via", &self.facts.via).finish_non_exhaustive()
    }
}
