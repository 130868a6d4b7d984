use axum::{Json, Router, http::StatusCode, routing::get};
use serde_json::json;
use tower::ServiceExt as _;

use super::*;
use crate::error::{Problem, QUOTA_EXCEEDED, RetryAfter as _};

async fn answered<F, R>(app: Router, rewrite: F) -> Response
where
    F: Fn(SentProblem) -> R + Send + Sync + 'static,
    R: IntoResponse + 'static,
{
    let request = Request::get("/").header("accept-language", "de").body(Body::empty()).unwrap();
    app.layer(RewriteProblems::new(rewrite)).oneshot(request).await.unwrap()
}

async fn body(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

fn refused() -> Router {
    Router::new().route(
        "/",
        get(|| async {
            let problem = QUOTA_EXCEEDED.into_response().with_retry_after(7);
            ([("www-authenticate", "Bearer"), ("vary", "origin")], problem)
        }),
    )
}

#[tokio::test]
async fn texts_change_and_status_and_challenge_stay() {
    let rewritten = |problem: SentProblem| {
        assert_eq!((problem.code(), problem.title()), ("quota-exceeded", "Too many requests."));
        assert_eq!((problem.accept_language(), problem.detail(), problem.request_id()), (Some("de"), None, None));
        let headers = [("content-language", "de"), ("vary", "accept-language"), ("retry-after", "0"), ("x-other", "1")];
        (StatusCode::OK, headers, problem.with_title("Zu oft.").with_type("urn:a").with_detail("b"))
    };
    let response = answered(refused(), rewritten).await;
    assert_eq!(response.status(), 429);
    for (name, value) in [
        ("www-authenticate", "Bearer"),
        ("retry-after", "7"),
        ("content-type", "application/problem+json"),
        ("content-language", "de"),
    ] {
        assert_eq!(response.headers()[name], value, "{name}");
    }
    assert_eq!(response.headers().get_all("vary").iter().collect::<Vec<_>>(), ["origin", "accept-language"]);
    assert!(!response.headers().contains_key("x-other"));
    let length = response.headers().get("content-length").map(|length| length.to_str().unwrap().to_owned());
    let body = body(response).await;
    assert_eq!(length.unwrap_or_else(|| body.len().to_string()), body.len().to_string());
    let expected =
        json!({ "type": "urn:a", "title": "Zu oft.", "status": 429, "code": "quota-exceeded", "detail": "b" });
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected);
}

#[tokio::test]
async fn a_form_of_its_own_replaces_the_body() {
    let response = answered(refused(), |problem: SentProblem| Json(json!({ "error": problem.code() }))).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (429, &"application/json".parse().unwrap())
    );
    assert_eq!(body(response).await, r#"{"error":"quota-exceeded"}"#);
}

#[tokio::test]
async fn other_answers_stay() {
    let never = |_: SentProblem| -> StatusCode { unreachable!("no problem") };
    for (content_type, text) in
        [("text/plain", "{}"), ("application/problem+json", "[]"), ("application/problem+json", "")]
    {
        let app = Router::new().route("/", get(move || async move { ([("content-type", content_type)], text) }));
        let response = answered(app, never).await;
        assert_eq!(response.headers()["content-type"], content_type);
        assert_eq!(body(response).await, text);
    }
    let long = Problem::new(StatusCode::GONE, "gone", "a".repeat(MOST_BYTES));
    let response = answered(Router::new().route("/", get(|| async { long })), never).await;
    assert!(body(response).await.len() > MOST_BYTES);
}
