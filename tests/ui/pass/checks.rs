#![deny(warnings)]
#![allow(dead_code)]

//! Checks of every shape, asked through a policy and its type.

use auth_runtime::{
    __private::{Check, CheckRejection},
    authorize, check,
};
use auth_tests::demands;
use axum::{
    extract::{FromRef, Path, State},
    http::{HeaderMap, Method, Request, StatusCode, Uri, request::Parts},
    response::{IntoResponse, Response},
};
use tracing::instrument;

#[derive(Clone)]
struct App {
    owner: u64,
}

#[derive(Clone)]
struct Owner(u64);

impl FromRef<App> for Owner {
    fn from_ref(app: &App) -> Self {
        Self(app.owner)
    }
}

/// Documented.
#[check]
async fn nothing() -> bool {
    true
}

#[check]
async fn with_state(State(Owner(owner)): State<Owner>, method: Method, _: Uri) -> bool {
    tokio::task::yield_now().await;
    owner == 7 && method.is_safe()
}

#[check]
async fn fallible(mut headers: HeaderMap) -> Result<bool, StatusCode> {
    headers.remove("x-pass").map(|value| value == "yes").ok_or(StatusCode::IM_A_TEAPOT)
}

#[check]
async fn other_error() -> std::result::Result<bool, Response> {
    Err((StatusCode::CONFLICT, "why").into_response())
}

type Answer = Result<bool, StatusCode>;

#[check]
#[instrument(skip_all)]
async fn below() -> Answer {
    Ok(true)
}

#[instrument]
#[check]
async fn above(method: Method) -> Answer {
    Ok(method.is_safe())
}

#[check()]
async fn with_where(Path(_id): Path<u64>) -> bool
where
    String: Clone,
{
    true
}

pub mod posts {
    #[super::check]
    #[expect(clippy::unused_async, reason = "a check is asynchronous")]
    pub async fn owned() -> bool {
        false
    }
}

use posts::owned as owns_post;

#[authorize(check(owns_post) || check(posts::owned) || check(nothing))]
async fn edit() {}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert!(nothing().await, "the function is still a function");
    assert!(matches!(ask::<nothing>().await, Ok(true)));
    assert!(matches!(ask::<with_state>().await, Ok(true)));
    assert_eq!(status(ask::<fallible>().await), StatusCode::IM_A_TEAPOT);
    assert_eq!(status(ask::<other_error>().await), StatusCode::CONFLICT);
    assert!(matches!(ask::<below>().await, Ok(true)));
    assert!(matches!(ask::<above>().await, Ok(true)));
    assert_eq!(status(ask::<with_where>().await), StatusCode::INTERNAL_SERVER_ERROR, "an argument that is not there");
    assert!(matches!(ask::<owns_post>().await, Ok(false)));
    assert_eq!(demands::<__edit_policy>(), "any(check(owns_post), check(posts::owned), check(nothing))");
}

async fn ask<C: Check<App>>() -> Result<bool, CheckRejection> {
    let (mut parts, ()): (Parts, ()) = Request::new(()).into_parts();
    C::run(&mut parts, &App { owner: 7 }).await
}

fn status(answer: Result<bool, CheckRejection>) -> StatusCode {
    answer.unwrap_err().into_response().status()
}
