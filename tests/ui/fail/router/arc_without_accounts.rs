use std::sync::Arc;

use auth_runtime::{Auth, GuardedRouter, account};
use axum::extract::FromRef;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

fn main() {
    let _app: GuardedRouter<Arc<App>> = account::routes();
}
