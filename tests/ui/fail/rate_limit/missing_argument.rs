use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit]
async fn handler() {}

fn main() {}
