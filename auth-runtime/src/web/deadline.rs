use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    body::Bounds,
    error::{Document, RetryAfter as _, UNAVAILABLE_RETRY_SECONDS, fixed},
};

use super::event;

/// A layer that bounds the time until a handler begins its answer. After it, the answer is 503 `deadline-exceeded`, and
/// the handler's future is dropped.
///
/// A body that the handler sends bit by bit, and a connection that it has upgraded, may last longer. A handler with
/// `#[body(within = …)]` has that time for the request's body, and the time of this layer from the body's end on.
///
/// ```
/// use auth_runtime::web::Deadline;
/// use axum::{Router, routing::get};
/// use std::time::Duration;
///
/// let app: Router = Router::new().route("/", get(|| async { "hello" })).layer(Deadline::new(Duration::from_secs(30)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Duration);

impl Deadline {
    /// Creates the layer.
    pub const fn new(within: Duration) -> Self {
        Self(within)
    }
}

impl<S> Layer<S> for Deadline {
    type Service = DeadlineService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        DeadlineService { inner, within: self.0 }
    }
}

/// The service that [`Deadline`] creates.
#[derive(Clone, Copy, Debug)]
pub struct DeadlineService<S> {
    inner: S,
    within: Duration,
}

impl<S> Service<Request> for DeadlineService<S>
where
    S: Service<Request, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = DeadlineFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let body = Bounds::of(&mut request);
        let (timer, within) = (sleep(self.within), self.within);
        DeadlineFuture { inner: self.inner.call(request), timer, within, body, is_extended: false }
    }
}

pin_project! {
    /// The future of [`DeadlineService`].
    #[derive(Debug)]
    pub struct DeadlineFuture<F> {
        #[pin]
        inner: F,
        #[pin]
        timer: Sleep,
        within: Duration,
        body: Option<Bounds>,
        // Whether the timer has been set to a later time, for the body.
        is_extended: bool,
    }
}

// tower-http's time-out has the same shape, but its answer has no body.
const EXCEEDED: Document = fixed!(503, "deadline-exceeded", "The service took too long to answer.");

impl<F, E> Future for DeadlineFuture<F>
where
    F: Future<Output = Result<Response, E>>,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Poll::Ready(answer) = this.inner.poll(context) {
            return Poll::Ready(answer);
        }
        // Most requests never get to the second look at the body: it is due when the timer ends, and after that.
        if !*this.is_extended {
            ready!(this.timer.as_mut().poll(context));
        }
        if let Some(later) = this.body.as_ref().and_then(|body| body.deadline(*this.within)) {
            *this.is_extended = true;
            if later != this.timer.deadline() {
                this.timer.as_mut().reset(later);
            }
        }
        ready!(this.timer.poll(context));
        event::failed("deadline_exceeded");
        Poll::Ready(Ok(EXCEEDED.into_response().with_retry_after(UNAVAILABLE_RETRY_SECONDS)))
    }
}
