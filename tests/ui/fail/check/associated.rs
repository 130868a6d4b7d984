use auth_runtime::{Auth, GuardedRouter, authorize, check, routing::get};

struct Post;

impl Post {
    #[check]
    async fn owned() -> bool {
        true
    }
}

#[authorize(check(Post::owned))]
async fn edit() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
