use auth_runtime::{protected, rate_limit};

struct Api;

impl Api {
    #[protected]
    #[rate_limit(10/min)]
    async fn handler() -> &'static str {
        "ok"
    }
}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(Api::handler));
}
