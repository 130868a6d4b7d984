use auth_runtime::public;

#[public(reason = "probe")]
async fn handler() {}

fn main() {}
