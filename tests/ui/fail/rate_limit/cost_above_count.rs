use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, cost = 11)]
async fn handler() {}

fn main() {}
