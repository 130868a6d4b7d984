use auth_runtime::{HasPolicy, Policy, authorize, csrf_exempt, policy::Rule};

struct CanEdit;
impl HasPolicy for CanEdit {
    const POLICY: Policy = Policy::protected("app::can_edit").with_rule(Rule::role("editor"));
    type Checks = ();
}

#[authorize(policy(CanEdit))]
#[csrf_exempt(because = "signed by the payment provider")]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
