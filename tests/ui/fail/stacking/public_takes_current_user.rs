use auth_runtime::{guard::CurrentUser, public};

use auth_runtime::store::Account;

#[public]
async fn handler(_user: CurrentUser<Account>) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get, store::Users};

    #[derive(Clone, axum::extract::FromRef)]
    struct App {
        auth: Auth,
        users: Users<Account>,
    }

    let _app: GuardedRouter<App> = GuardedRouter::new().route("/x", get(handler));
}
