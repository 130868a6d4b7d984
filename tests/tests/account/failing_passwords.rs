use auth_runtime::{
    clock::UnixTime,
    store::{Admission, Attempt, AttemptLimits, AttemptStore, OneTimeRecord, OneTimeTokenStore, Purpose},
};

use super::failing::{Answered, Flaky};

impl AttemptStore for Flaky {
    fn admit_attempt<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> Answered<'a, Admission> {
        self.call(self.inner.admit_attempt(attempt, limits, now))
    }

    fn is_known_client<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> Answered<'a, bool> {
        self.call(self.inner.is_known_client(attempt, now))
    }

    fn attempt_succeeded<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> Answered<'a, ()> {
        self.call(self.inner.attempt_succeeded(attempt, limits, now))
    }

    fn clear_attempts<'a>(&'a self, account: &'a [u8; 32]) -> Answered<'a, ()> {
        self.call(self.inner.clear_attempts(account))
    }

    fn remove_expired_attempts(&self, now: UnixTime, limit: u32) -> Answered<'_, u64> {
        self.call(self.inner.remove_expired_attempts(now, limit))
    }
}

impl OneTimeTokenStore for Flaky {
    fn issue_one_time(&self, record: OneTimeRecord) -> Answered<'_, ()> {
        self.call(self.inner.issue_one_time(record))
    }

    fn find_one_time<'a>(
        &'a self,
        hash: &'a [u8; 32],
        purpose: Purpose,
        now: UnixTime,
    ) -> Answered<'a, Option<OneTimeRecord>> {
        self.call(self.inner.find_one_time(hash, purpose, now))
    }

    fn redeem_one_time<'a>(
        &'a self,
        hash: &'a [u8; 32],
        purpose: Purpose,
        now: UnixTime,
    ) -> Answered<'a, Option<OneTimeRecord>> {
        self.call(self.inner.redeem_one_time(hash, purpose, now))
    }

    fn void_one_time<'a>(&'a self, account_id: &'a str, purpose: Purpose) -> Answered<'a, bool> {
        self.call(self.inner.void_one_time(account_id, purpose))
    }

    fn remove_expired_one_time(&self, now: UnixTime, limit: u32) -> Answered<'_, u64> {
        self.call(self.inner.remove_expired_one_time(now, limit))
    }
}
