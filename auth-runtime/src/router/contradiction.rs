//! Compares a handler's policy with the policies of the routers around it.

use crate::policy::{Policy, Via};

use super::grouped::{protection, via};

/// Returns what makes the policies contradict each other. `handler` is `None` for a service and an unguarded router.
pub(super) fn of(handler: Option<&Policy>, groups: &[&'static Policy]) -> Option<String> {
    let asking = groups.iter().find(|group| protection(group).is_some())?.full_name();
    let mut all: Vec<&Policy> = groups.to_vec();
    if let Some(handler) = handler {
        if protection(&handler).is_none() {
            return Some(format!("is `#[public]`, and `{asking}` asks for a caller"));
        }
        if handler.is_csrf_exempt() {
            return Some(format!("has a CSRF exemption, which has no effect below `{asking}`"));
        }
        all.push(handler);
    }
    if via(&all) == Some(Via::NONE) {
        return Some(format!(
            "accepts no kind of credential that all policies around it accept ({}): let their `via` have one in common",
            kinds(&all)
        ));
    }
    shares_no_issuer(&all).then(|| "accepts no issuer that all policies around it accept".to_owned())
}

/// Returns the policies that name kinds of credential, with these kinds.
fn kinds(policies: &[&Policy]) -> String {
    let named = policies.iter().filter_map(|policy| {
        let via = protection(policy)?.via();
        let names = if via == Via::NONE { "none".to_owned() } else { via.names().collect::<Vec<_>>().join(" or ") };
        (via != Via::ANY).then(|| format!("`{}` only {names}", policy.full_name()))
    });
    named.collect::<Vec<_>>().join(", ")
}

fn shares_no_issuer(policies: &[&Policy]) -> bool {
    let mut named = policies.iter().filter_map(|policy| protection(policy)?.issuers());
    let Some(first) = named.next() else { return false };
    let others: Vec<_> = named.collect();
    !first.iter().any(|issuer| others.iter().all(|list| list.contains(issuer)))
}
