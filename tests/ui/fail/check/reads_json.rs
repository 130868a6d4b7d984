use auth_runtime::check;

use axum::Json;

#[check]
async fn owns_post(Json(_post): Json<u64>) -> bool {
    true
}

fn main() {}
