use auth_runtime::{guard::SuperUser, public};

use auth_runtime::store::Account;

#[public]
async fn handler(_user: SuperUser<Account>) {}

fn main() {}
