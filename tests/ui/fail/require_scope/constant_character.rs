use auth_runtime::require_scope;

const READ: &str = "caf\u{e9}";

#[require_scope("notes:read", READ)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
