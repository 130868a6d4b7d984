use auth_runtime::{
    clock::UnixTime,
    store::{OneTimeRecord, OneTimeTokenStore, Purpose},
    token::TokenHash,
};

use super::store::{Answer, OwnStore, at, refused, remove};

pub(super) struct OneTimeRow {
    hash: [u8; 32],
    purpose: &'static str,
    user_id: String,
    email: String,
    expires_at: i64,
}

impl OneTimeRow {
    fn is_live(&self, hash: &TokenHash, purpose: Purpose, now: UnixTime) -> bool {
        self.hash == *hash.as_bytes() && self.purpose == purpose.name() && self.expires_at > now.as_seconds()
    }
}

impl OwnStore {
    fn one_time_token(&self, row: &OneTimeRow, purpose: Purpose) -> OneTimeRecord {
        let members = &self.members;
        let other = if purpose == Purpose::PasswordReset { Purpose::EmailVerification } else { Purpose::PasswordReset };
        OneTimeRecord::new(
            TokenHash::from_bytes(members.keep("OneTimeRecord::hash", row.hash, [0; 32])),
            members.keep("OneTimeRecord::purpose", purpose, other),
            members.keep("OneTimeRecord::user_id", row.user_id.clone(), String::new()),
            members.keep("OneTimeRecord::email", row.email.clone(), String::new()),
            at(members.keep("OneTimeRecord::expires_at", row.expires_at, 0)),
        )
    }
}

impl OneTimeTokenStore for OwnStore {
    fn issue_one_time(&self, record: OneTimeRecord) -> Answer<'_, ()> {
        Box::pin(async move {
            let row = OneTimeRow {
                hash: *record.hash.as_bytes(),
                purpose: record.purpose.name(),
                user_id: record.user_id,
                email: record.email,
                expires_at: record.expires_at.as_seconds(),
            };
            let rows = &mut self.tables().one_time;
            if rows.iter().any(|other| other.hash == row.hash) {
                return Err(refused("the hash is taken"));
            }
            rows.retain(|other| (&other.user_id, other.purpose) != (&row.user_id, row.purpose));
            rows.push(row);
            Ok(())
        })
    }

    fn find_one_time<'a>(
        &'a self,
        hash: &'a TokenHash,
        purpose: Purpose,
        now: UnixTime,
    ) -> Answer<'a, Option<OneTimeRecord>> {
        Box::pin(async move {
            let tables = self.tables();
            let found = tables.one_time.iter().find(|row| row.is_live(hash, purpose, now));
            Ok(found.map(|row| self.one_time_token(row, purpose)))
        })
    }

    fn redeem_one_time<'a>(
        &'a self,
        hash: &'a TokenHash,
        purpose: Purpose,
        now: UnixTime,
    ) -> Answer<'a, Option<OneTimeRecord>> {
        Box::pin(async move {
            let rows = &mut self.tables().one_time;
            let removed = remove(rows, 1, |row| row.is_live(hash, purpose, now), |_| ());
            Ok(removed.first().map(|row| self.one_time_token(row, purpose)))
        })
    }

    fn void_one_time<'a>(&'a self, user_id: &'a str, purpose: Purpose) -> Answer<'a, bool> {
        Box::pin(async move {
            let rows = &mut self.tables().one_time;
            let is_void = |row: &OneTimeRow| row.user_id == user_id && row.purpose == purpose.name();
            Ok(!remove(rows, 1, is_void, |_| ()).is_empty())
        })
    }

    fn void_all_one_time<'a>(&'a self, user_id: &'a str) -> Answer<'a, u64> {
        Box::pin(async move {
            let rows = &mut self.tables().one_time;
            Ok(remove(rows, u32::MAX, |row| row.user_id == user_id, |_| ()).len() as u64)
        })
    }

    fn remove_expired_one_time(&self, now: UnixTime, limit: u32) -> Answer<'_, u64> {
        Box::pin(async move {
            let rows = &mut self.tables().one_time;
            let removed = remove(rows, limit, |row| row.expires_at <= now.as_seconds(), |row| row.expires_at);
            Ok(removed.len() as u64)
        })
    }
}
