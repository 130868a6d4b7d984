use auth_runtime::check;

use axum::http::Method;

#[check]
async fn owns_post(#[cfg(unix)] _method: Method) -> bool {
    true
}

fn main() {}
