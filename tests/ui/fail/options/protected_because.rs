use auth_runtime::protected;

#[protected(because = "private")]
async fn handler() {}

fn main() {}
