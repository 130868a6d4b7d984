//! A span for each request, to which all of its events belong.

use core::time::Duration;

use axum::http::{Request, Response};
use tower_http::{
    classify::{ServerErrorsAsFailures, SharedClassifier},
    trace::{MakeSpan, OnResponse, TraceLayer},
};
use tracing::{Level, Span, field::Empty};

use super::{RequestId, event::TARGET};

/// The layer that [`tracing_layer`] returns: tower-http's, with this module's span and event.
pub type Tracing = TraceLayer<SharedClassifier<ServerErrorsAsFailures>, RequestSpan, (), ResponseEvent, (), (), ()>;

/// Returns a layer that opens the span `request` for each request. It has the method and, inside
/// [`RequestIds`](super::RequestIds), the request's identifier. The path is no field: it may contain secrets.
///
/// An answer is an event of the level DEBUG.
///
/// ```
/// use auth_runtime::web::{RequestIds, tracing_layer};
/// use axum::{Router, routing::get};
///
/// let app: Router =
///     Router::new().route("/", get(|| async { "hello" })).layer(tracing_layer()).layer(RequestIds::new());
/// ```
pub fn tracing_layer() -> Tracing {
    TraceLayer::new_for_http()
        .make_span_with(RequestSpan)
        .on_request(())
        .on_response(ResponseEvent)
        .on_body_chunk(())
        .on_eos(())
        .on_failure(())
}

/// Opens the span of a request.
#[derive(Clone, Copy, Debug)]
pub struct RequestSpan;

impl<B> MakeSpan<B> for RequestSpan {
    fn make_span(&mut self, request: &Request<B>) -> Span {
        let method = request.method().as_str();
        let span =
            tracing::span!(target: TARGET, Level::INFO, "request", http.request.method = method, request_id = Empty);
        if let Some(id) = request.extensions().get::<RequestId>() {
            span.record("request_id", id.as_str());
        }
        span
    }
}

/// Reports an answer.
#[derive(Clone, Copy, Debug)]
pub struct ResponseEvent;

impl<B> OnResponse<B> for ResponseEvent {
    fn on_response(self, response: &Response<B>, latency: Duration, _: &Span) {
        tracing::event!(
            target: TARGET, Level::DEBUG, http.response.status_code = response.status().as_u16(),
            duration_us = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX), outcome = "answered",
        );
    }
}
