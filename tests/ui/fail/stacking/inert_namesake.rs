use auth_runtime::{GuardedRouter, protected, routing::get};

// A tool's attribute that happens to have our name is not ours, and takes nothing away.
#[protected]
#[rustfmt::public]
async fn handler() {}

#[rustfmt::protected]
async fn naked() {}

fn main() {
    let _app: GuardedRouter<auth_runtime::Auth> =
        GuardedRouter::new().route("/guarded", get(handler)).route("/naked", get(naked));
}
