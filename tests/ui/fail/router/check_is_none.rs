use auth_runtime::{Auth, authorize};
use axum::debug_handler;

struct OwnsPost;

#[authorize(check(OwnsPost))]
#[debug_handler(state = Auth)]
async fn edit() {}

fn main() {}
