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

use super::{Authenticator, AuthnError, credential, session::Sessions};

/// All ways in which this service recognises its callers.
pub(crate) struct Chain {
    pub(crate) tokens: AccessVerifier,
    pub(crate) others: Vec<Arc<dyn Authenticator>>,
    /// Access tokens that are refused before their time.
    pub(crate) revocations: Option<Revocations>,
    /// Sessions that cookies continue.
    pub(crate) sessions: Option<Sessions>,
    pub(crate) cookie: SessionCookie,
    pub(crate) cross_site: CrossSite,
}

/// Whether a session's cookie counts in requests that other sites cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CrossSiteCheck {
    /// It does not, as everywhere but behind a policy that says otherwise.
    Enforced,
    /// It does: the policy has an exemption.
    Exempt,
}

impl Chain {
    /// The caller, `None` without any credential. The clock is read only where there is one.
    pub(crate) async fn authenticate(
        &self,
        request: &Parts,
        clock: &dyn Clock,
        check: CrossSiteCheck,
    ) -> Result<Option<Identity>, AuthnError> {
        match self.find(request)? {
            None => Ok(None),
            Some(Credential::AccessToken(token)) => self.access_token(token, clock).await.map(Some),
            // The future of every guarded handler would grow by what the stores are asked.
            Some(Credential::Cookie(sessions, found)) => {
                Box::pin(self.session(sessions, found, request, clock, check)).await.map(Some)
            }
            Some(Credential::Other(Presented { authenticator, text, is_ambient })) => {
                if is_ambient && check == CrossSiteCheck::Enforced {
                    self.cross_site.check(request, None).map_err(AuthnError::CrossSite)?;
                }
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

    fn find<'a>(&'a self, request: &'a Parts) -> Result<Option<Credential<'a>>, AuthnError> {
        let headers = &request.headers;
        let bearer = credential::bearer(headers, &request.uri)?;
        let mut found = bearer.map(|token| match self.others.iter().find(|other| other.takes_bearer(token)) {
            Some(other) => Credential::Other(Presented { authenticator: &**other, text: token, is_ambient: false }),
            None => Credential::AccessToken(token),
        });
        for other in &self.others {
            if let Some(text) = other.find(headers)? {
                let is_ambient = other.kind().accepts(Via::SESSION);
                let presented = Presented { authenticator: &**other, text, is_ambient };
                only(&mut found, Credential::Other(presented))?;
            }
        }
        if let Some(sessions) = &self.sessions {
            match self.cookie.find(headers) {
                Found::Nothing => {}
                Found::Several => return Err(AuthnError::Malformed("two_session_cookies")),
                cookie @ Found::One(_) => only(&mut found, Credential::Cookie(sessions, cookie))?,
            }
        }
        Ok(found)
    }

    /// Where the request comes from is judged before anything is looked up: another site learns nothing of the session.
    async fn session(
        &self,
        sessions: &Sessions,
        cookie: Found<'_>,
        request: &Parts,
        clock: &dyn Clock,
        check: CrossSiteCheck,
    ) -> Result<Identity, AuthnError> {
        let secret = cookie.secret();
        if check == CrossSiteCheck::Enforced {
            self.cross_site.check(request, secret.as_ref()).map_err(AuthnError::CrossSite)?;
        }
        let secret = secret.ok_or(AuthnError::Invalid("session_cookie_form"))?;
        sessions.authenticate(&secret, request, clock.unix()).await
    }

    /// Whom an access token stands for, unless it was revoked.
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

enum Credential<'a> {
    AccessToken(&'a str),
    Cookie(&'a Sessions, Found<'a>),
    Other(Presented<'a>),
}

/// A credential for an authenticator of the application.
struct Presented<'a> {
    authenticator: &'a dyn Authenticator,
    text: &'a str,
    /// Whether a browser may have sent it by itself: a session's, unless it came in the `Authorization` field.
    is_ambient: bool,
}

/// Two credentials are refused, never ranked.
fn only<'a>(found: &mut Option<Credential<'a>>, next: Credential<'a>) -> Result<(), AuthnError> {
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
