use auth_runtime::check;

use axum::extract::Request;

#[check]
async fn owns_post(request: Request) -> bool {
    request.headers().is_empty()
}

fn main() {}
