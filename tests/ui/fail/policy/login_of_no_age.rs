use std::time::Duration;

use auth_runtime::{HasPolicy, Policy};

struct Transfer;

impl HasPolicy for Transfer {
    const POLICY: Policy = Policy::protected("transfer").with_max_login_age(Duration::ZERO);
    type Checks = ();
}

fn main() {
    let _ = Transfer::POLICY;
}
