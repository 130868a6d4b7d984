use auth_runtime::{guard::CurrentUser, public};

use auth_runtime::store::Account;

#[public]
async fn handler(_user: CurrentUser<Account>) {}

fn main() {}
