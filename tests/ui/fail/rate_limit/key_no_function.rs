use auth_runtime::{protected, rate_limit};

fn tenant() -> String {
    String::new()
}

#[protected]
#[rate_limit(10/min, by = tenant)]
async fn handler() {}

fn main() {}
