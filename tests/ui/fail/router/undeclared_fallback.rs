use auth_runtime::{Auth, GuardedRouter};

async fn naked() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().fallback(naked);
}
