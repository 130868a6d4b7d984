use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(0.5/sec)]
async fn handler() {}

fn main() {}
