use core::{convert::Infallible, fmt};
use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
    response::{IntoResponse, Response},
};

use crate::{error::INTERNAL, identity::Witness};

/// The nonce of a request's Content Security Policy: 128 random bits in base64url.
///
/// A handler takes it as an argument and writes it into its own `<script nonce="…">` and `<style nonce="…">` elements.
/// Browsers then run no other script. The answer gets the nonce in its policy, and `Cache-Control: no-store`. The nonce
/// is made when a handler asks for it, so answers without one stay cacheable.
///
/// ```
/// use auth_runtime::web::CspNonce;
/// use axum::response::Html;
///
/// async fn page(nonce: CspNonce) -> Html<String> {
///     Html(format!(r#"<script nonce="{nonce}">start()</script>"#))
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CspNonce(Arc<str>);

impl CspNonce {
    /// Returns the nonce: letters, digits, `-` and `_`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CspNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Prints no nonce: a reader of the log could run a script while the page loads.
impl fmt::Debug for CspNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CspNonce")
    }
}

/// Refuses with 500 where neither the policy of [`SecurityHeaders`](super::SecurityHeaders) nor the handler's `#[csp]`
/// has a nonce, and where randomness fails.
impl<S: Sync> FromRequestParts<S> for CspNonce {
    type Rejection = CspNonceRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, CspNonceRejection> {
        nonce_of(parts).ok_or(CspNonceRejection)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for CspNonce {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(nonce_of(parts))
    }
}

fn nonce_of(parts: &Parts) -> Option<CspNonce> {
    parts.extensions.get::<Witness>().and_then(Witness::nonce).map(CspNonce)
}

/// The refusal of a handler that needs a nonce where no layer makes one: 500.
#[derive(Clone, Copy, Debug)]
pub struct CspNonceRejection;

impl IntoResponse for CspNonceRejection {
    fn into_response(self) -> Response {
        INTERNAL.into_response()
    }
}
