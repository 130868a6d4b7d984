use auth_runtime::{check, protected};

#[protected]
#[check]
async fn owns_post() -> bool {
    true
}

fn main() {}
