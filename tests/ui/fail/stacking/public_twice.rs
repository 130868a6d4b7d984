use auth_runtime::public;

#[public]
#[public]
async fn handler() {}

fn main() {}
