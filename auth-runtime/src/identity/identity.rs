use core::fmt;
use std::sync::Arc;

use axum::http::Extensions;

use crate::{clock::UnixTime, policy::Via};

/// The authenticated caller of this request.
///
/// As an argument of a handler it refuses callers without a valid credential with 401. `Option<Identity>` is `None` for
/// a caller without any credential, and still refuses a bad one. A session's cookie that continues no live session
/// counts as absent, because browsers continue to attach it automatically. Cheap to clone.
///
/// ```
/// use auth_runtime::{identity::Identity, policy::Via};
///
/// let alice = Identity::builder("alice", Via::BEARER).of_this_service().role("admin");
/// let alice = alice.scope("orders:read orders:write").build();
/// assert!(alice.has_role("admin") && alice.has_scope("orders:write"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Identity(Arc<Facts>);

/// The facts of an identity. All texts share one buffer, so that an identity costs only two allocations.
#[derive(PartialEq, Eq)]
struct Facts {
    text: String,
    subject: Span,
    issuer: Span,
    client: Option<Span>,
    session: Option<Span>,
    token_id: Option<Span>,
    acr: Option<Span>,
    scope: Span,
    roles: Span,
    auth_time: Option<UnixTime>,
    expires_at: Option<UnixTime>,
    via: Via,
    of_this_service: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
}

impl Identity {
    /// Starts an identity for `subject`, proven by one credential of this kind. For authenticators and tests.
    pub fn builder(subject: &str, via: Via) -> IdentityBuilder {
        IdentityBuilder::new(subject, via)
    }

    /// Returns the caller's identifier: `sub`.
    pub fn subject(&self) -> &str {
        self.text(self.0.subject)
    }

    /// Returns the issuer that vouches for the subject: `iss`. For an API key, this is the service itself. Empty when
    /// the authenticator names no issuer.
    pub fn issuer(&self) -> &str {
        self.text(self.0.issuer)
    }

    /// Returns whether the subject is a user of the service that issues as `issuer`. The identity's issuer or its
    /// authenticator's declaration decides.
    ///
    /// The subject of another issuer may equal the identifier of a user here, by chance or by intent, and is not that
    /// user. The same holds for an authenticator that declares nothing: it may have forgotten to name another issuer.
    pub(crate) fn is_user_of(&self, issuer: &str) -> bool {
        if self.issuer().is_empty() { self.0.of_this_service } else { self.issuer() == issuer }
    }

    /// Returns the client application: `client_id`.
    pub fn client(&self) -> Option<&str> {
        self.0.client.map(|span| self.text(span))
    }

    /// Returns the session that the credential belongs to: `sid`.
    pub fn session(&self) -> Option<&str> {
        self.0.session.map(|span| self.text(span))
    }

    /// Returns the credential's own identifier: `jti`, or the identifier of an API key.
    pub fn token_id(&self) -> Option<&str> {
        self.0.token_id.map(|span| self.text(span))
    }

    /// Returns how strongly the caller was authenticated: `acr`.
    pub fn acr(&self) -> Option<&str> {
        self.0.acr.map(|span| self.text(span))
    }

    /// Returns when the caller last proved who they are: `auth_time`.
    pub fn auth_time(&self) -> Option<UnixTime> {
        self.0.auth_time
    }

    /// Returns when the credential expires.
    pub fn expires_at(&self) -> Option<UnixTime> {
        self.0.expires_at
    }

    /// Returns the kind of credential that the caller presented.
    pub fn via(&self) -> Via {
        self.0.via
    }

    /// Returns the roles that the credential names, without the roles that these imply.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.text(self.0.roles).split('\n').filter(|role| !role.is_empty())
    }

    /// Returns the scopes that the credential carries.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.text(self.0.scope).split(' ').filter(|scope| !scope.is_empty())
    }

    /// Returns whether the credential names exactly this role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles().any(|held| held == role)
    }

    /// Returns whether the credential carries exactly this scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes().any(|held| held == scope)
    }

    fn text(&self, span: Span) -> &str {
        // The spans were made with the text and lie on its character boundaries.
        self.0.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Returns the caller that the guard has verified for this request. For code that has the request and no extractor.
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get::<Verified>().map(|Verified(identity)| identity)
    }

    pub(crate) fn remember(self, extensions: &mut Extensions) {
        extensions.insert(Verified(self));
    }

    pub(crate) fn forget(extensions: &mut Extensions) {
        extensions.remove::<Verified>();
    }
}

/// The verified identity of a request. Only this crate can create the type. An `Identity` that other code puts among
/// the extensions is ignored.
#[derive(Clone)]
struct Verified(Identity);

/// Prints the caller, never a credential.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("subject", &self.subject())
            .field("roles", &self.roles().collect::<Vec<_>>())
            .field("scopes", &self.scopes().collect::<Vec<_>>())
            .field("via", &self.via())
            .finish_non_exhaustive()
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
                client: None,
                session: None,
                token_id: None,
                acr: None,
                scope: none,
                roles: none,
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
        let text = &mut self.facts.text;
        let start = reopen(text, self.facts.roles);
        for role in roles.into_iter().filter(|role| !role.contains('\n')) {
            text.push_str(role);
            text.push('\n');
        }
        self.facts.roles = Span { start, end: offset(text) };
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

impl fmt::Debug for IdentityBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityBuilder").field("via", &self.facts.via).finish_non_exhaustive()
    }
}

fn append(text: &mut String, part: &str) -> Span {
    let start = offset(text);
    text.push_str(part);
    Span { start, end: offset(text) }
}

/// Copies a list that is not the last part of the text to its end, so that the list can grow.
fn reopen(text: &mut String, list: Span) -> u32 {
    if list.end == offset(text) && list != Span::default() {
        return list.start;
    }
    let start = offset(text);
    let copy = text.get(list.start as usize..list.end as usize).unwrap_or_default().to_owned();
    text.push_str(&copy);
    start
}

fn offset(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
