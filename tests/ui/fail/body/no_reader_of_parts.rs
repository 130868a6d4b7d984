use auth_runtime::prelude::*;
use axum::http::HeaderMap;

#[public]
#[body(max = 2 MiB)]
async fn handler(_: HeaderMap) {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", post(handler));
}
