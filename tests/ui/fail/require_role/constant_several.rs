use auth_runtime::require_role;

const STAFF: &str = "admin,support";

#[require_role(STAFF)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
