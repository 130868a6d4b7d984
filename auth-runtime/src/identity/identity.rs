use core::fmt;
use std::sync::Arc;

use axum::http::Extensions;

use super::facts::{Facts, Span, append, members};
use crate::{
    clock::UnixTime,
    policy::{IssuerName, Role, Via},
};

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
pub struct Identity(pub(super) Arc<Facts>);

impl Identity {
    /// Returns the caller's identifier: `sub`.
    pub fn subject(&self) -> &str {
        self.text(self.0.subject)
    }

    /// Returns the issuer that vouches for the subject: `iss`. It is the service itself for its own access tokens,
    /// sessions and API keys, and for a caller whom an authenticator declares a user of this service. Empty when an
    /// authenticator says neither.
    pub fn issuer(&self) -> &str {
        self.text(self.0.issuer)
    }

    /// Returns the application's name for the issuer. `None` when it gave the issuer no name.
    pub fn issuer_name(&self) -> Option<IssuerName> {
        self.0.issuer_name
    }

    /// Returns whether the subject is a user of the service that issues as `issuer`. The identity's issuer or its
    /// authenticator's declaration decides.
    ///
    /// The subject of another issuer may equal the identifier of a user here, by chance or by intent, and is not that
    /// user. The same holds for an authenticator that declares nothing: it may have forgotten to name another issuer.
    pub(crate) fn is_user_of(&self, issuer: &str) -> bool {
        if self.issuer().is_empty() { self.0.of_this_service } else { self.issuer() == issuer }
    }

    /// Names this service as the issuer of a caller whom an authenticator declares a user of this service. So the same
    /// user is the same [`principal`](Self::principal) with every kind of credential.
    pub(crate) fn vouched_for_by(mut self, service: &str) -> Self {
        if self.0.of_this_service && self.issuer().is_empty() {
            let facts = Arc::make_mut(&mut self.0);
            facts.issuer = append(&mut facts.text, service);
        }
        self
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

    /// Returns the methods by which the caller was authenticated when the session began: `amr` (RFC 8176). Empty for
    /// API keys, and where the issuer does not say it.
    ///
    /// This service says `pwd` for a password, and otherwise what the application said when it recognised the person.
    pub fn amr(&self) -> impl Iterator<Item = &str> {
        members(self.text(self.0.amr), b'\n')
    }

    /// Returns the person's name, if the issuer says it. Names are not unique, and people choose them.
    pub fn name(&self) -> Option<&str> {
        self.0.name.map(|span| self.text(span))
    }

    /// Returns the person's e-mail address, if the issuer says it.
    ///
    /// An address identifies no user: it changes, and two issuers may give one address to two people. Compare
    /// [`principal`](Self::principal).
    pub fn email(&self) -> Option<&str> {
        self.0.email.map(|span| self.text(span))
    }

    /// Returns whether the issuer says that the e-mail address is verified.
    pub fn is_email_verified(&self) -> bool {
        self.0.is_email_verified
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
        members(self.text(self.0.roles), b'\n')
    }

    /// Returns the scopes that the credential carries.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        members(self.text(self.0.scope), b' ')
    }

    /// Returns whether the caller holds this role, or another role that implies it.
    ///
    /// ```
    /// use auth_runtime::{Identity, Role, policy::{Role as _, Via}};
    ///
    /// #[derive(Role)]
    /// enum Role {
    ///     Member,
    ///     #[role(implies = Member)]
    ///     Nurse,
    /// }
    ///
    /// let who = Identity::builder("ann", Via::BEARER).role("nurse").build();
    /// assert!(who.holds(Role::Nurse) && who.holds(Role::Member));
    /// assert!(who.has_role("nurse") && !who.has_role("member"));
    /// ```
    pub fn holds(&self, role: impl Role) -> bool {
        let rule = role.rule();
        self.roles().any(|held| rule.is_satisfied_by(held))
    }

    /// Returns whether the credential names exactly this role, without the hierarchy. To ask with it, call
    /// [`holds`](Self::holds).
    pub fn has_role(&self, role: &str) -> bool {
        self.roles().any(|held| held == role)
    }

    /// Returns whether the credential carries exactly this scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes().any(|held| held == scope)
    }

    /// Returns how much text the identity has, in bytes.
    #[cfg(feature = "remote")]
    pub(crate) fn text_len(&self) -> usize {
        self.0.text.len()
    }

    /// Makes an identity of facts that an authenticator has collected.
    pub(crate) fn new(facts: Facts) -> Self {
        Self(Arc::new(facts))
    }

    fn text(&self, span: Span) -> &str {
        self.0.text(span)
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
            .field("issuer", &self.issuer())
            .field("subject", &self.subject())
            .field("roles", &self.roles().collect::<Vec<_>>())
            .field("scopes", &self.scopes().collect::<Vec<_>>())
            .field("via", &self.via())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
