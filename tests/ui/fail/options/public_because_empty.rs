use auth_runtime::public;

#[public(because = "")]
async fn handler() {}

fn main() {}
