use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(min)]
async fn handler() {}

fn main() {}
