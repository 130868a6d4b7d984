use std::time::Duration;

use auth_runtime::{HasPolicy, Policy};

struct Transfer;

impl HasPolicy for Transfer {
    const POLICY: Policy = Policy::protected("transfer").with_max_login_age(Duration::ZERO);
    type Checks = ();
}

// `cargo check` evaluates a constant of a type where another constant names it, and `cargo build` wherever it is used.
const TRANSFER: Policy = Transfer::POLICY;

fn main() {
    let _ = TRANSFER;
}
