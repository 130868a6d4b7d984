use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/99999999999 sec)]
async fn handler() {}

fn main() {}
