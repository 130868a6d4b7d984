use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/mni)]
async fn handler() {}

fn main() {}
