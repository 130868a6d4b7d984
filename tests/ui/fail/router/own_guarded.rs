use auth_runtime::router::Guarded;

struct Open;

impl Guarded for Open {
    const ENFORCED: auth_runtime::guard::Enforced = unreachable!();
}

fn main() {}
