use auth_runtime::{authorize, check};

#[check]
async fn owns_post() -> bool {
    true
}

#[authorize(check(owns_post))]
async fn edit() {}

#[check(owns_post)]
#[authorize(role("editor"))]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
