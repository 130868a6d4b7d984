use auth_runtime::{Auth, protected};
use axum::debug_handler;

#[debug_handler(state = Auth)]
#[protected]
async fn handler() {}

fn main() {}
