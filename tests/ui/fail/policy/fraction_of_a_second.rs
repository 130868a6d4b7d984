use std::time::Duration;

use auth_runtime::policy::Quota;

const TEN: Quota = Quota::new(10, Duration::from_millis(1_500));

fn main() {
    let _ = TEN;
}
