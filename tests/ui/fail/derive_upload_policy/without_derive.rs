use auth_runtime::{Auth, GuardedRouter, protected, routing::post, upload::{Upload, Uploads}};
use axum::extract::FromRef;

struct Photos;

#[protected]
async fn handler(_: Upload<Photos>) {}

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    uploads: Uploads,
}

fn main() {
    let _app: GuardedRouter<App> = GuardedRouter::new().route("/x", post(handler));
}
