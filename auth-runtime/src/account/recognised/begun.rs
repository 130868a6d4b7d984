use core::{convert::Infallible, fmt};

use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, SET_COOKIE},
    },
    response::{IntoResponse, IntoResponseParts, Response, ResponseParts},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};

use crate::extract::Json;

/// A sign-in that a browser has begun. As a part of the answer it sets the cookie by which the browser is recognised
/// when it returns: `(begun, Redirect::to(&provider))`.
#[must_use = "without the cookie in the answer, the sign-in cannot be finished in this browser"]
pub struct BegunSignIn {
    pub(super) state: String,
    pub(super) cookie: HeaderValue,
}

impl BegunSignIn {
    /// Returns the text that comes back with the proof: the parameter `state` for a provider, or a parameter of the
    /// link. It has 75 letters, digits, `-` and `_`, and is valid for ten minutes in this browser only.
    pub fn state(&self) -> &str {
        &self.state
    }
}

impl IntoResponseParts for BegunSignIn {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        parts.headers_mut().append(SET_COOKIE, self.cookie);
        parts.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(parts)
    }
}

impl fmt::Debug for BegunSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BegunSignIn(..)")
    }
}

/// A sign-in that an app has begun. As an answer it is JSON: `{"state": …, "verifier": …, "expires_in": 600}`.
///
/// The app puts `state` into the provider's URL or the link. It keeps `verifier` to itself, and sends both with the
/// proof.
#[derive(Serialize)]
#[must_use = "without the answer, the app cannot finish the sign-in"]
pub struct BegunAppSignIn {
    pub(super) state: String,
    #[serde(serialize_with = "expose")]
    pub(super) verifier: SecretString,
    pub(super) expires_in: i64,
}

impl BegunAppSignIn {
    /// Returns the text that comes back with the proof. It is no secret.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Returns the secret that only the app may know.
    pub fn verifier(&self) -> &SecretString {
        &self.verifier
    }
}

impl IntoResponse for BegunAppSignIn {
    fn into_response(self) -> Response {
        ([(CACHE_CONTROL, "no-store")], Json(self)).into_response()
    }
}

impl fmt::Debug for BegunAppSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BegunAppSignIn(..)")
    }
}

fn expose<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}
