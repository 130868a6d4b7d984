use auth_runtime::{prelude::*, web::CspNonce};
use axum::{
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{Html, IntoResponse},
};

/// If a page ever showed typed text as markup, the browser would still run only the script with the answer's nonce.
#[public(because = "it holds nobody's data: its script asks the API")]
pub(crate) async fn page(nonce: CspNonce) -> Html<String> {
    Html(include_str!("pages/page.html").replace("{nonce}", nonce.as_str()))
}

/// Returns the page to print. The motto comes last, so that nothing in it is replaced.
pub(crate) fn print(motto: &str, nonce: &CspNonce) -> Html<String> {
    let page = include_str!("pages/print.html").replace("{nonce}", nonce.as_str());
    Html(page.replace("{motto}", &escaped(motto)))
}

/// Returns a text as markup that shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[public(because = "it shows no data of a user")]
pub(crate) async fn script() -> impl IntoResponse {
    file("text/javascript; charset=utf-8", include_str!("pages/page.js"))
}

#[public(because = "it shows no data of a user")]
pub(crate) async fn style() -> impl IntoResponse {
    file("text/css; charset=utf-8", include_str!("pages/page.css"))
}

/// Browsers ask again before they use a stored file.
fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], text)
}
