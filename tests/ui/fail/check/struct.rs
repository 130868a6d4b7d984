use auth_runtime::check;

#[check]
struct OwnsPost;

#[auth_runtime::authorize(check(OwnsPost))]
async fn edit() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
