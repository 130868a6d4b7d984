use auth_runtime::public;

#[public(because = probe)]
async fn handler() {}

fn main() {}
