//! What guards report of their limits, on its way to the response.

use core::cell::RefCell;

use axum::{http::HeaderMap, response::Response};
use smallvec::SmallVec;
use tokio::task_local;

use crate::limit::{Charge, Outcome, PreparedLimit, fields};

/// What came of one limit. Small, since the report moves with the request's future.
#[derive(Clone, Copy)]
pub(super) struct Told {
    pub(super) limit: &'static PreparedLimit,
    pub(super) outcome: Outcome,
}

type Report = SmallVec<[Told; 2]>;

task_local! {
    // A task-local lives in the future of the request: it costs no allocation, and no other request sees it.
    static REPORT: RefCell<Report>;
}

/// Adds to the report of the request that runs now, if somebody listens.
pub(super) fn add(told: impl Iterator<Item = Told>) {
    // Nobody listens on a plain router without the layer; the request is none the less admitted or refused.
    let _ = REPORT.try_with(|report| {
        if let Ok(mut report) = report.try_borrow_mut() {
            report.extend(told);
        }
    });
}

fn write(report: &RefCell<Report>, headers: &mut HeaderMap) {
    let Ok(report) = report.try_borrow() else { return };
    let charges: SmallVec<[Charge<'_>; 4]> =
        report.iter().map(|told| Charge::report(told.limit, told.outcome)).collect();
    if let Some(fields) = fields(&charges) {
        fields.write(headers);
    }
}

/// Runs the handler, and puts what its guard reported on the response.
pub(crate) async fn with_report<T: HasHeaders>(handler: impl Future<Output = T>) -> T {
    let answer = async {
        let mut response = handler.await;
        if let Some(headers) = response.headers() {
            REPORT.with(|report| write(report, headers));
        }
        response
    };
    REPORT.scope(RefCell::default(), answer).await
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
