use auth_runtime::{Auth, GuardedRouter, protected, routing::get};

struct Report;

#[protected]
async fn report() -> Report {
    Report
}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(report));
}
