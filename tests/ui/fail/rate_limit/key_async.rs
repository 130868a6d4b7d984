use auth_runtime::{protected, rate_limit};

async fn tenant(_parts: &axum::http::request::Parts) -> Option<String> {
    None
}

#[protected]
#[rate_limit(10/min, by = self::tenant)]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
