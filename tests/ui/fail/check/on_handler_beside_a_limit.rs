use auth_runtime::{authorize, check, rate_limit};

#[check]
async fn owns_post() -> bool {
    true
}

#[authorize(check(owns_post))]
async fn edit() {}

#[check(owns_post)]
#[rate_limit(10/min)]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
