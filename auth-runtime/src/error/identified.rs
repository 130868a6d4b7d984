use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use axum::extract::Request;
use pin_project_lite::pin_project;
use tower_service::Service;

use super::request_id::{Identified, RequestId};

/// A service that puts the request's identifier into its failures. An outer layer has written it into the header.
#[derive(Clone, Copy, Debug)]
pub struct IdentifiedService<S> {
    inner: S,
}

impl<S> IdentifiedService<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self { inner }
    }
}

impl<S: Service<Request>> Service<Request> for IdentifiedService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = IdentifiedFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = RequestId::of(request.headers());
        IdentifiedFuture { inner: id.scope(self.inner.call(request)) }
    }
}

pin_project! {
    /// The future of [`IdentifiedService`].
    pub struct IdentifiedFuture<F> {
        #[pin]
        inner: Identified<F>,
    }
}

impl<F> fmt::Debug for IdentifiedFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentifiedFuture").finish_non_exhaustive()
    }
}

impl<F: Future> Future for IdentifiedFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.project().inner.poll(context)
    }
}
