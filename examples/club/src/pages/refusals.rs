use auth_runtime::account::OwnPath;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::view::page;

/// The member of a problem document that people read.
#[derive(Deserialize)]
struct Document {
    title: String,
}

/// Sends a person who opens a page to the sign-in form first, and shows other refusals as pages. Programs get the
/// problem document.
pub(crate) async fn refusals(request: Request, next: Next) -> Response {
    let wants_page = has(request.headers(), ACCEPT.as_str(), "text/html");
    let wanted = (request.method() == Method::GET)
        .then(|| request.uri().path_and_query().map(ToString::to_string).unwrap_or_default());
    let response = next.run(request).await;
    if !wants_page || !has(response.headers(), CONTENT_TYPE.as_str(), "application/problem+json") {
        return response;
    }
    match wanted {
        Some(wanted) if response.status() == StatusCode::UNAUTHORIZED => {
            Redirect::to(&sign_in_page(&wanted)).into_response()
        }
        _ => in_words(response).await,
    }
}

/// Returns the address of the sign-in form that leads back to a page. An address that is no path of the club is left
/// out: the form leads to its usual page then.
fn sign_in_page(wanted: &str) -> String {
    match OwnPath::parse(wanted) {
        Ok(back) => format!("/sign-in?return_to={}", back.to_query_value()),
        Err(_) => "/sign-in".to_owned(),
    }
}

/// Returns a link to the sign-in form, which leads back to a page.
pub(super) fn sign_in_first(wanted: &str) -> Markup {
    html! { p { a href=(sign_in_page(wanted)) { "Sign in" } " first." } }
}

async fn in_words(response: Response) -> Response {
    const LONGEST: usize = 64 * 1024;
    let (mut parts, body) = response.into_parts();
    let document = to_bytes(body, LONGEST).await.unwrap_or_default();
    let title = serde_json::from_slice(&document).map_or_else(|_| parts.status.to_string(), |Document { title }| title);
    let content = html! {
        @if parts.status == StatusCode::UNAUTHORIZED { (sign_in_first("/")) } @else { p { a href="/" { "Back" } } }
    };
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Response::from_parts(parts, Body::from(page(&title, html! {}, content).0))
}

fn has(headers: &HeaderMap, field: &str, kind: &str) -> bool {
    headers.get(field).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(kind))
}
