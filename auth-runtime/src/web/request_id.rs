use core::convert::Infallible;
use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts, Request},
    http::{HeaderName, HeaderValue, Method, request::Parts},
    response::Response,
};
use tower_layer::Layer;
use uuid::Builder;

use crate::{
    error::{INTERNAL, IdentifiedService, MOST_LETTERS},
    limit::TrustedProxies,
    secret::{Entropy, SystemEntropy},
};

use super::layer::{Addition, Layered, Rule};

mod document;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A layer that gives each request an identifier, a random UUID.
///
/// Handlers find it as [`RequestId`]. Clients find it in `X-Request-Id`, and in the member `request_id` of problem
/// documents. The event of a [`Failure`](crate::error::Failure) has it, too.
///
/// A trusted proxy may choose the identifier by `X-Request-Id`. The field of any other client is replaced.
///
/// ```
/// use auth_runtime::web::RequestIds;
/// use axum::{Router, routing::get};
///
/// let app: Router = Router::new().route("/", get(|| async { "hello" })).layer(RequestIds::new());
/// ```
#[derive(Clone)]
pub struct RequestIds {
    proxies: Arc<TrustedProxies>,
    entropy: Arc<dyn Entropy>,
}

impl RequestIds {
    /// Creates the layer. It trusts no proxy and uses the randomness of the operating system.
    pub fn new() -> Self {
        Self { proxies: Arc::new(TrustedProxies::none()), entropy: Arc::new(SystemEntropy::new()) }
    }

    /// Sets the proxies that may send `X-Request-Id`.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.proxies = Arc::new(proxies);
        self
    }

    pub(super) fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    fn id(&self, request: &Request) -> Option<RequestId> {
        let mut fields = request.headers().get_all(X_REQUEST_ID).iter();
        if let (Some(field), None) = (fields.next(), fields.next())
            && is_plain(field)
            && self.proxies.trust_peer(request.extensions(), request.headers())
        {
            return Some(RequestId(field.clone()));
        }
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes).ok()?;
        let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
        let text = Builder::from_random_bytes(bytes).into_uuid().hyphenated().encode_lower(&mut text);
        HeaderValue::from_str(text).ok().map(RequestId)
    }
}

/// Returns whether an identifier can stand in logs and documents as it is.
fn is_plain(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=MOST_LETTERS).contains(&bytes.len()) && bytes.iter().all(is_plain)
}

impl Default for RequestIds {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Debug for RequestIds {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("RequestIds").field("proxies", &self.proxies).finish_non_exhaustive()
    }
}

impl<S> Layer<S> for RequestIds {
    type Service = Layered<IdentifiedService<S>, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Layered::new(IdentifiedService::new(inner), self.clone())
    }
}

impl Rule for RequestIds {
    type Addition = Shown;

    /// Without randomness, the request has no identifier, and no client's own either.
    fn enter(&self, request: &mut Request) -> Result<Shown, Box<Response>> {
        let id = self.id(request);
        request.headers_mut().remove(X_REQUEST_ID);
        if let Some(id) = &id {
            request.headers_mut().insert(X_REQUEST_ID, id.0.clone());
            request.extensions_mut().insert(id.clone());
        }
        Ok(Shown { id, is_head: request.method() == Method::HEAD })
    }
}

/// Shows the identifier in the answer.
#[derive(Debug)]
pub struct Shown {
    id: Option<RequestId>,
    is_head: bool,
}

impl Addition for Shown {
    fn complete(self, response: &mut Response) {
        let Some(id) = self.id else { return };
        if !self.is_head {
            document::show(id.as_str(), response);
        }
        response.headers_mut().insert(X_REQUEST_ID, id.0);
    }
}

/// The identifier of a request. [`RequestIds`] gives it; a handler takes it as an argument.
///
/// ```
/// use auth_runtime::web::RequestId;
///
/// async fn handler(id: RequestId) -> String {
///     format!("please name {} to the support", id.as_str())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// Returns the identifier: letters, digits, `-`, `_` and `.`.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Refuses with 500 where the layer is missing.
impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = RequestIdRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, RequestIdRejection> {
        parts.extensions.get().cloned().ok_or(RequestIdRejection)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get().cloned())
    }
}

/// The refusal of an argument without its layer: 500.
#[derive(Clone, Copy, Debug)]
pub struct RequestIdRejection;

impl axum::response::IntoResponse for RequestIdRejection {
    fn into_response(self) -> Response {
        INTERNAL.into_response()
    }
}
