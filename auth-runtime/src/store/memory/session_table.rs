use std::collections::{BTreeSet, HashMap, HashSet};

use super::{due::Due, revocation_table::RevocationTable};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{
        CookieSwap, EndReason, Ended, Ending, Fingerprint, FirstCredential, FoundToken, Reissued, RevokedTarget,
        SessionRecord, Touch,
    },
    token::TokenHash,
};

/// All sessions, with their credentials and the revocations.
#[derive(Default)]
pub(super) struct SessionTable {
    pub(super) sessions: HashMap<String, Session>,
    by_user: HashMap<String, BTreeSet<String>>,
    cookies: HashMap<TokenHash, String>,
    pub(super) tokens: HashMap<TokenHash, Token>,
    sessions_due: Due<String>,
    pub(super) tokens_due: Due<TokenHash>,
    pub(super) seals_due: Due<TokenHash>,
    pub(super) revocations: RevocationTable,
}

/// A session, and the hashes of the credentials that continue it.
pub(super) struct Session {
    pub(super) record: SessionRecord,
    pub(super) tokens: HashSet<TokenHash>,
    cookie: Option<TokenHash>,
}

/// A refresh token.
pub(super) struct Token {
    pub(super) session_id: String,
    pub(super) expires_at: UnixTime,
    pub(super) used: Option<Use>,
}

/// The use of a refresh token.
pub(super) struct Use {
    pub(super) at: UnixTime,
    pub(super) fingerprint: Fingerprint,
    /// Empty once the grace window has passed and the successor was removed.
    pub(super) sealed: Vec<u8>,
    pub(super) sealed_until: UnixTime,
}

impl SessionTable {
    pub(super) fn begin(&mut self, record: SessionRecord, credential: FirstCredential) -> Result<(), StoreError> {
        let (FirstCredential::RefreshToken { hash } | FirstCredential::Cookie { hash }) = credential;
        let is_taken = self.sessions.contains_key(&record.id)
            || self.tokens.contains_key(&hash)
            || self.cookies.contains_key(&hash);
        if is_taken {
            return Err(StoreError::new("memory", "a session of this identifier or hash is stored already"));
        }
        let (id, expires_at) = (record.id.clone(), record.idle_expires_at);
        self.by_user.entry(record.user_id.clone()).or_default().insert(id.clone());
        self.sessions_due.at(over_at(&record), id.clone());
        let mut session = Session { record, tokens: HashSet::new(), cookie: None };
        match credential {
            FirstCredential::RefreshToken { hash } => {
                session.tokens.insert(hash);
                self.tokens_due.at(expires_at, hash);
                self.tokens.insert(hash, Token { session_id: id.clone(), expires_at, used: None });
            }
            FirstCredential::Cookie { hash } => {
                session.cookie = Some(hash);
                self.cookies.insert(hash, id.clone());
            }
        }
        self.sessions.insert(id, session);
        Ok(())
    }

    pub(super) fn find(&self, id: &str) -> Option<SessionRecord> {
        self.sessions.get(id).map(|session| session.record.clone())
    }

    pub(super) fn find_by_token(&self, hash: &TokenHash) -> Option<FoundToken> {
        let token = self.tokens.get(hash)?;
        Some(FoundToken { session: self.find(&token.session_id)?, is_used: token.used.is_some() })
    }

    pub(super) fn find_by_cookie(&self, hash: &TokenHash) -> Option<SessionRecord> {
        self.cookies.get(hash).and_then(|id| self.find(id))
    }

    pub(super) fn list(&self, user_id: &str, now: UnixTime) -> Vec<SessionRecord> {
        let ids = self.by_user.get(user_id).into_iter().flatten();
        let mut sessions: Vec<_> = ids.filter_map(|id| self.find(id)).filter(|session| session.is_live(now)).collect();
        sessions.sort_by(|one, other| other.last_used_at.cmp(&one.last_used_at).then_with(|| other.id.cmp(&one.id)));
        sessions
    }

    pub(super) fn touch(&mut self, touch: &Touch<'_>) -> bool {
        let due = &mut self.sessions_due;
        let Some(session) = self.sessions.get_mut(touch.id).filter(|session| session.record.is_live(touch.now)) else {
            return false;
        };
        let record = &mut session.record;
        due.not_at(over_at(record), &record.id);
        record.last_used_at = record.last_used_at.max(touch.now);
        record.idle_expires_at = record.idle_expires_at.max(touch.idle_expires_at);
        record.client.address.clone_from(&touch.client.address);
        record.client.user_agent.clone_from(&touch.client.user_agent);
        due.at(over_at(record), record.id.clone());
        true
    }

    pub(super) fn reauthenticated(&mut self, id: &str, cookie: Option<CookieSwap>, auth_time: UnixTime) -> bool {
        let Some(session) = self.sessions.get_mut(id).filter(|session| session.record.ended.is_none()) else {
            return false;
        };
        if let Some(CookieSwap { old, new }) = cookie {
            if session.cookie != Some(old) || self.cookies.contains_key(&new) {
                return false;
            }
            session.cookie = Some(new);
            self.cookies.remove(&old);
            self.cookies.insert(new, id.to_owned());
        }
        session.record.auth_time = session.record.auth_time.max(auth_time);
        true
    }

    pub(super) fn end(&mut self, id: &str, user_id: &str, ending: Ending) -> bool {
        let Some(session) = self.sessions.get_mut(id).filter(|session| session.record.user_id == user_id) else {
            return false;
        };
        if session.record.ended.is_some() {
            return false;
        }
        session.record.ended = Some(Ended { at: ending.now, reason: ending.reason });
        self.revocations.add(RevokedTarget::Session(id.to_owned()), None, ending.remember_until);
        true
    }

    pub(super) fn end_all(&mut self, user_id: &str, except: Option<&str>, ending: Ending) -> Vec<String> {
        let mut ids = self.unended(user_id);
        ids.retain(|id| except != Some(id.as_str()) && self.end(id, user_id, ending));
        ids
    }

    pub(super) fn remove_all(&mut self, user_id: &str, ending: Ending) -> Vec<String> {
        let ended = self.end_all(user_id, None, ending);
        let all: Vec<_> = self.by_user.get(user_id).into_iter().flatten().cloned().collect();
        all.iter().for_each(|id| self.remove_session(id));
        ended
    }

    pub(super) fn reissue(&mut self, user_id: &str, remember_until: UnixTime) -> Vec<Reissued> {
        let mut reissued = Vec::new();
        for session_id in self.unended(user_id) {
            let Some(session) = self.sessions.get_mut(&session_id) else { continue };
            session.record.generation = session.record.generation.saturating_add(1);
            let generation = session.record.generation;
            self.revocations.add(RevokedTarget::Session(session_id.clone()), Some(generation), remember_until);
            reissued.push(Reissued { session_id, generation });
        }
        reissued
    }

    fn unended(&self, user_id: &str) -> Vec<String> {
        let ids = self.by_user.get(user_id).into_iter().flatten();
        let is_unended = |id: &&String| self.sessions.get(*id).is_some_and(|session| session.record.ended.is_none());
        ids.filter(is_unended).cloned().collect()
    }

    /// Ends a session because two parties have a copy of one of its tokens.
    pub(super) fn end_for_reuse(&mut self, id: &str, now: UnixTime, remember_until: UnixTime) {
        let Some(user_id) = self.sessions.get(id).map(|session| session.record.user_id.clone()) else { return };
        self.end(id, &user_id, Ending { reason: EndReason::TokenReuse, now, remember_until });
    }

    pub(super) fn remove_expired(&mut self, now: UnixTime, limit: u32) -> u64 {
        let sessions = self.sessions_due.take(now, limit);
        let tokens = self.tokens_due.take(now, limit);
        let seals = self.seals_due.take(now, limit);
        sessions.iter().for_each(|id| self.remove_session(id));
        tokens.iter().for_each(|hash| self.remove_token(hash));
        for hash in &seals {
            if let Some(used) = self.tokens.get_mut(hash).and_then(|token| token.used.as_mut()) {
                used.sealed = Vec::new();
            }
        }
        let removed = sessions.len().saturating_add(tokens.len()).saturating_add(seals.len());
        u64::try_from(removed).unwrap_or(u64::MAX).saturating_add(self.revocations.remove_expired(now, limit))
    }

    fn remove_session(&mut self, id: &str) {
        let Some(session) = self.sessions.remove(id) else { return };
        self.sessions_due.not_at(over_at(&session.record), &session.record.id);
        if let Some(cookie) = session.cookie {
            self.cookies.remove(&cookie);
        }
        session.tokens.iter().for_each(|hash| self.remove_token(hash));
        if let Some(ids) = self.by_user.get_mut(&session.record.user_id) {
            ids.remove(id);
            if ids.is_empty() {
                self.by_user.remove(&session.record.user_id);
            }
        }
    }

    fn remove_token(&mut self, hash: &TokenHash) {
        let Some(token) = self.tokens.remove(hash) else { return };
        self.tokens_due.not_at(token.expires_at, hash);
        if let Some(used) = token.used {
            self.seals_due.not_at(used.sealed_until, hash);
        }
        if let Some(session) = self.sessions.get_mut(&token.session_id) {
            session.tokens.remove(hash);
        }
    }
}

/// Returns the first second in which a session has expired.
fn over_at(record: &SessionRecord) -> UnixTime {
    record.idle_expires_at.min(record.absolute_expires_at)
}

#[cfg(test)]
impl SessionTable {
    /// Returns the number of rows in all tables.
    pub(super) fn rows(&self) -> usize {
        let due = self.sessions_due.len() + self.tokens_due.len() + self.seals_due.len();
        let rows = self.sessions.len() + self.by_user.len() + self.cookies.len() + self.tokens.len();
        due + rows + self.revocations.rows()
    }
}
