use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/4000 day)]
async fn handler() {}

fn main() {}
