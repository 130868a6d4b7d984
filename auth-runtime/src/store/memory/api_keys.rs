use std::collections::{BTreeSet, HashMap};

use super::MemoryStore;
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{ApiKeyError, ApiKeyRecord, ApiKeyStore, BoxFuture},
    token::TokenHash,
};

impl ApiKeyStore for MemoryStore {
    fn create_key(&self, key: ApiKeyRecord, most: u32) -> BoxFuture<'_, Result<(), ApiKeyError>> {
        Box::pin(async move { self.api_keys().create_key(key, most) })
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

    fn rotate_key<'a>(
        &'a self,
        id: &'a str,
        new: ApiKeyRecord,
        overlap_until: UnixTime,
        most: u32,
    ) -> BoxFuture<'a, Result<(), ApiKeyError>> {
        Box::pin(async move { self.api_keys().rotate_key(id, new, overlap_until, most) })
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

#[derive(Default)]
pub(super) struct ApiKeyTable {
    by_id: HashMap<String, ApiKeyRecord>,
    ids: HashMap<TokenHash, String>,
    by_user: HashMap<String, BTreeSet<String>>,
    /// The ends of keys. A key that never ends has no entry.
    by_end: BTreeSet<(UnixTime, String)>,
}

impl ApiKeyTable {
    fn create_key(&mut self, key: ApiKeyRecord, most: u32) -> Result<(), ApiKeyError> {
        self.check_new(&key)?;
        self.make_room(&key, most)?;
        self.insert(key);
        Ok(())
    }

    fn rotate_key(&mut self, id: &str, new: ApiKeyRecord, until: UnixTime, most: u32) -> Result<(), ApiKeyError> {
        let old = self.by_id.get(id).filter(|old| old.user_id == new.user_id).ok_or(ApiKeyError::Unknown)?;
        if old.replaced_by.is_some() || old.has_ended(new.created_at) {
            return Err(ApiKeyError::Ended);
        }
        self.check_new(&new)?;
        let before = old.clone();
        self.change(id, |old| {
            old.expires_at = Some(old.expires_at.map_or(until, |end| end.min(until)));
            old.replaced_by = Some(new.id.clone());
        });
        if let Err(error) = self.make_room(&new, most) {
            self.change(id, |old| *old = before);
            return Err(error);
        }
        self.insert(new);
        Ok(())
    }

    fn check_new(&self, key: &ApiKeyRecord) -> Result<(), StoreError> {
        if self.ids.contains_key(&key.hash) || self.by_id.contains_key(&key.id) {
            return Err(StoreError::new("memory", "an API key of this identifier or hash is stored already"));
        }
        Ok(())
    }

    /// Removes as many ended keys as the new key needs, so that the user has at most `most`.
    fn make_room(&mut self, new: &ApiKeyRecord, most: u32) -> Result<(), ApiKeyError> {
        let excess =
            self.of(&new.user_id).count().saturating_add(1).saturating_sub(most.try_into().unwrap_or(usize::MAX));
        let mut ended: Vec<_> = self.of(&new.user_id).filter(|key| key.has_ended(new.created_at)).collect();
        ended.sort_by_key(|key| (key.ends_at(), &key.id));
        if ended.len() < excess {
            return Err(ApiKeyError::TooMany);
        }
        let ended: Vec<_> = ended.into_iter().take(excess).map(|key| key.id.clone()).collect();
        ended.iter().for_each(|id| self.remove(id));
        Ok(())
    }

    fn insert(&mut self, key: ApiKeyRecord) {
        self.ids.insert(key.hash, key.id.clone());
        self.by_user.entry(key.user_id.clone()).or_default().insert(key.id.clone());
        self.by_end.extend(key.ends_at().map(|end| (end, key.id.clone())));
        self.by_id.insert(key.id.clone(), key);
    }

    fn of(&self, user_id: &str) -> impl Iterator<Item = &ApiKeyRecord> {
        self.by_user.get(user_id).into_iter().flatten().filter_map(|id| self.by_id.get(id))
    }

    /// Calls `change` with the key, if it exists, and updates its entry in `by_end`.
    fn change(&mut self, id: &str, change: impl FnOnce(&mut ApiKeyRecord)) {
        let Some(key) = self.by_id.get_mut(id) else { return };
        if let Some(end) = key.ends_at() {
            self.by_end.remove(&(end, key.id.clone()));
        }
        change(key);
        self.by_end.extend(key.ends_at().map(|end| (end, key.id.clone())));
    }

    fn remove_expired_keys(&mut self, now: UnixTime, limit: u32) -> u64 {
        let mut removed = 0;
        while removed < u64::from(limit)
            && let Some((end, id)) = self.by_end.first().cloned()
            && end <= now
        {
            self.remove(&id);
            removed = removed.saturating_add(1);
        }
        removed
    }

    fn remove(&mut self, id: &str) {
        let Some(key) = self.by_id.remove(id) else { return };
        self.ids.remove(&key.hash);
        if let Some(end) = key.ends_at() {
            self.by_end.remove(&(end, key.id.clone()));
        }
        if let Some(keys) = self.by_user.get_mut(&key.user_id) {
            keys.remove(id);
            if keys.is_empty() {
                self.by_user.remove(&key.user_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_of_keys_that_ended() {
        let at = UnixTime::from_seconds;
        let mut table = ApiKeyTable::default();
        for number in 0..4_u8 {
            let (id, user_id) = (number.to_string(), (number / 2).to_string());
            let expires_at = (number != 0).then_some(at(9));
            let key = ApiKeyRecord::new(id, user_id, TokenHash::from_bytes([number; 32]), at(0), expires_at);
            table.create_key(key, 10).unwrap();
        }
        table.change("0", |key| key.revoked_at = Some(at(3)));
        table.change("1", |key| key.revoked_at = Some(at(3)));
        assert_eq!((table.remove_expired_keys(at(3), 10), table.remove_expired_keys(at(9), 10)), (2, 2));
        let left = (table.by_id.len(), table.ids.len(), table.by_user.len(), table.by_end.len());
        assert_eq!(left, (0, 0, 0, 0));
    }
}
