use auth_runtime::authorize;

mod posts {
    use auth_runtime::check;

    #[check]
    async fn owns_post() -> bool {
        true
    }
}

#[authorize(check(posts::owns_post))]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
