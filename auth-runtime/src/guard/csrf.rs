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

use super::{GuardRejection, Rejection, identify};

/// A token that the pages of a session send back. Forms put it into a field, for [`CsrfForm`](super::CsrfForm); scripts
/// put it into the header `X-CSRF-Token`.
///
/// Browsers state which site caused a request, and the guard uses that statement. The token serves browsers that do not
/// state it. It is signed for this session, and each call returns a different token. It stays valid until the session's
/// cookie is renewed: at the next sign-in, re-authentication or password change. The server stores no part of it.
///
/// The extractor refuses callers without a credential with 401, and callers with a token or an API key with 403.
/// `Option<CsrfToken>` is `None` for both. It still refuses a bad token or API key with 401.
pub struct CsrfToken(String);

impl CsrfToken {
    /// Returns the text: letters, digits, `-` and `_`. Forms and templates need not escape it.
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
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let auth = state.auth();
        let token = async { mint(&auth, parts).await?.ok_or(Rejection::WrongKind) }.await;
        token.map_err(|rejection| identify::refuse(rejection, &auth, parts))
    }
}

impl<S: HasAuth + Send + Sync> OptionalFromRequestParts<S> for CsrfToken {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, GuardRejection> {
        let auth = state.auth();
        let token = async {
            match identify::optional(&auth, parts).await? {
                Some(_) => mint(&auth, parts).await,
                None => Ok(None),
            }
        }
        .await;
        token.map_err(|rejection| identify::refuse(rejection, &auth, parts))
    }
}

/// Returns `None` when the caller's credential is not a session's cookie.
async fn mint(auth: &Auth, parts: &mut Parts) -> Result<Option<CsrfToken>, Rejection> {
    let Some(key) = key(auth, parts).await? else { return Ok(None) };
    match key.mint(auth.entropy()) {
        Ok(token) => Ok(Some(CsrfToken(token))),
        Err(error) => Err(Rejection::Unavailable(StoreError::new("entropy", error))),
    }
}

/// Returns the key of the caller's session. Returns `None` when browsers do not attach the caller's credential
/// automatically.
pub(super) async fn key(auth: &Auth, parts: &mut Parts) -> Result<Option<CsrfKey>, Rejection> {
    identify::required(auth, parts).await?;
    let secret = match identify::by_browser(parts) {
        None => return Ok(None),
        // The chain has found this session alive. A cookie beside another session may be planted by an attacker.
        Some(ByBrowser::OwnCookie) => auth.session_cookie().find(&parts.headers).secret(),
        // A session that an authenticator of the application recognises: there is nothing to derive a key from.
        Some(ByBrowser::Otherwise) => None,
    };
    secret.map(|secret| Some(CsrfKey::of(&secret))).ok_or(Rejection::CrossSite("csrf_no_cookie"))
}
