use auth_runtime::protected;

#[protected]
#[protected(via(bearer))]
async fn handler() {}

fn main() {}
