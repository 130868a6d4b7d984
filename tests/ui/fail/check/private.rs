use auth_runtime::{Auth, GuardedRouter, authorize, routing::put};

mod posts {
    #[auth_runtime::check]
    async fn owns_post() -> bool {
        true
    }
}

#[authorize(check(posts::owns_post))]
async fn edit() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/posts", put(edit));
}
