use auth_runtime::{authorize, check};

type PostId = u64;

#[check]
async fn owns_post(id: PostId) -> bool {
    id > 0
}

#[authorize(check(owns_post))]
async fn edit() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(edit));
}
