use axum::http::request::Parts;

use super::{
    AuthnError, Caller, Chain, CrossSiteCheck, browser_credentials,
    chain::prove,
    credential,
    presented::{Presented, Proof, only},
};
use crate::{clock::Clock, session::Found};

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
            Some(Proof::AccessToken(token)) => Some(self.token(token, clock).await?),
            Some(Proof::Other(authenticator, text)) => Some(prove(authenticator, text, request, clock.unix()).await?),
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
            if browser_credentials::is_of(&**other) {
                has_others |= browser_credentials::find(&**other, headers)?.is_some();
            } else if let Some(text) = other.find(headers)? {
                only(&mut proof, Proof::Other(&**other, text))?;
            }
        }
        Ok(Presented { proof, cookie, has_others })
    }
}
