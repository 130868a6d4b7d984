//! The report of a request's limits, on its way to the response.

use core::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{http::HeaderMap, response::Response};
use pin_project_lite::pin_project;
use tokio::{task::futures::TaskLocalFuture, task_local};

use super::{Charge, LimitFields, Limiter};

task_local! {
    // A task-local lives in the future of the request. It costs no allocation, and other requests cannot see it.
    static REPORT: RefCell<LimitFields>;
}

/// Adds charges of this limiter to the report of the current request, if a layer collects it. Admitting and refusing
/// steps both report, so that a refusal does not hide the limits that were counted before it.
pub(crate) fn report(charges: &[Charge<'_>], limiter: &Limiter) {
    // A plain router without the layer collects no report. The request is admitted or refused all the same.
    let _ = REPORT.try_with(|reported| {
        if let Ok(mut reported) = reported.try_borrow_mut() {
            reported.add(charges, limiter.has_legacy_fields());
        }
    });
}

/// Adds the report of a handler to the report of a layer around it, if there is one: the layer then writes both. A
/// response has one `RateLimit` field, so the second of two writers would replace the lines of the first.
fn is_passed_on(report: &LimitFields) -> bool {
    let passed = REPORT.try_with(|outer| outer.try_borrow_mut().map(|mut outer| outer.append(report)).is_ok());
    passed.unwrap_or(false)
}

pin_project! {
    /// Runs a handler, and writes the limits that were reported meanwhile to the response.
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
            let report = report.into_inner();
            if !is_passed_on(&report) {
                report.write(headers);
            }
        }
        Poll::Ready(response)
    }
}

/// A response, or a result that may contain one.
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
