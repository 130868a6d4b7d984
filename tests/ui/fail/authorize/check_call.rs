use auth_runtime::authorize;

#[authorize(check(owns_post()))]
async fn handler() {}

#[auth_runtime::check]
async fn owns_post() -> bool {
    true
}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
