use auth_runtime::{
    clock::UnixTime,
    store::{
        CookieSwap, Ending, FirstCredential, FoundToken, Reissued, Revocation, Rotated, Rotation, SessionRecord,
        SessionStore, Touch,
    },
    token::TokenHash,
};

use super::{
    session_rows::{SessionRow, TokenRow},
    store::{Answer, OwnStore, Tables, refused, remove},
};

impl SessionStore for OwnStore {
    fn begin(&self, session: SessionRecord, credential: FirstCredential) -> Answer<'_, ()> {
        Box::pin(async move {
            let (hash, is_cookie) = match credential {
                FirstCredential::RefreshToken { hash, .. } => (hash, false),
                FirstCredential::Cookie { hash, .. } => (hash, true),
                _ => return Err(refused("an unknown kind of credential")),
            };
            let (mut tables, hash) = (self.tables(), *hash.as_bytes());
            if tables.is_taken(&hash) || tables.find_session(&session.id).is_some() {
                return Err(refused("the identifier or the hash is taken"));
            }
            let row = SessionRow::of(session, is_cookie.then_some(hash));
            if !is_cookie {
                let (session_id, expires_at) = (row.id.clone(), row.idle_expires_at);
                tables.tokens.push(TokenRow { hash, session_id, expires_at, used: None });
            }
            tables.sessions.push(row);
            Ok(())
        })
    }

    fn find_session<'a>(&'a self, id: &'a str) -> Answer<'a, Option<SessionRecord>> {
        Box::pin(async move { Ok(self.tables().find_session(id).map(|row| self.session(row))) })
    }

    fn find_by_token<'a>(&'a self, hash: &'a TokenHash) -> Answer<'a, Option<FoundToken>> {
        Box::pin(async move {
            let tables = self.tables();
            Ok(tables.find_token(hash.as_bytes()).map(|(session, token)| self.found_token(session, token)))
        })
    }

    fn find_by_cookie<'a>(&'a self, hash: &'a TokenHash) -> Answer<'a, Option<SessionRecord>> {
        Box::pin(async move {
            let tables = self.tables();
            let found = tables.sessions.iter().find(|row| row.cookie.as_ref() == Some(hash.as_bytes()));
            Ok(found.map(|row| self.session(row)))
        })
    }

    fn list<'a>(&'a self, user_id: &'a str, now: UnixTime) -> Answer<'a, Vec<SessionRecord>> {
        Box::pin(async move {
            let tables = self.tables();
            let mut live: Vec<_> = tables.sessions.iter().filter(|row| row.user_id == user_id).collect();
            live.retain(|row| row.is_live(now));
            live.sort_by(|one, other| (other.last_used_at, &other.id).cmp(&(one.last_used_at, &one.id)));
            Ok(live.into_iter().map(|row| self.session(row)).collect())
        })
    }

    fn rotate<'a>(&'a self, rotation: Rotation<'a>) -> Answer<'a, Rotated> {
        Box::pin(async move { self.rotate_token(&rotation) })
    }

    fn touch<'a>(&'a self, touch: Touch<'a>) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.touch_row(&mut self.tables(), &touch)) })
    }

    fn reauthenticated<'a>(&'a self, id: &'a str, cookie: Option<CookieSwap>, auth_time: UnixTime) -> Answer<'a, bool> {
        Box::pin(async move {
            let mut tables = self.tables();
            let new = cookie.map(|swap| self.members.keep("CookieSwap::new", *swap.new.as_bytes(), [0; 32]));
            let is_taken = new.is_some_and(|new| tables.is_taken(&new));
            let session = tables.sessions.iter_mut().find(|row| row.id == id && row.ended.is_none());
            let Some(session) = session else { return Ok(false) };
            if let (Some(swap), Some(new)) = (cookie, new) {
                let old = self.members.keep("CookieSwap::old", *swap.old.as_bytes(), [0; 32]);
                if session.cookie != Some(old) || is_taken {
                    return Ok(false);
                }
                session.cookie = Some(new);
            }
            session.auth_time = session.auth_time.max(auth_time.as_seconds());
            Ok(true)
        })
    }

    fn end<'a>(&'a self, id: &'a str, user_id: &'a str, ending: Ending) -> Answer<'a, bool> {
        Box::pin(async move {
            let mut tables = self.tables();
            let is_own = tables.find_session(id).is_some_and(|row| row.user_id == user_id);
            Ok(is_own && self.end_row(&mut tables, id, ending))
        })
    }

    fn end_all<'a>(&'a self, user_id: &'a str, except: Option<&'a str>, ending: Ending) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let mut tables = self.tables();
            let mut ids = tables.unended(user_id);
            ids.retain(|id| Some(id.as_str()) != except && self.end_row(&mut tables, id, ending));
            Ok(ids)
        })
    }

    fn remove_all<'a>(&'a self, user_id: &'a str, ending: Ending) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let mut tables = self.tables();
            let mut ids = tables.unended(user_id);
            ids.retain(|id| self.end_row(&mut tables, id, ending));
            let removed = remove(&mut tables.sessions, u32::MAX, |row| row.user_id == user_id, |_| ());
            tables.tokens.retain(|token| removed.iter().all(|session| session.id != token.session_id));
            Ok(ids)
        })
    }

    fn reissue<'a>(&'a self, user_id: &'a str, remember_until: UnixTime) -> Answer<'a, Vec<Reissued>> {
        Box::pin(async move {
            let (mut tables, mut reissued) = (self.tables(), Vec::new());
            for id in tables.unended(user_id) {
                let Some(row) = tables.sessions.iter_mut().find(|row| row.id == id) else { continue };
                row.generation += 1;
                let generation = row.generation;
                tables.revoke(true, &id, Some(generation), remember_until.as_seconds());
                let id = self.members.keep("Reissued::session_id", id, String::new());
                reissued.push(Reissued::new(id, self.members.keep("Reissued::generation", generation, 0)));
            }
            Ok(reissued)
        })
    }

    fn revoke_token<'a>(&'a self, token_id: &'a str, remember_until: UnixTime) -> Answer<'a, ()> {
        Box::pin(async move {
            self.tables().revoke(false, token_id, None, remember_until.as_seconds());
            Ok(())
        })
    }

    fn revocations(&self, after: u64) -> Answer<'_, Vec<Revocation>> {
        Box::pin(async move {
            let tables = self.tables();
            Ok(tables.revocations.iter().filter(|row| row.position > after).map(|row| self.revocation(row)).collect())
        })
    }

    fn remove_expired(&self, now: UnixTime, limit: u32) -> Answer<'_, u64> {
        Box::pin(async move { Ok(remove_expired(&mut self.tables(), now.as_seconds(), limit)) })
    }
}

fn remove_expired(tables: &mut Tables, now: i64, limit: u32) -> u64 {
    let sessions = remove(&mut tables.sessions, limit, |row| row.over_at() <= now, SessionRow::over_at);
    tables.tokens.retain(|token| sessions.iter().all(|session| session.id != token.session_id));
    let tokens = remove(&mut tables.tokens, limit, |row| row.expires_at <= now, |row| row.expires_at);
    let is_due =
        |row: &TokenRow| row.used.as_ref().is_some_and(|used| used.sealed.is_some() && used.sealed_until <= now);
    let sealed = tables.tokens.iter_mut().filter(|row| is_due(row)).take(limit as usize);
    let seals = sealed.filter_map(|row| row.used.as_mut()?.sealed.take()).count();
    let newest = tables.last_position;
    let is_over = |row: &super::session_rows::RevocationRow| row.remember_until <= now && row.position < newest;
    let revocations = remove(&mut tables.revocations, limit, is_over, |row| row.remember_until);
    (sessions.len() + tokens.len() + seals + revocations.len()) as u64
}
