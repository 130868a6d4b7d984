use axum::{
    extract::{DefaultBodyLimit, Request},
    response::Response,
};
use tower_layer::Layer;

use crate::body::{Bounds, bound};

use super::layer::{Addition, Layered, Rule};

/// A layer that bounds the body of a request. A longer body ends with an error, before its first byte where the request
/// announces the length. An error that a handler or an extractor answers then becomes 413 `payload-too-large`.
///
/// The body ends when it is read, so a refusal of the guard comes first. A handler with `#[body(max = …)]` has its own
/// limit in place of this one.
///
/// The layer takes the place of axum's own limit of 2 MiB. Inside a layer that decompresses bodies, extractors read at
/// most this many bytes of the long form, too.
///
/// ```
/// use auth_runtime::web::BodyLimit;
/// use axum::{Router, routing::post};
///
/// let app: Router = Router::new().route("/", post(|text: String| async { text })).layer(BodyLimit::bytes(64 * 1024));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BodyLimit {
    most: usize,
}

impl BodyLimit {
    /// Creates the layer for bodies of at most this many bytes.
    pub const fn bytes(most: usize) -> Self {
        Self { most }
    }
}

impl<S> Layer<S> for BodyLimit {
    type Service = Layered<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Layered::new(inner, *self)
    }
}

impl Rule for BodyLimit {
    type Addition = Option<Bounds>;

    fn enter(&self, request: &mut Request) -> Result<Option<Bounds>, Box<Response>> {
        // The limit of the extractors counts what they read, which is more where a layer decompresses the body.
        DefaultBodyLimit::max(self.most).apply(request);
        Ok(bound(request, u64::try_from(self.most).unwrap_or(u64::MAX)))
    }
}

impl Addition for Option<Bounds> {
    fn complete(self, response: &mut Response) {
        if let Some(bounds) = self {
            bounds.answer(response);
        }
    }
}
