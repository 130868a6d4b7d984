use auth_runtime::Role;

#[derive(Role)]
union Role {
    member: u8,
    admin: u8,
}

#[auth_runtime::require_role("admin")]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
