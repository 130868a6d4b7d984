use auth_runtime::{Auth, authorize, check};
use axum::{
    debug_handler,
    extract::{FromRef, State},
};

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

#[derive(Clone)]
struct Posts;

#[check]
async fn owns_post(State(_posts): State<Posts>) -> bool {
    true
}

#[authorize(check(owns_post))]
#[debug_handler(state = App)]
async fn edit() {}

fn main() {}
