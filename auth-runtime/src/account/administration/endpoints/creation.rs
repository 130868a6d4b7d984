//! What the two ways to make an account for another person have in common.

use crate::{
    account::{email::one_time::no_mail, grant::check_twice},
    error::Problem,
};

use super::administrator::Administrator;

/// Refuses to make an account whose owner would get no token. The answer never has the token: it would let the
/// administrator act as the owner.
pub(super) fn demand_mail(administrator: &Administrator) -> Result<(), Problem> {
    let sends = administrator.administration.context.auth.account_rules().outbox.is_some();
    if sends { Ok(()) } else { Err(no_mail()) }
}

/// Returns the pointer to the list that has a name twice. The error does not tell which one it is.
pub(super) fn with_a_name_twice(roles: &[String], scopes: &[String]) -> &'static str {
    match (check_twice(roles), check_twice(scopes)) {
        (Err(_), _) => "/roles",
        (_, Err(_)) => "/scopes",
        _ => "",
    }
}
