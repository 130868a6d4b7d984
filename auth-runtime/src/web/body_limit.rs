use core::mem;

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::header::CONTENT_LENGTH,
    response::{IntoResponse as _, Response},
};
use http_body_util::Limited;
use tower_layer::Layer;

use crate::error::{Document, fixed};

use super::{
    event,
    layer::{Layered, Rule},
};

/// A layer that bounds the body of a request. A body that announces more is 413 `payload-too-large` at once. A longer
/// one that does not announce it ends with an error when so many bytes were read, and axum's extractors answer 413.
///
/// It takes the place of axum's own limit of 2 MiB. Inside a layer that decompresses bodies, extractors read at most so
/// many bytes of the long form, too.
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
    /// Creates the layer for bodies of at most so many bytes.
    pub const fn bytes(most: usize) -> Self {
        Self { most }
    }

    /// Returns whether the request announces a longer body. Servers refuse a length that is no number.
    fn is_exceeded(self, request: &Request) -> bool {
        let announced = request.headers().get(CONTENT_LENGTH).and_then(|field| field.to_str().ok());
        let most = u64::try_from(self.most).unwrap_or(u64::MAX);
        announced.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > most)
    }
}

// tower-http's limit has the same shape, but its answer is plain text.
const TOO_LARGE: Document = fixed!(413, "payload-too-large", "The body is too large.");

impl<S> Layer<S> for BodyLimit {
    type Service = Layered<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Layered::new(inner, *self)
    }
}

impl Rule for BodyLimit {
    type Addition = ();

    fn enter(&self, request: &mut Request) -> Result<(), Box<Response>> {
        if self.is_exceeded(request) {
            event::refused("body_too_large");
            return Err(Box::new(TOO_LARGE.into_response()));
        }
        // The limit of the extractors counts what they read, which is more where a layer decompresses the body.
        DefaultBodyLimit::max(self.most).apply(request);
        let body = mem::take(request.body_mut());
        *request.body_mut() = Body::new(Limited::new(body, self.most));
        Ok(())
    }
}
