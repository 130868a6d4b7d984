use std::collections::{BTreeSet, HashMap};

use super::MemoryStore;
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{BoxFuture, Claim, InsertError, RefreshRecord, RefreshStore},
};

type Hash = [u8; 32];

impl RefreshStore for MemoryStore {
    fn insert(&self, record: RefreshRecord) -> BoxFuture<'_, Result<(), InsertError>> {
        Box::pin(async move { self.refresh_tokens().insert(record) })
    }

    fn claim<'a>(&'a self, hash: &'a Hash, now: UnixTime) -> BoxFuture<'a, Result<Claim, StoreError>> {
        Box::pin(async move { Ok(self.refresh_tokens().claim(hash, now)) })
    }

    fn revoke_session<'a>(&'a self, session_id: &'a str, _: UnixTime) -> BoxFuture<'a, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.refresh_tokens().revoke(session_id)) })
    }

    fn revoke_user<'a>(
        &'a self,
        user_id: &'a str,
        except: Option<&'a str>,
        _: UnixTime,
    ) -> BoxFuture<'a, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.refresh_tokens().revoke_user(user_id, except)) })
    }

    fn remove_expired(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.refresh_tokens().remove_expired(now, limit)) })
    }
}

#[derive(Default)]
pub(super) struct RefreshTable {
    rows: HashMap<Hash, Row>,
    sessions: HashMap<String, Session>,
    by_expiry: BTreeSet<(UnixTime, Hash)>,
}

struct Row {
    record: RefreshRecord,
    claimed_at: Option<UnixTime>,
}

/// A session is revoked as a whole, and kept for as long as any of its tokens is.
#[derive(Default)]
struct Session {
    tokens: u64,
    revoked: bool,
}

impl RefreshTable {
    fn insert(&mut self, record: RefreshRecord) -> Result<(), InsertError> {
        if self.is_revoked(&record.session_id) {
            return Err(InsertError::SessionRevoked);
        }
        if self.rows.contains_key(&record.hash) {
            return Err(StoreError::new("memory", "a refresh token of this hash is stored already").into());
        }
        let session = self.sessions.entry(record.session_id.clone()).or_default();
        session.tokens = session.tokens.saturating_add(1);
        self.by_expiry.insert((record.expires_at, record.hash));
        self.rows.insert(record.hash, Row { record, claimed_at: None });
        Ok(())
    }

    fn claim(&mut self, hash: &Hash, now: UnixTime) -> Claim {
        let Some(row) = self.rows.get_mut(hash) else { return Claim::Unknown };
        let record = row.record.clone();
        if self.sessions.get(&record.session_id).is_some_and(|session| session.revoked) {
            return Claim::Revoked(record);
        }
        if let Some(claimed_at) = row.claimed_at {
            return Claim::Replayed { record, claimed_at };
        }
        if record.expires_at <= now {
            return Claim::Expired;
        }
        row.claimed_at = Some(now);
        Claim::Won(record)
    }

    fn revoke(&mut self, session_id: &str) -> u64 {
        match self.sessions.get_mut(session_id) {
            Some(session) if !session.revoked => {
                session.revoked = true;
                session.tokens
            }
            _ => 0,
        }
    }

    fn revoke_user(&mut self, user_id: &str, except: Option<&str>) -> u64 {
        let records = self.rows.values().map(|row| &row.record).filter(|record| record.user_id == user_id);
        let sessions: BTreeSet<String> = records.map(|record| record.session_id.clone()).collect();
        let others = sessions.iter().filter(|session| Some(session.as_str()) != except);
        others.map(|session| self.revoke(session)).fold(0, u64::saturating_add)
    }

    fn remove_expired(&mut self, now: UnixTime, limit: u32) -> u64 {
        let mut removed = 0;
        while removed < u64::from(limit)
            && let Some(&(expires_at, hash)) = self.by_expiry.first()
            && expires_at <= now
        {
            self.remove(expires_at, &hash);
            removed = removed.saturating_add(1);
        }
        removed
    }

    fn remove(&mut self, expires_at: UnixTime, hash: &Hash) {
        self.by_expiry.remove(&(expires_at, *hash));
        let Some(row) = self.rows.remove(hash) else { return };
        let session_id = row.record.session_id;
        if let Some(session) = self.sessions.get_mut(&session_id) {
            session.tokens = session.tokens.saturating_sub(1);
            if session.tokens == 0 {
                self.sessions.remove(&session_id);
            }
        }
    }

    fn is_revoked(&self, session_id: &str) -> bool {
        self.sessions.get(session_id).is_some_and(|session| session.revoked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_of_tokens_that_expired() {
        let mut table = RefreshTable::default();
        let time = UnixTime::from_seconds(1);
        for number in 0..4 {
            let session_id = format!("{}", number / 2);
            let text = String::new;
            let (user_id, client_id, scope, hash) = (text(), text(), text(), [number; 32]);
            let (issued_at, expires_at, auth_time) = (time, time, time);
            let record =
                RefreshRecord { hash, session_id, user_id, client_id, scope, issued_at, expires_at, auth_time };
            table.insert(record).unwrap();
        }
        table.revoke("0");
        assert_eq!(table.remove_expired(time, 10), 4);
        assert_eq!((table.rows.len(), table.sessions.len(), table.by_expiry.len()), (0, 0, 0));
    }
}
