use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/week)]
async fn handler() {}

fn main() {}
