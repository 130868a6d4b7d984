use core::{convert::Infallible, fmt};
use std::sync::{Arc, OnceLock};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{error::INTERNAL, secret::Entropy};

/// The nonce of a request's Content Security Policy: 128 random bits in base64url.
///
/// A handler takes it as an argument and writes it into its own `<script nonce="…">` and `<style nonce="…">` elements.
/// Browsers then run no other script. The answer gets the nonce in its policy, and `Cache-Control: no-store`. The nonce
/// comes into being where a handler asks for it, so answers without one stay cacheable.
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

/// The place of a request's nonce, which a handler may fill.
#[derive(Clone)]
pub(super) struct NonceSlot {
    nonce: Arc<OnceLock<CspNonce>>,
    entropy: Arc<dyn Entropy>,
}

impl NonceSlot {
    pub(super) fn new(entropy: &Arc<dyn Entropy>) -> Self {
        Self { nonce: Arc::default(), entropy: Arc::clone(entropy) }
    }

    /// Returns the nonce, if a handler has asked for it.
    pub(super) fn asked_for(&self) -> Option<&CspNonce> {
        self.nonce.get()
    }

    fn nonce(&self) -> Option<CspNonce> {
        if let Some(nonce) = self.nonce.get() {
            return Some(nonce.clone());
        }
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes).ok()?;
        let fresh = CspNonce(URL_SAFE_NO_PAD.encode(bytes).into());
        Some(self.nonce.get_or_init(|| fresh).clone())
    }
}

/// Refuses with 500 where the policy of [`SecurityHeaders`](super::SecurityHeaders) has no nonce, and where randomness
/// fails.
impl<S: Sync> FromRequestParts<S> for CspNonce {
    type Rejection = CspNonceRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, CspNonceRejection> {
        parts.extensions.get::<NonceSlot>().and_then(NonceSlot::nonce).ok_or(CspNonceRejection)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for CspNonce {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<NonceSlot>().and_then(NonceSlot::nonce))
    }
}

/// The refusal of a handler that needs a nonce where no layer makes one: 500.
#[derive(Clone, Copy, Debug)]
pub struct CspNonceRejection;

impl IntoResponse for CspNonceRejection {
    fn into_response(self) -> Response {
        INTERNAL.into_response()
    }
}
