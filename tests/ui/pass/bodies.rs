#![deny(warnings)]

//! Every extractor that may read the body may have bounds.

use auth_runtime::prelude::*;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::HeaderMap,
};
use serde_json::Value;

#[public]
#[body(max = 2 MiB)]
async fn bytes(_: HeaderMap, _: Bytes) {}

#[protected]
#[body(within = 10 s)]
async fn text(_: Identity, _: State<Auth>, _: String) {}

#[protected]
#[body(max = "64 KiB", within = "1 min")]
async fn json(_: Json<Value>) {}

#[protected]
#[body(max = 64 kB)]
async fn axum_json(_: Option<axum::Json<Value>>) {}

#[protected]
#[body(max = 64 KB)]
async fn rejected(_: Result<axum::Json<Value>, axum::extract::rejection::JsonRejection>) {}

#[protected]
#[body(max = 1 GB)]
async fn form(_: Form<Value>) {}

#[protected]
#[body(max = 1 GiB)]
async fn csrf_form(_: CsrfForm<Value>) {}

#[public]
#[body(max = 100 bytes)]
async fn request(_: Request) {}

#[public]
#[body(max = 1 byte)]
async fn body_alone(_: Body) {}

#[protected]
#[::auth_runtime::body(max = 1 MB)]
async fn generic<T: Send + serde_json::value::Index>(_: Json<Value>) {
    let _ = size_of::<T>();
}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new()
        .route("/bytes", post(bytes))
        .route("/text", post(text))
        .route("/json", post(json))
        .route("/axum-json", post(axum_json))
        .route("/rejected", post(rejected))
        .route("/form", post(form))
        .route("/csrf-form", post(csrf_form))
        .route("/request", post(request))
        .route("/body", post(body_alone))
        .route("/generic", post(generic::<usize>));
}
