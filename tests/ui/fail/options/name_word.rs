use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, name = login)]
async fn handler() {}

fn main() {}
