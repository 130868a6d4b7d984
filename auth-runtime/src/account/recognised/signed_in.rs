use core::{convert::Infallible, fmt};

use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, SET_COOKIE},
    },
    response::{IntoResponse, IntoResponseParts, Response, ResponseParts},
};

use crate::{account::session::tokens::TokenResponse, store::Profile};

/// A session that has begun in a browser. As a part of the answer it sets the session's cookie:
/// `(signed_in, Redirect::to("/"))`.
#[must_use = "the browser gets its session only by the cookie in the answer"]
pub struct SignedInBrowser {
    pub(super) profile: Profile,
    /// The session's cookie, and the end of the cookie that `begin` set.
    pub(super) cookies: [HeaderValue; 2],
}

impl SignedInBrowser {
    /// Returns the account.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }
}

impl IntoResponseParts for SignedInBrowser {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        for cookie in self.cookies {
            parts.headers_mut().append(SET_COOKIE, cookie);
        }
        parts.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(parts)
    }
}

impl fmt::Debug for SignedInBrowser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedInBrowser(..)")
    }
}

/// A session that has begun in an app. As an answer it has the session's first tokens, as `POST /auth/login` returns
/// them.
#[must_use = "the app gets its session only by the tokens in the answer"]
pub struct SignedInApp {
    pub(super) tokens: TokenResponse,
}

impl IntoResponse for SignedInApp {
    fn into_response(self) -> Response {
        ([(CACHE_CONTROL, "no-store")], self.tokens).into_response()
    }
}

impl fmt::Debug for SignedInApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedInApp(..)")
    }
}
