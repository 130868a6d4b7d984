use auth_runtime::{Auth, GuardedRouter, protected, rate_limit, routing::get};
use axum::http::HeaderMap;

fn tenant(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("x-tenant")?.to_str().ok()?.to_owned())
}

#[protected]
#[rate_limit(10/min, by = tenant)]
async fn list() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(list));
}
