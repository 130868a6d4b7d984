//! The options of limits.

use core::num::NonZeroU32;
use std::sync::Arc;

use super::AuthBuilder;
use crate::{limit::LimitStore, policy::Quota};

impl AuthBuilder {
    /// Sets the store that counts limits. By default that is the Redis of the setting `REDIS_URL`, or else the store of
    /// limits that came with the [accounts](Self::accounts), or else this process's memory.
    pub fn limit_store(mut self, store: impl LimitStore) -> Self {
        self.limits.store.set(Arc::new(store));
        self
    }

    /// Sets the quota of all limits with this name, in place of their own: of limits that handlers declare, and of the
    /// account endpoints' limits. Where an office shares one address, 20 sign-ins a minute are soon used up:
    ///
    /// ```
    /// use auth_runtime::{Auth, policy::Quota};
    ///
    /// let builder = Auth::builder().quota("login", Quota::per_minute(200));
    /// # let _ = builder;
    /// ```
    ///
    /// Key, cost, outage mode and the rest of a limit stay. The access matrix of a router that has its state shows the
    /// quota in force, and so do the `RateLimit` fields.
    ///
    /// Limits with this name and the same key now share their counters, since their quotas are equal. A process with
    /// another quota counts apart from this one, also in a store that they share. While a release changes a quota, a
    /// client may therefore use up both.
    ///
    /// [`build`](Self::build) refuses two quotas for one name. It also refuses a quota for `sign-in-nonce`, the limit
    /// that lets each sign-in of a recognised person finish only once.
    /// [`GuardedRouter::with_state`](crate::router::GuardedRouter::with_state) panics at start-up when no limit has the
    /// name, and when a request costs more than the burst. It also panics when one handler has two limits that the
    /// quota would make the same. On a plain `axum::Router` nothing tells: a limit with a cost above the burst then
    /// refuses every request.
    pub fn quota(mut self, name: impl Into<String>, quota: Quota) -> Self {
        self.limits.quotas.push((name.into(), quota));
        self
    }

    /// Sets how many processes share the store of limits, 1 to 10,000; one by default, or the setting `INSTANCES`.
    ///
    /// While the store fails, each process admits its share: see
    /// [`Limiter::with_instances`](crate::limit::Limiter::with_instances). With too small a number the processes admit
    /// too much during an outage; with too large a number, too little.
    pub fn instances(mut self, count: NonZeroU32) -> Self {
        self.limits.instances.set(count);
        self
    }

    /// Sets whether responses of limited handlers carry `X-RateLimit-Limit`, `-Remaining` and `-Reset` beside
    /// `RateLimit`; `false` by default. For clients that know only these fields, which no standard defines.
    pub fn legacy_limit_headers(mut self, on: bool) -> Self {
        self.limits.legacy_headers = on;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Auth, Fault};

    #[test]
    fn two_quotas_of_one_name_are_a_fault_once() {
        let quota = Quota::per_minute(9);
        let builder = Auth::builder().quota("login", quota).quota("mail", quota).quota("login", quota);
        let faults = builder.quota("login", quota).quota("mail", quota).build().unwrap_err();
        let told: Vec<_> = faults.iter().filter(|fault| fault.setting() == "quota").map(Fault::message).collect();
        assert_eq!(
            told,
            ["is set 3 times for the limit \"login\": keep one", "is set 2 times for the limit \"mail\": keep one"]
        );
    }

    /// With a larger quota, a sign-in could finish twice.
    #[test]
    fn the_limit_of_used_sign_ins_has_no_settable_quota() {
        let builder = Auth::builder().quota("sign-in-nonce", Quota::per_minute(9)).quota("login", Quota::per_minute(9));
        let faults = builder.build().unwrap_err();
        let told: Vec<_> = faults.iter().filter(|fault| fault.setting() == "quota").map(Fault::message).collect();
        let fault =
            "is set for the limit \"sign-in-nonce\", which lets each sign-in finish only once: remove this quota";
        assert_eq!(told, [fault]);
    }
}
