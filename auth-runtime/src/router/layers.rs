use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::{auth::Auth, limit::Reported};

impl Auth {
    /// Returns a layer for handlers on a plain `axum::Router`: see [`LimitHeaders`].
    pub fn layer(&self) -> LimitHeaders {
        LimitHeaders
    }
}

/// A layer for handlers on a plain `axum::Router`. It writes the report of all limits, of handlers and of API keys, to
/// the response.
///
/// `GuardedRouter` needs no layer: it does the same for handlers that have limits or name API keys in `via`.
#[derive(Clone, Copy, Debug, Default)]
pub struct LimitHeaders;

impl<S> Layer<S> for LimitHeaders {
    type Service = LimitHeadersService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        LimitHeadersService { inner }
    }
}

/// The service that [`LimitHeaders`] creates.
#[derive(Clone, Copy, Debug)]
pub struct LimitHeadersService<S> {
    inner: S,
}

impl<S> Service<Request<Body>> for LimitHeadersService<S>
where
    S: Service<Request<Body>>,
    S::Response: IntoResponse,
    S::Future: Send + 'static,
    S::Error: 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answer = self.inner.call(request);
        Box::pin(Reported::new(async move { answer.await.map(IntoResponse::into_response) }))
    }
}
