#![deny(warnings)]
#![allow(dead_code)]

//! Every shape of handler that axum accepts.

use auth_runtime::{
    Auth, GuardedRouter, Identity, protected, public, require_scope,
    routing::{get, post},
};
use axum::{
    Form, Json,
    body::Bytes,
    extract::{FromRef, Path, Query, Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, Version},
    response::{IntoResponse, Response},
};
use std::collections::HashMap;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    name: &'static str,
}

#[public]
async fn nothing() {}

#[protected]
async fn tuple() -> (StatusCode, [(&'static str, &'static str); 1], &'static str) {
    (StatusCode::OK, [("x-a", "b")], "ok")
}

#[protected]
async fn json(Json(body): Json<HashMap<String, u8>>) -> Json<usize> {
    Json(body.len())
}

#[require_scope("a")]
async fn result(
    who: Identity,
    State(name): State<&'static str>,
    body: Bytes,
) -> Result<String, (StatusCode, Response)> {
    if body.is_empty() {
        return Err((StatusCode::BAD_REQUEST, "empty".into_response()));
    }
    Ok(format!("{} {name}", who.subject()))
}

#[protected]
async fn mutable(mut headers: HeaderMap, mut body: String) -> (HeaderMap, String) {
    headers.clear();
    body.push('!');
    (headers, body)
}

#[protected]
async fn patterns(Path((a, b)): Path<(u8, u8)>, Query(Limit { limit, .. }): Query<Limit>, _: Method) -> String {
    format!("{a} {b} {limit}")
}

struct Limit {
    limit: u8,
    _page: u8,
}

impl<'de> auth_runtime::__private::serde::Deserialize<'de> for Limit {
    fn deserialize<D: auth_runtime::__private::serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Ok(Self { limit: 1, _page: 0 })
    }
}

#[protected]
async fn whole_request(request: Request) -> Response {
    request.uri().to_string().into_response()
}

#[public]
async fn optional_body(_body: Result<Form<HashMap<String, String>>, axum::extract::rejection::FormRejection>) {}

#[protected]
async fn fifteen(
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Uri,
    _: Uri,
    _: Uri,
    _: Uri,
    _: Uri,
    _: Version,
    _: Version,
    _: Version,
    _: Version,
    _: String,
) {
}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/nothing", get(nothing))
        .route("/tuple", get(tuple))
        .route("/json", post(json))
        .route("/result", post(result))
        .route("/mutable", post(mutable))
        .route("/patterns/{a}/{b}", get(patterns))
        .route("/request", post(whole_request))
        .route("/optional", post(optional_body))
        .route("/fifteen", post(fifteen))
}

fn main() {
    let matrix = routes().access_matrix().to_string();
    assert_eq!(matrix.lines().filter(|line| line.contains('/')).count(), 9, "{matrix}");
}
