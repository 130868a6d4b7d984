use auth_runtime::{Auth, GuardedRouter, guard::CurrentUser, protected, routing::get, store::Account};
use axum::extract::FromRef;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

#[protected]
async fn handler(_user: CurrentUser<Account>) {}

fn main() {
    let _app: GuardedRouter<App> = GuardedRouter::new().route("/x", get(handler));
}
