use core::time::Duration;

use crate::{auth::Auth, clock::seconds, identity::Identity};

use super::Rejection;

/// Checks that the caller signed in at most `max_age` ago. The login may lie in the future by the clock skew, because
/// the clocks of two machines may differ.
pub(crate) fn is_fresh(auth: &Auth, caller: &Identity, max_age: Duration) -> Result<(), Rejection> {
    let age = caller.auth_time().map(|login| auth.clock().unix().seconds_since(login));
    match age {
        Some(age) if (auth.clock_skew().saturating_neg()..=seconds(max_age)).contains(&age) => Ok(()),
        _ => Err(Rejection::StaleLogin { max_age }),
    }
}
