use auth_runtime::protected;

#[protected]
fn handler() -> impl Future<Output = &'static str> {
    async { "hello" }
}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
