use auth_runtime::check;

#[check(crate("auth_runtime"))]
async fn owns_post() -> bool {
    true
}

fn main() {}
