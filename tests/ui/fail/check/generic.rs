use auth_runtime::check;

use axum::extract::State;

#[check]
async fn owns_post<T: Send + Sync + Clone + 'static>(State(_posts): State<T>) -> bool {
    true
}

fn main() {}
