use auth_runtime::check;

#[check]
async fn owns_post(id: axum::extract::Path<u64>, body: String) -> bool {
    body.len() as u64 == id.0
}

fn main() {}
