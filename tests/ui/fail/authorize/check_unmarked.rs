use auth_runtime::authorize;

async fn owns_post() -> bool {
    true
}

#[authorize(check(owns_post))]
async fn handler() {}

fn main() {}
