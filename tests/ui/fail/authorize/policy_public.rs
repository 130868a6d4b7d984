use auth_runtime::{HasPolicy, Policy, authorize};

struct Anyone;
impl HasPolicy for Anyone {
    const POLICY: Policy = Policy::public("app::anyone");
    type Checks = ();
}

#[authorize(policy(Anyone))]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
