use auth_runtime::protected;

struct Api;

impl Api {
    #[protected]
    async fn handler(self: Box<Self>) {}
}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(Api::handler));
}
