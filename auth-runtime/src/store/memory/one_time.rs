use std::collections::{BTreeSet, HashMap};

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

    fn void_one_time<'a>(&'a self, account_id: &'a str, purpose: Purpose) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.one_time_tokens().void(account_id, purpose)) })
    }

    fn remove_expired_one_time(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.one_time_tokens().remove_expired(now, limit)) })
    }
}

#[derive(Default)]
pub(super) struct OneTimeTable {
    rows: HashMap<TokenHash, OneTimeRecord>,
    by_account: HashMap<(String, Purpose), TokenHash>,
    by_expiry: BTreeSet<(UnixTime, TokenHash)>,
}

impl OneTimeTable {
    fn issue(&mut self, record: OneTimeRecord) -> Result<(), StoreError> {
        if self.rows.contains_key(&record.hash) {
            return Err(StoreError::new("memory", "a one-time token of this hash is stored already"));
        }
        self.void(&record.account_id, record.purpose);
        self.by_account.insert((record.account_id.clone(), record.purpose), record.hash);
        self.by_expiry.insert((record.expires_at, record.hash));
        self.rows.insert(record.hash, record);
        Ok(())
    }

    fn find(&self, hash: &TokenHash, purpose: Purpose, now: UnixTime) -> Option<&OneTimeRecord> {
        self.rows.get(hash).filter(|record| record.purpose == purpose && record.expires_at > now)
    }

    fn redeem(&mut self, hash: &TokenHash, purpose: Purpose, now: UnixTime) -> Option<OneTimeRecord> {
        self.find(hash, purpose, now)?;
        self.remove(hash)
    }

    fn void(&mut self, account_id: &str, purpose: Purpose) -> bool {
        let hash = self.by_account.get(&(account_id.to_owned(), purpose)).copied();
        hash.and_then(|hash| self.remove(&hash)).is_some()
    }

    fn remove_expired(&mut self, now: UnixTime, limit: u32) -> u64 {
        let mut removed = 0;
        while removed < u64::from(limit)
            && let Some(&(expires_at, hash)) = self.by_expiry.first()
            && expires_at <= now
        {
            self.remove(&hash);
            removed = removed.saturating_add(1);
        }
        removed
    }

    fn remove(&mut self, hash: &TokenHash) -> Option<OneTimeRecord> {
        let record = self.rows.remove(hash)?;
        self.by_account.remove(&(record.account_id.clone(), record.purpose));
        self.by_expiry.remove(&(record.expires_at, *hash));
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_of_tokens_that_are_over() {
        let mut table = OneTimeTable::default();
        for number in 0..6 {
            let record = OneTimeRecord {
                hash: TokenHash::from_bytes([number; 32]),
                purpose: Purpose::PasswordReset,
                account_id: format!("{}", number / 2),
                email: String::new(),
                expires_at: UnixTime::from_seconds(9),
            };
            table.issue(record).unwrap();
        }
        assert!(
            table.redeem(&TokenHash::from_bytes([1; 32]), Purpose::PasswordReset, UnixTime::from_seconds(8)).is_some()
        );
        assert!(table.void("1", Purpose::PasswordReset));
        assert_eq!(table.remove_expired(UnixTime::from_seconds(9), 9), 1);
        assert_eq!((table.rows.len(), table.by_account.len(), table.by_expiry.len()), (0, 0, 0));
    }
}
