use super::MemoryStore;
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{ApiKeyError, ApiKeyRecord, ApiKeyStore, BoxFuture},
    token::TokenHash,
};

impl ApiKeyStore for MemoryStore {
    fn create_key(&self, key: ApiKeyRecord, max_keys: u32) -> BoxFuture<'_, Result<(), ApiKeyError>> {
        Box::pin(async move { self.api_keys().create_key(key, max_keys) })
    }

    fn find_key<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<ApiKeyRecord>, StoreError>> {
        Box::pin(async move {
            let table = self.api_keys();
            Ok(table.ids.get(hash).and_then(|id| table.by_id.get(id)).cloned())
        })
    }

    fn list_keys<'a>(&'a self, user_id: &'a str) -> BoxFuture<'a, Result<Vec<ApiKeyRecord>, StoreError>> {
        Box::pin(async move { Ok(self.api_keys().of(user_id).cloned().collect()) })
    }

    fn revoke_key<'a>(
        &'a self,
        user_id: &'a str,
        id: &'a str,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let mut table = self.api_keys();
            let is_own = table.by_id.get(id).is_some_and(|key| key.user_id == user_id);
            if is_own {
                table.change(id, |key| key.revoked_at = key.revoked_at.or(Some(now)));
            }
            Ok(is_own)
        })
    }

    fn revoke_all_keys<'a>(&'a self, user_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            let mut table = self.api_keys();
            let live = table.of(user_id).filter(|key| key.revoked_at.is_none());
            let live: Vec<_> = live.map(|key| key.id.clone()).collect();
            for id in &live {
                table.change(id, |key| key.revoked_at = Some(now));
            }
            Ok(live.len().try_into().unwrap_or(u64::MAX))
        })
    }

    fn remove_all_keys<'a>(&'a self, user_id: &'a str) -> BoxFuture<'a, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.api_keys().remove_all(user_id)) })
    }

    fn rotate_key<'a>(
        &'a self,
        id: &'a str,
        new: ApiKeyRecord,
        overlap_until: UnixTime,
        max_keys: u32,
    ) -> BoxFuture<'a, Result<(), ApiKeyError>> {
        Box::pin(async move { self.api_keys().rotate_key(id, new, overlap_until, max_keys) })
    }

    fn key_used<'a>(&'a self, id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.api_keys().change(id, |key| key.last_used_at = key.last_used_at.max(Some(now)));
            Ok(())
        })
    }

    fn remove_expired_keys(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.api_keys().remove_expired_keys(now, limit)) })
    }
}
