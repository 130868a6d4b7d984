#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{protected, require_role as needs};
use auth_tests::demands;

/// Attributes of others that have our names. They stay theirs.
mod theirs {
    pub(crate) use tracing::instrument as require_role;
}

#[protected]
#[theirs::require_role(skip_all)]
async fn below() {}

#[theirs::require_role(skip_all)]
#[protected]
async fn above() {}

/// Ours under another name, above one that has its own: both are seen.
#[needs("admin")]
#[protected]
async fn renamed() {}

fn main() {
    assert_eq!(demands::<__below_policy>(), "authenticated");
    assert_eq!(demands::<__above_policy>(), "authenticated");
    assert_eq!(demands::<__renamed_policy>(), "role(admin)");
}
