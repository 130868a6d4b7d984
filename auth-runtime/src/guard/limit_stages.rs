//! Decides at compile time when each limit of a policy is charged.

use core::marker::PhantomData;

use crate::{
    limit::PreparedLimit,
    policy::{Access, Counts, HasPolicy, Limit, LimitKey, Policy, Quota, Rule},
};

/// The limits of a policy, prepared and in the order in which a request meets them.
///
/// All limits of a stage are charged in one step. A public handler has no rule, so all its limits are in the first
/// stage.
pub(super) struct Limits<P>(PhantomData<P>);

impl<P: HasPolicy> Limits<P> {
    /// The limits that are charged before the credential is read.
    pub(super) const BEFORE_CREDENTIAL: &'static [PreparedLimit] =
        Self::between(Stage::BeforeCredential, Stage::BeforeCredential);
    /// The limits that are charged once the caller is known and has a credential that the handler accepts.
    pub(super) const BY_CALLER: &'static [PreparedLimit] = Self::between(Stage::ByCaller, Stage::ByCaller);
    /// The limits that are charged before the first check runs.
    pub(super) const BEFORE_CHECKS: &'static [PreparedLimit] = Self::between(Stage::BeforeChecks, Stage::BeforeChecks);
    /// The limits that are charged once the checks have admitted the caller.
    pub(super) const AFTER_CHECKS: &'static [PreparedLimit] = Self::between(Stage::AfterRule, Stage::AfterRule);
    /// The limits that are charged in one step when the rule admits the caller without running a check.
    pub(super) const SHARED: &'static [PreparedLimit] = Self::between(Stage::BeforeChecks, Stage::AfterRule);

    const PREPARED: [PreparedLimit; MOST] = prepare::<P>();

    const ALL: &'static [PreparedLimit] = match P::POLICY.limits().len() {
        0 => &[],
        several => {
            let prepared: &'static [PreparedLimit; MOST] = &Self::PREPARED;
            prepared.split_at(several).0
        }
    };

    const fn between(first: Stage, last: Stage) -> &'static [PreparedLimit] {
        let (earlier, up_to) = (count(&P::POLICY, first as u8), count(&P::POLICY, (last as u8).saturating_add(1)));
        Self::ALL.split_at(up_to).0.split_at(earlier).1
    }
}

/// The maximum number of limits on a handler. More is a compile error.
const MOST: usize = 8;

/// A step of a request at which limits are charged, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    BeforeCredential,
    ByCaller,
    BeforeChecks,
    AfterRule,
}

impl Stage {
    const ALL: &'static [Self] = &[Self::BeforeCredential, Self::ByCaller, Self::BeforeChecks, Self::AfterRule];

    /// Returns the stage of a limit. Only callers whom roles and scopes admit charge a counter that several callers
    /// share.
    ///
    /// # Panics
    /// Panics when the limit and the rule contradict each other. In a constant, the panic is a compile error.
    const fn of(policy: &Policy, limit: &Limit) -> Self {
        let (is_shared, has_check) = (is_shared(limit.key()), may_ask_check(policy));
        match limit.counts() {
            Some(counts) => {
                assert!(is_shared, "`counts` is for limits whose counter several callers share");
                assert!(has_check, "`counts` is for handlers whose rule has a check");
                match counts {
                    Counts::BeforeChecks => Self::BeforeChecks,
                    Counts::AfterChecks => Self::AfterRule,
                }
            }
            None => {
                assert!(
                    !is_shared || !has_check,
                    "a limit by header, path, a function or for all, beside a check, says `.with_counts(..)`"
                );
                match (policy.access(), limit.key()) {
                    (Access::Public { .. }, _) | (_, LimitKey::Address) => Self::BeforeCredential,
                    (_, LimitKey::User | LimitKey::ApiKey) => Self::ByCaller,
                    _ => Self::AfterRule,
                }
            }
        }
    }
}

const fn may_ask_check(policy: &Policy) -> bool {
    match policy.access() {
        Access::Public { .. } => false,
        Access::Protected(protection) => has_check(protection.rule()),
    }
}

/// Returns whether several callers may count under one value of the key.
const fn is_shared(key: LimitKey) -> bool {
    !matches!(key, LimitKey::Address | LimitKey::User | LimitKey::ApiKey)
}

const fn has_check(rule: &Rule) -> bool {
    match rule {
        Rule::Check(_) => true,
        Rule::Authenticated | Rule::Role(_) | Rule::Scope(_) => false,
        Rule::Not(inner) => has_check(inner),
        Rule::All(rules) | Rule::Any(rules) => {
            let mut rest = *rules;
            while let [first, others @ ..] = rest {
                if has_check(first) {
                    return true;
                }
                rest = others;
            }
            false
        }
    }
}

/// Returns how many limits of the policy are charged before stage number `stage`.
const fn count(policy: &Policy, stage: u8) -> usize {
    let (mut limits, mut earlier) = (policy.limits(), 0_usize);
    while let [limit, others @ ..] = limits {
        if (Stage::of(policy, limit) as u8) < stage {
            earlier = earlier.saturating_add(1);
        }
        limits = others;
    }
    earlier
}

/// Prepares the limits. A limit's number is its position in the policy, not in its stage. The number separates its
/// counters from those of other limits.
const fn prepare<P: HasPolicy>() -> [PreparedLimit; MOST] {
    let policy = P::POLICY;
    assert!(policy.limits().len() <= MOST, "a handler has at most 8 limits");
    // Fills the unused positions, and is never read.
    const NONE: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_second(1), LimitKey::Global), "", 0);
    let mut prepared = [NONE; MOST];
    let (mut stages, mut filled) = (Stage::ALL, 0_usize);
    while let [stage, later @ ..] = stages {
        let (mut limits, mut index) = (policy.limits(), 0_u32);
        while let [limit, others @ ..] = limits {
            if Stage::of(&policy, limit) as u8 == *stage as u8
                && let [place, ..] = prepared.split_at_mut(filled).1
            {
                *place = PreparedLimit::new(*limit, policy.handler(), index).of::<P>();
                filled = filled.saturating_add(1);
            }
            (limits, index) = (others, index.saturating_add(1));
        }
        stages = later;
    }
    prepared
}

#[cfg(test)]
mod tests;
