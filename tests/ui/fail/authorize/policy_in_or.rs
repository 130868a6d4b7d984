use auth_runtime::{HasPolicy, Policy, authorize};

struct CanEdit;
impl HasPolicy for CanEdit {
    const POLICY: Policy = Policy::protected("app::can_edit");
    type Checks = ();
}

#[authorize(policy(CanEdit) || role("admin"))]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
