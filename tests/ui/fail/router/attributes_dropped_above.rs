use auth_runtime::{Auth, GuardedRouter, routing::get};

#[careless_attributes::drops_attributes]
#[auth_runtime::protected]
async fn list() -> &'static str {
    "for callers only"
}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/list", get(list));
}
