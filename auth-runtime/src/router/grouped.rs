//! Describes a route below the policies of its routers, for the access matrix.

use crate::policy::{Access, Policy, Protection, Via};

use super::{describe, matrix::MatrixRow, method_router::Methods};

/// Adds what the policies of the routers around a route require to its row. Without a policy of its own, the route
/// belongs to a service or to an unguarded router.
pub(super) fn narrow(row: &mut MatrixRow, own: Option<&Policy>, groups: &[&Policy], methods: &Methods) {
    let all: Vec<&Policy> = own.into_iter().chain(groups.iter().copied()).collect();
    for group in groups {
        if protection(group).is_some() {
            row.access = format!("{}; and {}", row.access, describe::access(group));
        }
        row.narrowed_by.push(group.full_name());
    }
    row.issuers = issuers(&all);
    let Some(via) = via(&all) else { return };
    row.via = describe::kinds(via);
    if all.iter().all(|policy| !policy.is_csrf_exempt()) {
        let is_checked = via.accepts(Via::SESSION) && !methods.are_safe();
        (if is_checked { "checked" } else { "-" }).clone_into(&mut row.csrf);
    }
}

/// Returns the kinds of credential that all policies accept, or `None` if every policy admits everyone.
pub(super) fn via(policies: &[&Policy]) -> Option<Via> {
    policies.iter().filter_map(|policy| protection(policy)).map(Protection::via).reduce(Via::and)
}

fn issuers(policies: &[&Policy]) -> Vec<String> {
    let named = policies.iter().filter(|policy| protection(policy).is_some_and(|one| one.issuers().is_some()));
    let common = named.map(|policy| describe::issuers(policy)).reduce(|mut common, more| {
        common.retain(|name| more.contains(name));
        common
    });
    common.unwrap_or_default()
}

pub(super) fn protection<'a>(policy: &&'a Policy) -> Option<&'a Protection> {
    match policy.access() {
        Access::Protected(protection) => Some(protection),
        Access::Public { .. } => None,
    }
}
