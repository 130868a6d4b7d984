use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::{Auth, HasAuth},
    guard::{GuardRejection, Rejection, refuse},
    session::Found,
    token::SessionSecret,
};

/// A request to sign in with a cookie, from a page of this service or of a trusted origin. The check does not wait for
/// a cookie: another site must not sign a browser in either, or the person would continue in an attacker's account.
pub(crate) struct Browser {
    /// The secret of the session that the browser already has, if any.
    pub(crate) presented: Option<SessionSecret>,
}

impl<S: HasAuth + Sync> FromRequestParts<S> for Browser {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let auth = state.auth();
        Self::read(&auth, parts).map_err(|rejection| refuse(rejection, &auth, parts))
    }
}

impl Browser {
    fn read(auth: &Auth, parts: &Parts) -> Result<Self, Rejection> {
        auth.cross_site().check(parts, None).map_err(Rejection::CrossSite)?;
        match auth.session_cookie().find(&parts.headers) {
            Found::Several => Err(Rejection::Malformed("two_session_cookies")),
            found => Ok(Self { presented: found.secret() }),
        }
    }
}
