use std::sync::Arc;

use axum::http::{HeaderMap, Uri};

use crate::{
    clock::Clock,
    identity::Identity,
    policy::Via,
    session::{Claimed, Revocations},
    token::{AccessClaims, AccessVerifier},
};

use super::{Authenticator, AuthnError, credential};

/// All ways in which this service recognises its callers.
pub(crate) struct Chain {
    pub(crate) tokens: AccessVerifier,
    pub(crate) others: Vec<Arc<dyn Authenticator>>,
    /// Access tokens that are refused before their time.
    pub(crate) revocations: Option<Revocations>,
}

impl Chain {
    /// The caller, `None` without any credential. The clock is read only where there is one.
    pub(crate) async fn authenticate(
        &self,
        headers: &HeaderMap,
        uri: &Uri,
        clock: &dyn Clock,
    ) -> Result<Option<Identity>, AuthnError> {
        match self.find(headers, uri)? {
            None => Ok(None),
            Some(Credential::AccessToken(token)) => self.access_token(token, clock).await.map(Some),
            Some(Credential::Other(authenticator, text)) => {
                let identity = authenticator.authenticate(text, clock.unix()).await?;
                // A credential must not pass for one of another kind, which a policy may accept instead.
                if identity.kind() == authenticator.kind() {
                    Ok(Some(identity))
                } else {
                    Err(AuthnError::Invalid("authenticator_kind"))
                }
            }
        }
    }

    fn find<'a>(&'a self, headers: &'a HeaderMap, uri: &Uri) -> Result<Option<Credential<'a>>, AuthnError> {
        let bearer = credential::bearer(headers, uri)?;
        let mut found = bearer.map(|token| match self.others.iter().find(|other| other.takes_bearer(token)) {
            Some(other) => Credential::Other(&**other, token),
            None => Credential::AccessToken(token),
        });
        for other in &self.others {
            if let Some(text) = other.find(headers)? {
                if found.is_some() {
                    return Err(AuthnError::Malformed("two_credentials"));
                }
                found = Some(Credential::Other(&**other, text));
            }
        }
        Ok(found)
    }

    /// Whom an access token stands for, unless it was revoked.
    pub(crate) async fn access_token(&self, token: &str, clock: &dyn Clock) -> Result<Identity, AuthnError> {
        let verified = self.tokens.verify(token, clock.unix(), |claims| (identify(claims), claims.issued_at()));
        let (identity, issued_at) = verified.map_err(|error| credential::refused(token, error.reason()))?;
        if let Some(revocations) = &self.revocations {
            let token_id = identity.token_id().unwrap_or_default();
            let claimed = Claimed { session: identity.session(), token_id, issued_at };
            if revocations.refuse(claimed, clock).await.map_err(AuthnError::Unavailable)? {
                return Err(AuthnError::Invalid("revoked"));
            }
        }
        Ok(identity)
    }
}

enum Credential<'a> {
    AccessToken(&'a str),
    Other(&'a dyn Authenticator, &'a str),
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
