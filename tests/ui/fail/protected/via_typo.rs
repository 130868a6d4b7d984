use auth_runtime::protected;

#[protected(via(baerer))]
async fn handler() {}

fn main() {}
