use auth_runtime::protected;

#[protected]
fn handler() -> &'static str {
    "hello"
}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
