use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, shadow = yes)]
async fn handler() {}

fn main() {}
