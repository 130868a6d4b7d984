use auth_runtime::{guard::CurrentUser, public};

use auth_runtime::store::Account;

#[public]
async fn handler(_user: CurrentUser<Account>) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
