use auth_runtime::{csp, public};

#[public]
#[csp(script_src(unsafe_inline), because = "fixme")]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
