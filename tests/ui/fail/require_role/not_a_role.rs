use auth_runtime::require_role;

enum Level {
    High,
}

#[require_role(Level::High)]
async fn handler() {}

fn main() {}
