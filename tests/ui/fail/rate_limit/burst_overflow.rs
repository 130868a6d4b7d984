use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, burst = 4294967296)]
async fn handler() {}

fn main() {}
