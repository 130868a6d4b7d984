use super::MemoryStore;
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{BoxFuture, OneTimeRecord, OneTimeTokenStore, Purpose},
    token::TokenHash,
};

impl OneTimeTokenStore for MemoryStore {
    fn issue_one_time(&self, record: OneTimeRecord) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { self.one_time_tokens().issue(record) })
    }

    fn find_one_time<'a>(
        &'a self,
        hash: &'a TokenHash,
        purpose: Purpose,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<OneTimeRecord>, StoreError>> {
        Box::pin(async move { Ok(self.one_time_tokens().find(hash, purpose, now).cloned()) })
    }

    fn redeem_one_time<'a>(
        &'a self,
        hash: &'a TokenHash,
        purpose: Purpose,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<OneTimeRecord>, StoreError>> {
        Box::pin(async move { Ok(self.one_time_tokens().redeem(hash, purpose, now)) })
    }

    fn void_one_time<'a>(&'a self, user_id: &'a str, purpose: Purpose) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.one_time_tokens().void(user_id, purpose)) })
    }

    fn void_all_one_time<'a>(&'a self, user_id: &'a str) -> BoxFuture<'a, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.one_time_tokens().void_all(user_id)) })
    }

    fn remove_expired_one_time(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.one_time_tokens().remove_expired(now, limit)) })
    }
}
