use auth_runtime::{authorize, check};

#[check]
enum OwnsPost {
    Yes,
}

#[authorize(check(OwnsPost))]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
