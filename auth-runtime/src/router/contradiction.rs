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
        return Some("accepts no kind of credential that all policies around it accept".to_owned());
    }
    shares_no_issuer(&all).then(|| "accepts no issuer that all policies around it accept".to_owned())
}

fn shares_no_issuer(policies: &[&Policy]) -> bool {
    let mut named = policies.iter().filter_map(|policy| protection(policy)?.issuers());
    let Some(first) = named.next() else { return false };
    let others: Vec<_> = named.collect();
    !first.iter().any(|issuer| others.iter().all(|list| list.contains(issuer)))
}
