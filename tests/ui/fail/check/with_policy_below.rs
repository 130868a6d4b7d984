use auth_runtime::{check, protected};

#[check]
#[protected]
async fn owns_post() -> bool {
    true
}

fn main() {}
