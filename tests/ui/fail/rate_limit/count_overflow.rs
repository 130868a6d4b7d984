use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(99999999999/min)]
async fn handler() {}

fn main() {}
