use auth_runtime::{guard::CurrentUser, public};

#[public]
async fn handler<U: Send>(_user: CurrentUser<U>) {}

fn main() {}
