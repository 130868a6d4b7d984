use auth_runtime::{Auth, GuardedRouter, error::Problem, protected, routing::post, upload::{Upload, UploadPolicy, Uploads}};
use axum::extract::FromRef;

#[derive(UploadPolicy)]
#[upload(max = "5 MiB", types("image/png"))]
struct Photos;

#[protected]
#[auth_runtime::body(max = 2 MiB)]
async fn handler(_: Result<Upload<Photos>, Problem>) {}

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    uploads: Uploads,
}

fn main() {
    let _app: GuardedRouter<App> = GuardedRouter::new().route("/x", post(handler));
}
