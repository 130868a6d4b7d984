use auth_runtime::Policy;

const HEALTH: Policy = Policy::public("health").with_reason(" ");

fn main() {
    let _ = HEALTH;
}
