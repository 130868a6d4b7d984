use super::MemoryStore;
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{AccountKey, Admission, Attempt, AttemptLimits, AttemptStore, BoxFuture},
};

impl AttemptStore for MemoryStore {
    fn admit_attempt<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Admission, StoreError>> {
        Box::pin(async move { Ok(self.attempts().admit(attempt, limits, now)) })
    }

    fn is_known_client<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.attempts().is_known(attempt, now)) })
    }

    fn attempt_succeeded<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.attempts().succeeded(attempt, limits, now);
            Ok(())
        })
    }

    fn withdraw_attempt<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.attempts().withdraw(attempt, now);
            Ok(())
        })
    }

    fn clear_attempts<'a>(&'a self, account: &'a AccountKey) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.attempts().clear(account);
            Ok(())
        })
    }

    fn locked_until<'a>(
        &'a self,
        accounts: &'a [AccountKey],
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Vec<Option<UnixTime>>, StoreError>> {
        Box::pin(async move {
            let table = self.attempts();
            Ok(accounts.iter().map(|account| table.locked_until(account, limits, now)).collect())
        })
    }

    fn forget<'a>(&'a self, account: &'a AccountKey) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.attempts().forget(account);
            Ok(())
        })
    }

    fn remove_expired_attempts(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.attempts().remove_expired(now, limit)) })
    }
}
