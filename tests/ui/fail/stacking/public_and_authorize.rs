use auth_runtime::{authorize, public};

#[public]
#[authorize(role("admin"))]
async fn handler() {}

fn main() {}
