use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit("10/min")]
async fn handler() {}

fn main() {}
