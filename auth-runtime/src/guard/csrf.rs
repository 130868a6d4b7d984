use core::fmt;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};

use crate::{
    auth::{Auth, HasAuth},
    authn::ByBrowser,
    csrf::CsrfKey,
    error::StoreError,
};

use super::{Denied, Rejection, extract};

/// A token that the pages of a session put into their forms, for [`CsrfForm`](super::CsrfForm), or into the header
/// `X-CSRF-Token` of what their scripts send.
///
/// Browsers say by themselves which site caused a request, and the guard listens to that; the token serves those that do
/// not. It is signed for this session (another one each time it is asked for), and good until the cookie is renewed: at the
/// next sign-in, re-authentication or change of the password. Nothing of it is stored.
///
/// Refuses callers without a credential with 401, and those with a token or a key with 403. `Option<CsrfToken>` is `None`
/// for both; a bad token or key is 401 all the same.
pub struct CsrfToken(String);

impl CsrfToken {
    /// The text: letters, digits, `-` and `_`, which no form and no template has to escape.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken(..)")
    }
}

impl<S: HasAuth + Send + Sync> FromRequestParts<S> for CsrfToken {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Denied> {
        let auth = state.auth();
        let token = async { mint(&auth, parts).await?.ok_or(Rejection::WrongKind) }.await;
        token.map_err(|rejection| extract::refuse(rejection, &auth, parts))
    }
}

impl<S: HasAuth + Send + Sync> OptionalFromRequestParts<S> for CsrfToken {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Denied> {
        let auth = state.auth();
        let token = async {
            match extract::optional(&auth, parts).await? {
                Some(_) => mint(&auth, parts).await,
                None => Ok(None),
            }
        }
        .await;
        token.map_err(|rejection| extract::refuse(rejection, &auth, parts))
    }
}

/// `None` for a caller whose credential is no cookie of a session.
async fn mint(auth: &Auth, parts: &mut Parts) -> Result<Option<CsrfToken>, Rejection> {
    let Some(key) = key(auth, parts).await? else { return Ok(None) };
    match key.mint(auth.entropy()) {
        Ok(token) => Ok(Some(CsrfToken(token))),
        Err(error) => Err(Rejection::Unavailable(StoreError::new("entropy", error))),
    }
}

/// The key of the caller's session; `None` for a caller with a credential that no browser sends by itself.
pub(super) async fn key(auth: &Auth, parts: &mut Parts) -> Result<Option<CsrfKey>, Rejection> {
    extract::required(auth, parts).await?;
    let secret = match extract::by_browser(parts) {
        None => return Ok(None),
        // The chain has found this session alive. A cookie beside another session may be one that somebody planted.
        Some(ByBrowser::OwnCookie) => auth.session_cookie().find(&parts.headers).secret(),
        // A session that an authenticator of the application recognises: there is nothing to derive a key from.
        Some(ByBrowser::Otherwise) => None,
    };
    secret.map(|secret| Some(CsrfKey::of(&secret))).ok_or(Rejection::CrossSite("csrf_no_cookie"))
}
