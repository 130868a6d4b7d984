//! The nonce and sanitised HTML in a template of askama. The gallery has those of maud.
#![cfg(all(feature = "html", feature = "web"))]

use askama::Template;
use auth_runtime::{
    html::Sanitized,
    web::{CspNonce, SecurityHeaders},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
    response::Html,
    routing::get,
};
use tower::ServiceExt as _;

#[derive(Template)]
#[template(
    source = r#"<script nonce="{{ nonce }}" src="/page.js"></script><h1>{{ title }}</h1><article>{{ comment.as_str()|safe }}</article>"#,
    ext = "html"
)]
struct Page {
    nonce: CspNonce,
    title: &'static str,
    comment: Sanitized,
}

async fn page(nonce: CspNonce) -> Html<String> {
    let comment = Sanitized::new("<b>a</b><script>b()</script>");
    Html(Page { nonce, title: "<script>", comment }.render().unwrap())
}

#[tokio::test]
async fn a_page_of_askama_runs_its_own_script_and_no_other() {
    let app = Router::new().route("/", get(page)).layer(SecurityHeaders::html());
    let answer = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let (nonce, rest) = body.strip_prefix("<script nonce=\"").unwrap().split_once('"').unwrap();
    assert!(nonce.len() == 22 && policy.contains(&format!("script-src 'nonce-{nonce}'")), "{policy}: {nonce}");
    assert_eq!(rest, " src=\"/page.js\"></script><h1>&#60;script&#62;</h1><article><b>a</b></article>");
}
