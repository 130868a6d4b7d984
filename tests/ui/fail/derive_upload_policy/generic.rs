use auth_runtime::{Auth, GuardedRouter, protected, routing::post, upload::{UploadPolicy, Uploads}};
use axum::extract::FromRef;

#[derive(UploadPolicy)]
#[upload(max = "5 MiB", types("image/png"))]
struct Photos<const N: usize>;

#[protected]
async fn handler(_: String) {}

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    uploads: Uploads,
}

fn main() {
    let _app: GuardedRouter<App> = GuardedRouter::new().route("/x", post(handler));
}
