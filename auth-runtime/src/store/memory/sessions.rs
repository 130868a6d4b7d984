use super::MemoryStore;
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{
        BoxFuture, CookieSwap, Ending, FirstCredential, FoundToken, Reissued, Revocation, RevokedTarget, Rotated,
        Rotation, SessionRecord, SessionStore, Touch,
    },
    token::TokenHash,
};

impl SessionStore for MemoryStore {
    fn begin(&self, session: SessionRecord, credential: FirstCredential) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { self.sessions().begin(session, credential) })
    }

    fn find_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>> {
        Box::pin(async move { Ok(self.sessions().find(id)) })
    }

    fn find_by_token<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<FoundToken>, StoreError>> {
        Box::pin(async move { Ok(self.sessions().find_by_token(hash)) })
    }

    fn find_by_cookie<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>> {
        Box::pin(async move { Ok(self.sessions().find_by_cookie(hash)) })
    }

    fn list<'a>(&'a self, user_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Vec<SessionRecord>, StoreError>> {
        Box::pin(async move { Ok(self.sessions().list(user_id, now)) })
    }

    fn rotate<'a>(&'a self, rotation: Rotation<'a>) -> BoxFuture<'a, Result<Rotated, StoreError>> {
        Box::pin(async move { self.sessions().rotate(&rotation) })
    }

    fn touch<'a>(&'a self, touch: Touch<'a>) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.sessions().touch(&touch)) })
    }

    fn reauthenticated<'a>(
        &'a self,
        id: &'a str,
        cookie: Option<CookieSwap>,
        auth_time: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.sessions().reauthenticated(id, cookie, auth_time)) })
    }

    fn end<'a>(&'a self, id: &'a str, user_id: &'a str, ending: Ending) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.sessions().end(id, user_id, ending)) })
    }

    fn end_all<'a>(
        &'a self,
        user_id: &'a str,
        except: Option<&'a str>,
        ending: Ending,
    ) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        Box::pin(async move { Ok(self.sessions().end_all(user_id, except, ending)) })
    }

    fn remove_all<'a>(&'a self, user_id: &'a str, ending: Ending) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        Box::pin(async move { Ok(self.sessions().remove_all(user_id, ending)) })
    }

    fn reissue<'a>(
        &'a self,
        user_id: &'a str,
        remember_until: UnixTime,
    ) -> BoxFuture<'a, Result<Vec<Reissued>, StoreError>> {
        Box::pin(async move { Ok(self.sessions().reissue(user_id, remember_until)) })
    }

    fn revoke_token<'a>(
        &'a self,
        token_id: &'a str,
        remember_until: UnixTime,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.sessions().revocations.add(RevokedTarget::Token(token_id.to_owned()), None, remember_until);
            Ok(())
        })
    }

    fn revocations(&self, after: u64) -> BoxFuture<'_, Result<Vec<Revocation>, StoreError>> {
        Box::pin(async move { Ok(self.sessions().revocations.after(after)) })
    }

    fn remove_expired(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.sessions().remove_expired(now, limit)) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::session_table::SessionTable;
    use crate::{
        clock::UnixTime,
        store::{EndReason, Ending, FirstCredential, SessionKind, SessionRecord},
        token::TokenHash,
    };

    #[test]
    fn ended_sessions_leave_nothing_behind() {
        let mut table = SessionTable::default();
        let time = UnixTime::from_seconds(1);
        for number in 0..4 {
            let record = SessionRecord::new(number.to_string(), "user", "", SessionKind::Bearer, time);
            let hash = TokenHash::from_bytes([number; 32]);
            let credential =
                if number % 2 == 0 { FirstCredential::Cookie { hash } } else { FirstCredential::RefreshToken { hash } };
            table.begin(record, credential).unwrap();
        }
        table.end_all("user", None, Ending::new(EndReason::SignedOut, time, time));
        while table.remove_expired(time, 1) > 0 {}
        assert_eq!(table.rows(), 1, "the newest revocation");
    }
}
