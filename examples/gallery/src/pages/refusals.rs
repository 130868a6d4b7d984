use auth_runtime::web::CspNonce;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware::Next,
    response::Response,
};
use maud::html;
use serde::Deserialize;

use super::view::page;

/// The member of a problem document that people read.
#[derive(Deserialize)]
struct Document {
    title: String,
}

/// Shows the refusal of a guard as a page to a person who opens an address. Programs get the problem document.
pub(crate) async fn refusals(nonce: CspNonce, request: Request, next: Next) -> Response {
    let wants_page = has(request.headers(), ACCEPT.as_str(), "text/html");
    let response = next.run(request).await;
    if !wants_page || !has(response.headers(), CONTENT_TYPE.as_str(), "application/problem+json") {
        return response;
    }
    const LONGEST: usize = 64 * 1024;
    let (mut parts, body) = response.into_parts();
    let document = to_bytes(body, LONGEST).await.unwrap_or_default();
    let title = serde_json::from_slice(&document).map_or_else(|_| parts.status.to_string(), |Document { title }| title);
    let content = html! {
        @if parts.status == StatusCode::UNAUTHORIZED {
            p { a href="/sign-in" { "Sign in" } " first." }
        } @else {
            p { a href="/" { "Back to the pictures" } }
        }
    };
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Response::from_parts(parts, Body::from(page(&nonce, &title, html! {}, content).0))
}

fn has(headers: &HeaderMap, field: &str, kind: &str) -> bool {
    headers.get(field).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(kind))
}
