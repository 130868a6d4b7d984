use std::collections::{BTreeSet, HashMap};

use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{ApiKeyError, ApiKeyRecord},
    token::TokenHash,
};

/// All API keys, and what finds them.
#[derive(Default)]
pub(super) struct ApiKeyTable {
    pub(super) by_id: HashMap<String, ApiKeyRecord>,
    pub(super) ids: HashMap<TokenHash, String>,
    by_user: HashMap<String, BTreeSet<String>>,
    /// The ends of keys. A key that never ends has no entry.
    by_end: BTreeSet<(UnixTime, String)>,
}

impl ApiKeyTable {
    pub(super) fn create_key(&mut self, key: ApiKeyRecord, max_keys: u32) -> Result<(), ApiKeyError> {
        self.check_new(&key)?;
        self.make_room(&key, max_keys)?;
        self.insert(key);
        Ok(())
    }

    pub(super) fn rotate_key(
        &mut self,
        id: &str,
        new: ApiKeyRecord,
        until: UnixTime,
        max_keys: u32,
    ) -> Result<(), ApiKeyError> {
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
        if let Err(error) = self.make_room(&new, max_keys) {
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

    /// Removes as many ended keys as the new key needs, so that the user has at most `max_keys`.
    fn make_room(&mut self, new: &ApiKeyRecord, max_keys: u32) -> Result<(), ApiKeyError> {
        let excess =
            self.of(&new.user_id).count().saturating_add(1).saturating_sub(max_keys.try_into().unwrap_or(usize::MAX));
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

    pub(super) fn of(&self, user_id: &str) -> impl Iterator<Item = &ApiKeyRecord> {
        self.by_user.get(user_id).into_iter().flatten().filter_map(|id| self.by_id.get(id))
    }

    /// Calls `change` with the key, if it exists, and updates its entry in `by_end`.
    pub(super) fn change(&mut self, id: &str, change: impl FnOnce(&mut ApiKeyRecord)) {
        let Some(key) = self.by_id.get_mut(id) else { return };
        if let Some(end) = key.ends_at() {
            self.by_end.remove(&(end, key.id.clone()));
        }
        change(key);
        self.by_end.extend(key.ends_at().map(|end| (end, key.id.clone())));
    }

    pub(super) fn remove_expired_keys(&mut self, now: UnixTime, limit: u32) -> u64 {
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

    pub(super) fn remove_all(&mut self, user_id: &str) -> u64 {
        let ids: Vec<_> = self.of(user_id).map(|key| key.id.clone()).collect();
        ids.iter().for_each(|id| self.remove(id));
        u64::try_from(ids.len()).unwrap_or(u64::MAX)
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
    fn ended_keys_leave_nothing_behind() {
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
