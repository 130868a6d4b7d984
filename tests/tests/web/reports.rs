use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::request::Builder,
};
use hyper::body::Frame;
use serde_json::json;
use tower::ServiceExt as _;

use super::support::{Log, app, problem, routes, secure, send_body};

fn report(kind: &str) -> Builder {
    secure("POST", "/csp-reports").header("content-type", kind)
}

const SINGLE: &str = "application/csp-report";
const LIST: &str = "application/reports+json";

/// Sends a report, and returns the status and the lines of the log that are warnings.
async fn logged(kind: &str, body: String) -> (u16, Vec<String>) {
    let (log, app) = (Log::default(), app(&[]));
    let status = log.of(send_body(&app, report(kind), body)).await.status.as_u16();
    let text = log.text();
    (status, text.lines().filter(|line| line.contains("csp_violation")).map(str::to_owned).collect())
}

#[tokio::test]
async fn both_forms_are_events() {
    let single = json!({"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "https://evil.example/x.js?token=s3cret", "document-uri": "https://api.example.com/page#s3cret", "disposition": "enforce"}});
    let list = json!([
        {"type": "csp-violation", "body": {"effectiveDirective": "script-src-elem", "blockedURL": "https://evil.example/x.js", "documentURL": "https://api.example.com/page", "disposition": "enforce"}},
        {"type": "deprecation", "body": {"id": "x"}},
    ]);
    for (kind, body) in [
        (SINGLE, single),
        (LIST, list),
        (
            "Application/CSP-Report; charset=utf-8",
            json!({"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "https://evil.example/x.js", "document-uri": "https://api.example.com/page"}}),
        ),
    ] {
        let (status, lines) = logged(kind, body.to_string()).await;
        assert_eq!((status, lines.len()), (204, 1), "{kind}: {lines:?}");
        for part in [
            "WARN",
            "auth_runtime::web",
            "script-src-elem",
            "\"https://evil.example/x.js\"",
            "\"https://api.example.com/page\"",
        ] {
            assert!(lines[0].contains(part), "{kind}: {}", lines[0]);
        }
        assert!(!lines[0].contains("s3cret"));
    }
}

#[tokio::test]
async fn a_report_begins_no_line_in_the_log_and_is_cut() {
    let injected = "x\r\n2026-11-26 INFO auth_runtime::account: forged\u{1b}[31m\u{2028}";
    let body = json!({"csp-report": {"effective-directive": injected, "blocked-uri": "y".repeat(10_000)}});
    let (status, lines) = logged(SINGLE, body.to_string()).await;
    assert_eq!((status, lines.len()), (204, 1));
    assert!(lines[0].contains(r"x\r\n2026") && !lines[0].contains('\u{1b}') && lines[0].len() < 1_000, "{}", lines[0]);
}

#[tokio::test]
async fn reports_are_capped_in_number_and_size() {
    let one = json!({"type": "csp-violation", "body": {}});
    let (status, lines) = logged(LIST, json!(vec![one; 100]).to_string()).await;
    assert_eq!((status, lines.len()), (204, 16));
    let app = app(&[("MAX_BODY_BYTES", "1073741824")]);
    let large = send_body(&app, report(SINGLE), "x".repeat(10_000_000)).await;
    assert_eq!(large.problem(), problem(413, "payload-too-large"));
}

/// The body of a client that sends nothing.
struct Silent;

impl HttpBody for Silent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

/// No layer has a deadline here.
#[tokio::test(start_paused = true)]
async fn a_report_that_does_not_arrive_keeps_no_handler() {
    let request = report(SINGLE).body(Body::new(Silent)).unwrap();
    let answered = tokio::time::timeout(std::time::Duration::from_secs(60), routes().0.oneshot(request)).await;
    assert_eq!(answered.expect("the handler waits for the body").unwrap().status(), 408);
}

#[tokio::test]
async fn other_bodies_are_refused() {
    let app = app(&[]);
    for (kind, body, expected) in [
        ("application/json", "{}", (415, "unsupported-media-type")),
        (SINGLE, "", (400, "invalid-report")),
        (SINGLE, "{}", (400, "invalid-report")),
        (SINGLE, r#"{"csp-report": 1}"#, (400, "invalid-report")),
        (LIST, "[]", (400, "invalid-report")),
        (LIST, "{}", (400, "invalid-report")),
        (LIST, r#"[{"type": "csp-violation", "body": 1}]"#, (400, "invalid-report")),
        (SINGLE, "{\"csp-report\": {\"a\": ", (400, "invalid-report")),
    ] {
        let answer = send_body(&app, report(kind), body).await;
        assert_eq!(answer.problem(), problem(expected.0, expected.1), "{kind} {body}");
    }
}

#[tokio::test]
async fn an_address_is_limited() {
    let app = app(&[]);
    let mut statuses = Vec::new();
    for _ in 0..61 {
        statuses.push(send_body(&app, report(SINGLE), r#"{"csp-report": {}}"#).await.status.as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 60);
    assert_eq!(statuses.last(), Some(&429));
}

#[tokio::test]
async fn the_matrix_says_why_it_is_public() {
    let matrix = routes().0.access_matrix();
    let row = matrix.rows().iter().find(|row| row.path == "/csp-reports").unwrap();
    assert_eq!((&*row.method, &*row.access), ("POST", "everyone"));
    assert_eq!(row.reason, "browsers send reports without credentials");
}
