//! Receives browsers' reports of blocked content.

use core::time::Duration;

use axum::{
    body::to_bytes,
    extract::Request,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};
use serde_json::Value;
use tracing::Level;

use crate::{
    auth::HasAuth,
    error::{Document, fixed},
    guard::Guard,
    policy::{HasPolicy, Limit, LimitKey, Policy, Quota},
    router::{GuardedRouter, routing::post},
};

use super::event::TARGET;

/// Returns the route `POST /csp-reports`, which receives the reports of a policy with
/// [`Csp::report_to`](super::Csp::report_to).
///
/// Each report is an event of the level WARN. The route is public, since browsers send reports without credentials. An
/// address may send 60 requests in a minute, and all clients together 600. A body may have 64 KiB and take 10 seconds.
/// Its first 16 reports count. Texts are cut, and addresses lose their query, which may contain secrets.
///
/// ```
/// use auth_runtime::{prelude::*, web};
///
/// # fn build() -> GuardedRouter<Auth> {
/// GuardedRouter::new().merge(web::csp_reports())
/// # }
/// ```
pub fn csp_reports<S>() -> GuardedRouter<S>
where
    S: HasAuth + Clone + Send + Sync + 'static,
{
    GuardedRouter::new().route("/csp-reports", post(receive))
}

/// The policy of the route.
pub(crate) struct CspReports;

impl HasPolicy for CspReports {
    const POLICY: Policy = Policy::public("auth_runtime::web::csp_reports")
        .with_reason("browsers send reports without credentials")
        .with_max_body_bytes(LONGEST_BODY)
        .with_max_body_time(Duration::from_secs(10))
        .with_limits(&[
            Limit::new(Quota::per_minute(60), LimitKey::Address).with_name("csp-reports"),
            Limit::new(Quota::per_minute(600), LimitKey::Global).with_name("csp-reports-all"),
        ]);
    type Checks = ();
}

/// Bytes.
const LONGEST_BODY: u64 = 64 * 1024;
const MOST_REPORTS: usize = 16;
/// Characters of one text in an event.
const LONGEST_TEXT: usize = 200;

const UNKNOWN_KIND: Document = fixed!(415, "unsupported-media-type", "The body is no report of a browser.");
const UNREADABLE: Document = fixed!(400, "invalid-report", "The body is no report of a browser.");

async fn receive(_: Guard<CspReports>, request: Request) -> Response {
    let Some(kind) = Kind::of(request.headers()) else { return UNKNOWN_KIND.into_response() };
    // The policy bounds the body. The answer to a longer or slower one takes the place of this one.
    let Ok(body) = to_bytes(request.into_body(), usize::MAX).await else { return UNREADABLE.into_response() };
    let Ok(document) = serde_json::from_slice(&body) else { return UNREADABLE.into_response() };
    let reports = kind.reports(&document);
    if reports.is_empty() {
        return UNREADABLE.into_response();
    }
    reports.into_iter().take(MOST_REPORTS).for_each(tell);
    StatusCode::NO_CONTENT.into_response()
}

/// The two forms of reports.
#[derive(Clone, Copy)]
enum Kind {
    /// `report-uri`: one report.
    Single,
    /// `report-to`: a list of reports, of all kinds.
    List,
}

impl Kind {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let field = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        match field.split(';').next()?.trim().to_ascii_lowercase().as_str() {
            "application/csp-report" => Some(Self::Single),
            "application/reports+json" => Some(Self::List),
            _ => None,
        }
    }

    /// Returns the bodies of the reports on this kind of policy.
    fn reports(self, document: &Value) -> Vec<Report<'_>> {
        match self {
            Self::Single => {
                let report = document.get("csp-report").filter(|report| report.is_object());
                report.map(|body| Report { body, names: &WITH_HYPHENS }).into_iter().collect()
            }
            Self::List => {
                let list = document.as_array().map(Vec::as_slice).unwrap_or_default();
                let bodies =
                    list.iter().filter(|report| report.get("type").is_some_and(|kind| kind == "csp-violation"));
                let bodies = bodies.filter_map(|report| report.get("body").filter(|body| body.is_object()));
                bodies.map(|body| Report { body, names: &IN_CAMEL_CASE }).collect()
            }
        }
    }
}

struct Report<'r> {
    body: &'r Value,
    names: &'static Names,
}

/// The names of the members that an event shows.
struct Names {
    directive: &'static str,
    blocked: &'static str,
    page: &'static str,
    disposition: &'static str,
}

const WITH_HYPHENS: Names = Names {
    directive: "effective-directive",
    blocked: "blocked-uri",
    page: "document-uri",
    disposition: "disposition",
};

const IN_CAMEL_CASE: Names =
    Names { directive: "effectiveDirective", blocked: "blockedURL", page: "documentURL", disposition: "disposition" };

/// Writes the event of a report. The texts are the client's: they are cut, and written with escapes, so that a line
/// break begins no line in the log.
fn tell(report: Report<'_>) {
    let Report { body, names } = report;
    tracing::event!(
        target: TARGET, Level::WARN, outcome = "reported", reason = "csp_violation",
        directive = ?text(body, names.directive), blocked = ?address(body, names.blocked),
        page = ?address(body, names.page), disposition = ?text(body, names.disposition),
    );
}

fn text(body: &Value, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().chars().take(LONGEST_TEXT).collect()
}

/// Returns an address without query and fragment.
fn address(body: &Value, name: &str) -> String {
    let text = body.get(name).and_then(Value::as_str).unwrap_or_default();
    let end = text.find(['?', '#']).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().chars().take(LONGEST_TEXT).collect()
}
