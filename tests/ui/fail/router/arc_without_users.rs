use std::sync::Arc;

use auth_runtime::{Auth, guard::CurrentUser, protected, store::Account};
use axum::{debug_handler, extract::FromRef};

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

#[protected]
#[debug_handler(state = Arc<App>)]
async fn handler(_user: CurrentUser<Account>) {}

fn main() {}
