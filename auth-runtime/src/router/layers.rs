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

use crate::{auth::Auth, body, limit::Reported};

impl Auth {
    /// Returns a layer for handlers on a plain `axum::Router`: see [`LimitHeaders`].
    pub fn layer(&self) -> LimitHeaders {
        LimitHeaders
    }
}

/// A layer for handlers on a plain `axum::Router`. It writes the report of all limits, of handlers and of API keys, to
/// the response, and enforces the bounds of `#[body]`.
///
/// Add it before all other layers, so that it stands next to the handlers: it bounds the body that they read. Without
/// it, a handler with `#[body]` answers 500.
///
/// `GuardedRouter` needs no layer: it does the same for handlers that have limits, name API keys in `via`, or have
/// `#[body]`.
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

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let bounds = body::watch(&mut request);
        let answer = self.inner.call(request);
        Box::pin(Reported::new(async move {
            let mut response = answer.await?.into_response();
            if let Some(bounds) = bounds {
                bounds.answer(&mut response);
            }
            Ok(response)
        }))
    }
}
