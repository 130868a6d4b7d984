use auth_runtime::{Auth, GuardedRouter, Identity, protected, routing::get};

struct Filter;

#[protected]
async fn list(_who: Identity, _filter: Filter, _body: String) {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(list));
}
