use auth_runtime::prelude::*;

#[protected]
#[body(max = 2 MiB)]
async fn handler(_: Identity) {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", post(handler));
}
