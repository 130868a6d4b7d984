macro_rules! handler {
    ($role:literal) => {
        #[auth_runtime::require_role("$role")]
        async fn handler() {}
    };
}

handler!("admin");

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
