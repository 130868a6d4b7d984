use auth_runtime::{Auth, GuardedRouter, routing::get};

#[auth_runtime::protected]
#[careless_attributes::drops_first_argument]
async fn list() -> &'static str {
    "for callers only"
}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/list", get(list));
}
