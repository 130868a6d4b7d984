use auth_runtime::{Auth, GuardedRouter, protected, routing::post, upload::{Upload, UploadPolicy, Uploads}};
use axum::extract::FromRef;

#[derive(UploadPolicy)]
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
