use auth_runtime::{
    clock::UnixTime,
    store::{ApiKeyError, ApiKeyLimit, ApiKeyRecord, ApiKeyStore},
    token::TokenHash,
};

use super::store::{Answer, OwnStore, Tables, at, refused, remove};

#[derive(Clone)]
pub(super) struct KeyRow {
    id: String,
    user_id: String,
    name: String,
    hash: [u8; 32],
    display: String,
    scopes: Vec<String>,
    limit: Option<(u32, u32)>,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
    replaced_by: Option<String>,
}

impl KeyRow {
    fn of(key: ApiKeyRecord) -> Self {
        Self {
            id: key.id,
            user_id: key.user_id,
            name: key.name,
            hash: *key.hash.as_bytes(),
            display: key.display,
            scopes: key.scopes,
            limit: key.limit.map(|limit| (limit.count.get(), limit.per_seconds.get())),
            created_at: key.created_at.as_seconds(),
            expires_at: key.expires_at.map(UnixTime::as_seconds),
            last_used_at: key.last_used_at.map(UnixTime::as_seconds),
            revoked_at: key.revoked_at.map(UnixTime::as_seconds),
            replaced_by: key.replaced_by,
        }
    }

    fn ends_at(&self) -> Option<i64> {
        self.expires_at.into_iter().chain(self.revoked_at).min()
    }

    fn has_ended(&self, now: i64) -> bool {
        self.revoked_at.is_some() || self.expires_at.is_some_and(|end| end <= now)
    }
}

impl OwnStore {
    fn api_key(&self, row: &KeyRow) -> ApiKeyRecord {
        let members = &self.members;
        let mut key = ApiKeyRecord::new(
            members.keep("ApiKeyRecord::id", row.id.clone(), String::new()),
            members.keep("ApiKeyRecord::user_id", row.user_id.clone(), String::new()),
            TokenHash::from_bytes(members.keep("ApiKeyRecord::hash", row.hash, [0; 32])),
            at(members.keep("ApiKeyRecord::created_at", row.created_at, 0)),
            members.keep("ApiKeyRecord::expires_at", row.expires_at.map(at), None),
        );
        let limit = row.limit.map(|(count, per_seconds)| {
            let count = members.keep("ApiKeyLimit::count", count, 1);
            let per_seconds = members.keep("ApiKeyLimit::per_seconds", per_seconds, 1);
            ApiKeyLimit::new(count.try_into().unwrap(), per_seconds.try_into().unwrap())
        });
        members.set("ApiKeyRecord::name", &mut key.name, row.name.clone());
        members.set("ApiKeyRecord::display", &mut key.display, row.display.clone());
        members.set("ApiKeyRecord::scopes", &mut key.scopes, row.scopes.clone());
        members.set("ApiKeyRecord::limit", &mut key.limit, limit);
        members.set("ApiKeyRecord::last_used_at", &mut key.last_used_at, row.last_used_at.map(at));
        members.set("ApiKeyRecord::revoked_at", &mut key.revoked_at, row.revoked_at.map(at));
        members.set("ApiKeyRecord::replaced_by", &mut key.replaced_by, row.replaced_by.clone());
        key
    }

    fn change_key(&self, id: &str, change: impl FnOnce(&mut KeyRow)) {
        self.tables().keys.iter_mut().find(|row| row.id == id).map(change);
    }
}

/// Adds a key to a copy of the table, with room for it.
fn with_key(mut keys: Vec<KeyRow>, new: KeyRow, max_keys: u32) -> Result<Vec<KeyRow>, ApiKeyError> {
    if keys.iter().any(|row| row.id == new.id || row.hash == new.hash) {
        return Err(refused("the identifier or the hash is taken").into());
    }
    let is_own = |row: &KeyRow| row.user_id == new.user_id;
    let held = u32::try_from(keys.iter().filter(|row| is_own(row)).count()).unwrap();
    let excess = (held + 1).saturating_sub(max_keys);
    let is_over = |row: &KeyRow| is_own(row) && row.has_ended(new.created_at);
    let removed = remove(&mut keys, excess, is_over, |row| (row.ends_at(), row.id.clone()));
    if removed.len() < excess as usize {
        return Err(ApiKeyError::TooMany);
    }
    keys.push(new);
    Ok(keys)
}

impl Tables {
    fn keys_of(&self, user_id: &str) -> Vec<&KeyRow> {
        let mut keys: Vec<_> = self.keys.iter().filter(|row| row.user_id == user_id).collect();
        keys.sort_by(|one, other| one.id.cmp(&other.id));
        keys
    }
}

impl ApiKeyStore for OwnStore {
    fn create_key(&self, key: ApiKeyRecord, max_keys: u32) -> Answer<'_, (), ApiKeyError> {
        Box::pin(async move {
            let mut tables = self.tables();
            tables.keys = with_key(tables.keys.clone(), KeyRow::of(key), max_keys)?;
            Ok(())
        })
    }

    fn find_key<'a>(&'a self, hash: &'a TokenHash) -> Answer<'a, Option<ApiKeyRecord>> {
        Box::pin(async move {
            let tables = self.tables();
            Ok(tables.keys.iter().find(|row| row.hash == *hash.as_bytes()).map(|row| self.api_key(row)))
        })
    }

    fn list_keys<'a>(&'a self, user_id: &'a str) -> Answer<'a, Vec<ApiKeyRecord>> {
        Box::pin(async move { Ok(self.tables().keys_of(user_id).into_iter().map(|row| self.api_key(row)).collect()) })
    }

    fn revoke_key<'a>(&'a self, user_id: &'a str, id: &'a str, now: UnixTime) -> Answer<'a, bool> {
        Box::pin(async move {
            let mut tables = self.tables();
            let key = tables.keys.iter_mut().find(|row| row.id == id && row.user_id == user_id);
            Ok(key.map(|row| row.revoked_at = row.revoked_at.or(Some(now.as_seconds()))).is_some())
        })
    }

    fn revoke_all_keys<'a>(&'a self, user_id: &'a str, now: UnixTime) -> Answer<'a, u64> {
        Box::pin(async move {
            let mut revoked = 0;
            for key in self.tables().keys.iter_mut().filter(|row| row.user_id == user_id && row.revoked_at.is_none()) {
                key.revoked_at = Some(now.as_seconds());
                revoked += 1;
            }
            Ok(revoked)
        })
    }

    fn remove_all_keys<'a>(&'a self, user_id: &'a str) -> Answer<'a, u64> {
        Box::pin(async move {
            let keys = &mut self.tables().keys;
            let before = keys.len();
            keys.retain(|row| row.user_id != user_id);
            Ok((before - keys.len()) as u64)
        })
    }

    fn rotate_key<'a>(
        &'a self,
        id: &'a str,
        new: ApiKeyRecord,
        overlap_until: UnixTime,
        max_keys: u32,
    ) -> Answer<'a, (), ApiKeyError> {
        Box::pin(async move {
            let (mut tables, new, until) = (self.tables(), KeyRow::of(new), overlap_until.as_seconds());
            let mut keys = tables.keys.clone();
            let old = keys.iter_mut().find(|row| row.id == id && row.user_id == new.user_id);
            let old = old.ok_or(ApiKeyError::Unknown)?;
            if old.replaced_by.is_some() || old.has_ended(new.created_at) {
                return Err(ApiKeyError::Ended);
            }
            old.expires_at = Some(old.expires_at.map_or(until, |end| end.min(until)));
            old.replaced_by = Some(new.id.clone());
            tables.keys = with_key(keys, new, max_keys)?;
            Ok(())
        })
    }

    fn key_used<'a>(&'a self, id: &'a str, now: UnixTime) -> Answer<'a, ()> {
        Box::pin(async move {
            self.change_key(id, |row| row.last_used_at = row.last_used_at.max(Some(now.as_seconds())));
            Ok(())
        })
    }

    fn remove_expired_keys(&self, now: UnixTime, limit: u32) -> Answer<'_, u64> {
        Box::pin(async move {
            let is_over = |row: &KeyRow| row.ends_at().is_some_and(|end| end <= now.as_seconds());
            Ok(remove(&mut self.tables().keys, limit, is_over, KeyRow::ends_at).len() as u64)
        })
    }
}
