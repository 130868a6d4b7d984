//! What is reported of the limits of a request, on its way to the response.

use core::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{http::HeaderMap, response::Response};
use pin_project_lite::pin_project;
use tokio::{task::futures::TaskLocalFuture, task_local};

use super::{Charge, LimitFields};

task_local! {
    // A task-local lives in the future of the request: it costs no allocation, and no other request sees it.
    static REPORT: RefCell<LimitFields>;
}

/// Adds to the report of the request that runs now, if somebody listens: those who refuse as well as those who admit, so
/// that a refusal does not hide what was counted before it.
pub(crate) fn report(charges: &[Charge<'_>]) {
    // Nobody listens on a plain router without the layer; the request is none the less admitted or refused.
    let _ = REPORT.try_with(|reported| {
        if let Ok(mut reported) = reported.try_borrow_mut() {
            reported.add(charges);
        }
    });
}

pin_project! {
    /// Runs a handler, and puts what was reported meanwhile on the response.
    pub(crate) struct Reported<F> {
        #[pin]
        handler: TaskLocalFuture<RefCell<LimitFields>, F>,
    }
}

impl<F: Future> Reported<F> {
    pub(crate) fn new(handler: F) -> Self {
        Self { handler: REPORT.scope(RefCell::default(), handler) }
    }
}

impl<F: Future<Output: HasHeaders>> Future for Reported<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut handler = self.project().handler;
        let mut response = ready!(handler.as_mut().poll(context));
        if let (Some(headers), Some(report)) = (response.headers(), handler.take_value()) {
            report.into_inner().write(headers);
        }
        Poll::Ready(response)
    }
}

/// A response, or what may be one.
pub(crate) trait HasHeaders {
    fn headers(&mut self) -> Option<&mut HeaderMap>;
}

impl HasHeaders for Response {
    fn headers(&mut self) -> Option<&mut HeaderMap> {
        Some(self.headers_mut())
    }
}

impl<E> HasHeaders for Result<Response, E> {
    fn headers(&mut self) -> Option<&mut HeaderMap> {
        self.as_mut().ok().map(Response::headers_mut)
    }
}
