use std::sync::Arc;

use axum::http::request::Parts;

#[cfg(feature = "remote")]
use crate::{
    error::StoreError,
    remote::{Attempt, Refused, Trusted},
    token::{JoseError, TokenError},
};

use super::{Authenticator, AuthnError, credential, presented::Proof, session::Sessions};
use crate::{
    clock::{Clock, UnixTime},
    csrf::CrossSite,
    identity::{Facts, Identity},
    policy::Via,
    session::{Claimed, Judged, Revocations, SessionCookie},
    token::{AccessClaims, AccessVerifier},
};

/// All ways in which this service recognises its callers.
pub(crate) struct Chain {
    pub(crate) tokens: AccessVerifier,
    /// The other issuers that this service trusts.
    #[cfg(feature = "remote")]
    pub(crate) trusted: Option<Trusted>,
    pub(crate) others: Vec<Arc<dyn Authenticator>>,
    /// The kinds of credential that the application's own authenticators recognise, and other issuers' cookies.
    pub(crate) kinds_of_application: Via,
    /// Whether an issuer is asked about API keys, which carry no roles.
    pub(crate) has_foreign_keys: bool,
    /// The access tokens that are refused before they expire.
    pub(crate) revocations: Option<Revocations>,
    /// The sessions that cookies continue.
    pub(crate) sessions: Option<Sessions>,
    pub(crate) cookie: SessionCookie,
    pub(crate) cross_site: CrossSite,
}

impl Chain {
    /// Returns the kinds of credential that this service recognises.
    pub(crate) fn kinds(&self) -> Via {
        let api_keys = if self.sessions.is_some() || self.has_foreign_keys { Via::API_KEY } else { Via::NONE };
        self.kinds_with_roles().or(api_keys)
    }

    /// Returns the kinds that may carry roles. The API keys of accounts carry no roles; those of an authenticator of
    /// the application may.
    pub(crate) fn kinds_with_roles(&self) -> Via {
        let sessions = if self.sessions.is_some() { Via::SESSION } else { Via::NONE };
        Via::BEARER.or(sessions).or(self.kinds_of_application)
    }

    /// Returns the caller whom a token or a key proves.
    pub(super) async fn verify(
        &self,
        proof: Proof<'_>,
        request: &Parts,
        clock: &dyn Clock,
    ) -> Result<Identity, AuthnError> {
        match proof {
            Proof::AccessToken(token) => self.token(token, clock).await,
            Proof::Other(authenticator, text) => prove(authenticator, text, request, clock.unix()).await,
        }
    }

    /// Returns the caller of an access token, of this service or of a trusted issuer.
    #[cfg(feature = "remote")]
    #[inline]
    pub(super) async fn token(&self, token: &str, clock: &dyn Clock) -> Result<Identity, AuthnError> {
        if let Some(trusted) = &self.trusted {
            return self.token_beside(trusted, token, clock).await;
        }
        self.access_token(token, clock).await
    }

    /// Returns the caller of an access token. It is not `async` itself: one future around another would enlarge that of
    /// every guarded handler.
    #[cfg(not(feature = "remote"))]
    #[inline]
    pub(super) fn token<'a>(
        &'a self,
        token: &'a str,
        clock: &'a dyn Clock,
    ) -> impl Future<Output = Result<Identity, AuthnError>> + Send + 'a {
        self.access_token(token, clock)
    }

    /// Returns the caller of an access token, where other issuers are trusted.
    #[cfg(feature = "remote")]
    #[inline]
    async fn token_beside(&self, trusted: &Trusted, token: &str, clock: &dyn Clock) -> Result<Identity, AuthnError> {
        if !self.tokens.has_key_for(token) {
            return match of_trusted(trusted, token, clock).await {
                Some(result) => result,
                None => {
                    let refused = self.access_token(token, clock).await;
                    refused.map_err(|error| self.name_the_cause(error, token, trusted))
                }
            };
        }
        match self.access_token(token, clock).await {
            // The key of another issuer may have the id of an own one.
            Err(AuthnError::Invalid(reason)) => {
                of_trusted(trusted, token, clock).await.unwrap_or(Err(AuthnError::Invalid(reason)))
            }
            result => result,
        }
    }

    /// Replaces the reason of a token without a known key by a better one if its `iss` is not trusted.
    #[cfg(feature = "remote")]
    #[cold]
    fn name_the_cause(&self, error: AuthnError, token: &str, trusted: &Trusted) -> AuthnError {
        let has_no_key = matches!(error, AuthnError::Invalid(reason) if reason == JoseError::UnknownKey.reason());
        if has_no_key && trusted.is_of_stranger(token, self.tokens.issuer()) {
            return AuthnError::Invalid(TokenError::WrongIssuer.reason());
        }
        error
    }

    /// Returns the caller of an access token of this service, unless the token was revoked.
    pub(crate) async fn access_token(&self, token: &str, clock: &dyn Clock) -> Result<Identity, AuthnError> {
        let now = clock.unix();
        let verified =
            self.tokens.verify(token, now, |claims| (identify(claims), claims.issued_at(), claims.generation()));
        let (identity, issued_at, generation) = verified.map_err(|error| credential::refused(token, error.reason()))?;
        if let Some(revocations) = &self.revocations {
            let token_id = identity.token_id().unwrap_or_default();
            let claimed = Claimed { session: identity.session(), token_id, generation, issued_at };
            let refused = match revocations.judge(claimed, now, clock) {
                Judged::Now(refused) => refused,
                Judged::AfterAsking(answer) => answer.await.map_err(AuthnError::Unavailable)?,
            };
            if let Some(reason) = refused {
                return Err(AuthnError::Invalid(reason));
            }
        }
        Ok(identity)
    }
}

/// Returns the caller of a token of a trusted issuer, or `None` if the token names no trusted issuer.
#[cfg(feature = "remote")]
#[inline]
async fn of_trusted(trusted: &Trusted, token: &str, clock: &dyn Clock) -> Option<Result<Identity, AuthnError>> {
    match trusted.attempt(token, clock) {
        Attempt::OfNoneOfThese => None,
        Attempt::Done(result) => Some(result.map_err(|error| credential::refused(token, error.reason()))),
        // Boxed: otherwise the fetch would enlarge the future of every guarded handler.
        Attempt::Waits(issuer) => {
            let result = Box::pin(issuer.verify_after_fetch(token, clock)).await;
            Some(result.map_err(|refused| match refused {
                Refused::Invalid(error) => credential::refused(token, error.reason()),
                Refused::Unavailable => AuthnError::Unavailable(StoreError::unanswered()),
            }))
        }
    }
}

/// Returns the caller whom another credential than an access token proves.
pub(super) async fn prove(
    authenticator: &dyn Authenticator,
    text: &str,
    request: &Parts,
    now: UnixTime,
) -> Result<Identity, AuthnError> {
    of_its_kind(authenticator, authenticator.authenticate_of(text, request, now).await?)
}

/// Refuses an identity of another kind than its authenticator's. Otherwise a credential could pass for a kind that the
/// policy accepts.
pub(super) fn of_its_kind(authenticator: &dyn Authenticator, identity: Identity) -> Result<Identity, AuthnError> {
    if identity.via() == authenticator.via() {
        Ok(identity)
    } else {
        Err(AuthnError::Misconfigured("an authenticator returned an identity of another kind than its `via` says"))
    }
}

fn identify(claims: &AccessClaims<'_>) -> Identity {
    let mut facts = Facts::of(claims.subject(), Via::BEARER);
    facts.set_issuer(claims.issuer());
    facts.set_client(claims.client());
    facts.set_token_id(claims.token_id());
    facts.add_scope(claims.scope());
    facts.add_roles(claims.roles());
    facts.add_amr(claims.amr());
    facts.set_expires_at(claims.expires_at());
    if let Some(session) = claims.session() {
        facts.set_session(session);
    }
    if let Some(time) = claims.auth_time() {
        facts.set_auth_time(time);
    }
    if let Some(acr) = claims.acr() {
        facts.set_acr(acr);
    }
    Identity::new(facts)
}
