use auth_runtime::public;

#[public(becuase = "probe")]
async fn handler() {}

fn main() {}
