use auth_runtime::{Auth, GuardedRouter, authorize, check, routing::get};
use axum::http::HeaderMap;

#[check]
async fn has_header(headers: &'static mut HeaderMap) -> bool {
    headers.contains_key("x-tenant")
}

#[authorize(check(has_header))]
async fn edit() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
