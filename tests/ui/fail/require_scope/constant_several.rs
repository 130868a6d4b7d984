use auth_runtime::require_scope;

mod scopes {
    pub const ALL: &str = "notes:read notes:write";
}

#[require_scope(scopes::ALL)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
