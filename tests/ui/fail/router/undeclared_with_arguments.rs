use auth_runtime::{Auth, GuardedRouter, routing::post};
use axum::http::{HeaderMap, Method};

async fn naked(_method: Method, _headers: HeaderMap, _body: String) {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", post(naked));
}
