use auth_runtime::check;

use axum::extract::FromRequestParts;

#[check]
async fn owns_post(_argument: impl FromRequestParts<()>) -> bool {
    true
}

fn main() {}
