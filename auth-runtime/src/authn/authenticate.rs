use std::sync::Arc;

use axum::http::request::Parts;

use crate::{
    clock::Clock,
    csrf::CrossSite,
    identity::Identity,
    policy::Via,
    session::{Claimed, Found, Revocations, SessionCookie},
    token::{AccessClaims, AccessVerifier},
};

use super::{Authenticator, AuthnError, ambient, credential, session::Sessions};

/// All ways in which this service recognises its callers.
pub(crate) struct Chain {
    pub(crate) tokens: AccessVerifier,
    pub(crate) others: Vec<Arc<dyn Authenticator>>,
    /// The access tokens that are refused before they expire.
    pub(crate) revocations: Option<Revocations>,
    /// The sessions that cookies continue.
    pub(crate) sessions: Option<Sessions>,
    pub(crate) cookie: SessionCookie,
    pub(crate) cross_site: CrossSite,
}

/// Whether a session's cookie counts in requests that other sites cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CrossSiteCheck {
    /// The cookie does not count. This is the rule unless the policy declares an exemption.
    Enforced,
    /// The cookie counts: the policy has an exemption.
    Exempt,
}

/// How a browser sent, by itself, the credential that proves the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByBrowser {
    /// In this service's own cookie, which continues a live session.
    OwnCookie,
    /// As an authenticator of the application finds it.
    Otherwise,
}

/// Whom the credentials of a request prove.
#[derive(Default)]
pub(crate) struct Caller {
    /// `None` without a credential. A dead credential that browsers attach automatically counts as absent.
    pub(crate) identity: Option<Identity>,
    /// The request has a credential that browsers attach automatically, live or dead.
    pub(crate) is_ambient: bool,
    /// How a browser sent the credential that proves the caller; `None` for one that its client sends on purpose.
    pub(crate) by_browser: Option<ByBrowser>,
    /// The session's cookie is there and continues no live session.
    pub(crate) has_dead_cookie: bool,
}

impl Chain {
    /// Authenticates the caller. Reads the clock only when there is a credential.
    pub(crate) async fn authenticate(
        &self,
        request: &Parts,
        clock: &dyn Clock,
        check: CrossSiteCheck,
    ) -> Result<Caller, AuthnError> {
        let presented = self.find(request)?;
        if presented.is_ambient() {
            // Boxed: otherwise the calls to the stores would enlarge the future of every guarded handler.
            return Box::pin(self.among_ambient(presented, request, clock, check)).await;
        }
        // Repeats the match of `verify`: calling `verify` would wrap one more future around that of the usual request.
        let identity = match presented.proof {
            None => None,
            Some(Proof::AccessToken(token)) => Some(self.access_token(token, clock).await?),
            Some(Proof::Other(authenticator, text)) => Some(prove(authenticator, text, clock).await?),
        };
        Ok(Caller { identity, ..Caller::default() })
    }

    fn find<'a>(&'a self, request: &'a Parts) -> Result<Presented<'a>, AuthnError> {
        let headers = &request.headers;
        let bearer = credential::bearer(headers, &request.uri)?;
        let mut proof = bearer.map(|token| match self.others.iter().find(|other| other.takes_bearer(token)) {
            Some(other) => Proof::Other(&**other, token),
            None => Proof::AccessToken(token),
        });
        let cookie = match &self.sessions {
            Some(_) => self.cookie.find(headers),
            None => Found::Nothing,
        };
        if matches!(cookie, Found::Several) {
            return Err(AuthnError::Malformed("two_session_cookies"));
        }
        let mut has_others = false;
        for other in &self.others {
            if ambient::is_of(&**other) {
                has_others |= ambient::find(&**other, headers)?.is_some();
            } else if let Some(text) = other.find(headers)? {
                only(&mut proof, Proof::Other(&**other, text))?;
            }
        }
        Ok(Presented { proof, cookie, has_others })
    }

    /// Returns the caller whom a token or a key proves.
    pub(super) async fn verify(&self, proof: Proof<'_>, clock: &dyn Clock) -> Result<Identity, AuthnError> {
        match proof {
            Proof::AccessToken(token) => self.access_token(token, clock).await,
            Proof::Other(authenticator, text) => prove(authenticator, text, clock).await,
        }
    }

    /// Returns the caller of an access token, unless the token was revoked.
    pub(crate) async fn access_token(&self, token: &str, clock: &dyn Clock) -> Result<Identity, AuthnError> {
        let now = clock.unix();
        let verified =
            self.tokens.verify(token, now, |claims| (identify(claims), claims.issued_at(), claims.generation()));
        let (identity, issued_at, generation) = verified.map_err(|error| credential::refused(token, error.reason()))?;
        if let Some(revocations) = &self.revocations {
            let token_id = identity.token_id().unwrap_or_default();
            let claimed = Claimed { session: identity.session(), token_id, generation, issued_at };
            if let Some(reason) = revocations.refuse(claimed, now, clock).await.map_err(AuthnError::Unavailable)? {
                return Err(AuthnError::Invalid(reason));
            }
        }
        Ok(identity)
    }
}

/// The credentials of a request, before any of them is looked up.
#[derive(Clone, Copy)]
pub(super) struct Presented<'a> {
    pub(super) proof: Option<Proof<'a>>,
    pub(super) cookie: Found<'a>,
    /// Whether an authenticator of the application has found another credential that browsers attach automatically.
    pub(super) has_others: bool,
}

impl Presented<'_> {
    /// Takes `self` by value, because a borrowed value would stay in the future of every guarded handler.
    fn is_ambient(self) -> bool {
        self.has_others || !matches!(self.cookie, Found::Nothing)
    }
}

/// A credential that the client sends on purpose: a token or a key.
#[derive(Clone, Copy)]
pub(super) enum Proof<'a> {
    AccessToken(&'a str),
    Other(&'a dyn Authenticator, &'a str),
}

async fn prove(authenticator: &dyn Authenticator, text: &str, clock: &dyn Clock) -> Result<Identity, AuthnError> {
    of_its_kind(authenticator, authenticator.authenticate(text, clock.unix()).await?)
}

/// Refuses an identity of another kind than its authenticator's. Otherwise a credential could pass for a kind that the
/// policy accepts.
pub(super) fn of_its_kind(authenticator: &dyn Authenticator, identity: Identity) -> Result<Identity, AuthnError> {
    if identity.kind() == authenticator.kind() {
        Ok(identity)
    } else {
        Err(AuthnError::Misconfigured("an authenticator returned an identity of another kind than its `kind` says"))
    }
}

/// Refuses a second credential. No credential takes precedence.
pub(super) fn only<T>(found: &mut Option<T>, next: T) -> Result<(), AuthnError> {
    match found.replace(next) {
        None => Ok(()),
        Some(_) => Err(AuthnError::Malformed("two_credentials")),
    }
}

fn identify(claims: &AccessClaims<'_>) -> Identity {
    let mut identity = Identity::builder(claims.subject(), Via::BEARER)
        .issuer(claims.issuer())
        .client(claims.client())
        .token_id(claims.token_id())
        .scope(claims.scope())
        .roles(claims.roles())
        .expires_at(claims.expires_at());
    if let Some(session) = claims.session() {
        identity = identity.session(session);
    }
    if let Some(time) = claims.auth_time() {
        identity = identity.auth_time(time);
    }
    if let Some(acr) = claims.acr() {
        identity = identity.acr(acr);
    }
    identity.build()
}
