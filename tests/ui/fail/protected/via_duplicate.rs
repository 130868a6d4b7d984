use auth_runtime::protected;

#[protected(via(bearer, bearer))]
async fn handler() {}

fn main() {}
