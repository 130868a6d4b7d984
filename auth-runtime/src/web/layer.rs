//! The shape that the layers share: look at the request, answer it or pass it on, and complete the answer.

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{extract::Request, response::Response};
use pin_project_lite::pin_project;
use tower_service::Service;

/// What a layer does with a request and with its answer.
pub trait Rule {
    /// What the layer adds to the answer.
    type Addition: Addition;

    /// Looks at the request, and may change it.
    ///
    /// # Errors
    /// Returns the answer to a request that goes no further.
    fn enter(&self, request: &mut Request) -> Result<Self::Addition, Box<Response>>;
}

/// What a layer adds to an answer.
pub trait Addition {
    /// Completes the answer.
    fn complete(self, response: &mut Response);
}

impl Addition for () {
    fn complete(self, _: &mut Response) {}
}

/// A service inside one of the layers of this module.
#[derive(Clone, Debug)]
pub struct Layered<S, R> {
    inner: S,
    rule: R,
}

impl<S, R> Layered<S, R> {
    pub(super) fn new(inner: S, rule: R) -> Self {
        Self { inner, rule }
    }
}

impl<S, R> Service<Request> for Layered<S, R>
where
    S: Service<Request, Response = Response>,
    R: Rule,
{
    type Response = Response;
    type Error = S::Error;
    type Future = LayerFuture<S::Future, R::Addition>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        match self.rule.enter(&mut request) {
            Ok(addition) => LayerFuture::Passed { inner: self.inner.call(request), addition: Some(addition) },
            Err(response) => LayerFuture::Answered { response: Some(response) },
        }
    }
}

pin_project! {
    /// The future of a service inside one of the layers of this module.
    #[derive(Debug)]
    #[project = Projected]
    #[allow(missing_docs, reason = "the macro's variants are no public interface")]
    pub enum LayerFuture<F, A> {
        #[doc(hidden)]
        Passed { #[pin] inner: F, addition: Option<A> },
        #[doc(hidden)]
        Answered { response: Option<Box<Response>> },
    }
}

impl<F, A, E> Future for LayerFuture<F, A>
where
    F: Future<Output = Result<Response, E>>,
    A: Addition,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Projected::Passed { inner, addition } => {
                let mut response = ready!(inner.poll(context))?;
                if let Some(addition) = addition.take() {
                    addition.complete(&mut response);
                }
                Poll::Ready(Ok(response))
            }
            // A future that has ended is not polled again.
            Projected::Answered { response } => {
                response.take().map_or(Poll::Pending, |response| Poll::Ready(Ok(*response)))
            }
        }
    }
}
