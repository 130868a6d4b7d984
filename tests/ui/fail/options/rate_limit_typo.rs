use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, brust = 3)]
async fn handler() {}

fn main() {}
