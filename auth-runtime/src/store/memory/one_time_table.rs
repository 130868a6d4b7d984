use std::collections::{BTreeSet, HashMap};

use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{OneTimeRecord, Purpose},
    token::TokenHash,
};

/// All one-time tokens, and what finds them.
#[derive(Default)]
pub(super) struct OneTimeTable {
    rows: HashMap<TokenHash, OneTimeRecord>,
    by_user: HashMap<(String, Purpose), TokenHash>,
    by_expiry: BTreeSet<(UnixTime, TokenHash)>,
}

impl OneTimeTable {
    pub(super) fn issue(&mut self, record: OneTimeRecord) -> Result<(), StoreError> {
        if self.rows.contains_key(&record.hash) {
            return Err(StoreError::new("memory", "a one-time token of this hash is stored already"));
        }
        self.void(&record.user_id, record.purpose);
        self.by_user.insert((record.user_id.clone(), record.purpose), record.hash);
        self.by_expiry.insert((record.expires_at, record.hash));
        self.rows.insert(record.hash, record);
        Ok(())
    }

    pub(super) fn find(&self, hash: &TokenHash, purpose: Purpose, now: UnixTime) -> Option<&OneTimeRecord> {
        self.rows.get(hash).filter(|record| record.purpose == purpose && record.expires_at > now)
    }

    pub(super) fn redeem(&mut self, hash: &TokenHash, purpose: Purpose, now: UnixTime) -> Option<OneTimeRecord> {
        self.find(hash, purpose, now)?;
        self.remove(hash)
    }

    pub(super) fn void(&mut self, user_id: &str, purpose: Purpose) -> bool {
        let hash = self.by_user.get(&(user_id.to_owned(), purpose)).copied();
        hash.and_then(|hash| self.remove(&hash)).is_some()
    }

    pub(super) fn void_all(&mut self, user_id: &str) -> u64 {
        let voided = Purpose::ALL.into_iter().filter(|purpose| self.void(user_id, *purpose)).count();
        u64::try_from(voided).unwrap_or(u64::MAX)
    }

    pub(super) fn remove_expired(&mut self, now: UnixTime, limit: u32) -> u64 {
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
        self.by_user.remove(&(record.user_id.clone(), record.purpose));
        self.by_expiry.remove(&(record.expires_at, *hash));
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ended_tokens_leave_nothing_behind() {
        let mut table = OneTimeTable::default();
        for number in 0..6 {
            let record = OneTimeRecord {
                hash: TokenHash::from_bytes([number; 32]),
                purpose: Purpose::PasswordReset,
                user_id: format!("{}", number / 2),
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
        assert_eq!((table.rows.len(), table.by_user.len(), table.by_expiry.len()), (0, 0, 0));
    }
}
