use auth_runtime::protected;

#[protected(via("bearer"))]
async fn handler() {}

fn main() {}
