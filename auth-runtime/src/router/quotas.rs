//! Compares the quotas that the application sets with the limits of a router.

use std::collections::BTreeSet;

use crate::{
    auth::Auth,
    limit::Quotas,
    policy::{Limit, Policy},
};

use super::{describe, entry::Entry};

/// Returns the faults of the quotas that `auth` sets, each once, though a handler may have several routes.
pub(super) fn faults(entries: &[Entry], auth: &Auth) -> BTreeSet<String> {
    let Some(quotas) = auth.limiter().quotas() else { return BTreeSet::new() };
    let of_policies = entries.iter().flat_map(Entry::policies).flat_map(Policy::limits);
    let of_engine = auth.account_limits().iter().map(|limit| limit.limit());
    let names: BTreeSet<_> = of_policies.chain(of_engine).filter_map(Limit::name).collect();
    let mut faults = entries.iter().flat_map(|entry| of_entry(entry, quotas)).collect::<BTreeSet<_>>();
    faults.extend(unknown(quotas, &names));
    faults
}

/// Returns the fault of quotas that name no limit.
fn unknown(quotas: &Quotas, names: &BTreeSet<&str>) -> Option<String> {
    let unknown = quotas.without_limit(|name| names.contains(name));
    let known = if names.is_empty() { "no limit here has a name".to_owned() } else { quoted(names.iter().copied()) };
    (!unknown.is_empty()).then(|| {
        format!(
            "`quota` is set for {}, and no limit has this name; the names are: {known}. If another router has the limit, \
            give that one its state first",
            quoted(unknown)
        )
    })
}

fn quoted<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Returns what the quotas make of the limits of a handler and of the groups around it.
fn of_entry(entry: &Entry, quotas: &Quotas) -> Vec<String> {
    let limits: Vec<_> =
        entry.policies().flat_map(|policy| policy.limits().iter().map(move |limit| (policy, limit))).collect();
    let mut faults = Vec::new();
    for (at, (policy, limit)) in limits.iter().enumerate() {
        faults.extend(above_burst(policy, limit, quotas));
        let earlier = limits.iter().take(at).map(|(_, earlier)| *earlier);
        faults.extend(same_as(earlier, policy, limit, quotas));
    }
    faults
}

/// Returns the fault of a limit that would never admit a request.
fn above_burst(policy: &Policy, limit: &Limit, quotas: &Quotas) -> Option<String> {
    let (burst, cost) = (quotas.quota(limit)?.burst(), limit.cost());
    (cost > burst).then(|| {
        format!(
            "`{}` takes {cost} units of the limit `{}`, and its `quota` admits {burst} at once: raise the burst",
            policy.full_name(),
            limit.name().unwrap_or_default(),
        )
    })
}

/// Returns the fault of two limits that differ in nothing but the quota. With one quota they would have one counter,
/// and a request would count twice.
fn same_as<'l>(
    mut earlier: impl Iterator<Item = &'l Limit>,
    policy: &Policy,
    limit: &Limit,
    quotas: &Quotas,
) -> Option<String> {
    quotas.quota(limit)?;
    let is_same = |other: &Limit| {
        other.name() == limit.name()
            && other.quota() != limit.quota()
            && describe::key(other.key()) == describe::key(limit.key())
    };
    earlier.any(is_same).then(|| {
        format!(
            "`{}` has two limits `{}` by {}, and `quota` would make them one that counts twice: give them two names",
            policy.full_name(),
            limit.name().unwrap_or_default(),
            describe::key(limit.key()),
        )
    })
}
