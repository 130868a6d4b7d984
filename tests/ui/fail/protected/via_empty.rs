use auth_runtime::protected;

#[protected(via())]
async fn handler() {}

fn main() {}
