use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, by = header("x tenant"))]
async fn handler() {}

fn main() {}
