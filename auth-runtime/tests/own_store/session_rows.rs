use auth_runtime::{
    clock::UnixTime,
    secret::{Entropy, SystemEntropy},
    store::{EndReason, Ended, Ending, FoundToken, Revocation, RevokedTarget, SessionKind, SessionRecord},
};

use super::store::{OwnStore, Tables, at};

#[derive(Clone)]
pub(super) struct SessionRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) client_id: String,
    scope: String,
    kind: &'static str,
    pub(super) user_agent: String,
    pub(super) address: String,
    device: String,
    created_at: i64,
    pub(super) last_used_at: i64,
    pub(super) auth_time: i64,
    amr: String,
    pub(super) idle_expires_at: i64,
    absolute_expires_at: i64,
    pub(super) generation: u32,
    pub(super) ended: Option<(i64, &'static str)>,
    pub(super) cookie: Option<[u8; 32]>,
}

pub(super) struct TokenRow {
    pub(super) hash: [u8; 32],
    pub(super) session_id: String,
    pub(super) expires_at: i64,
    pub(super) used: Option<UseRow>,
}

pub(super) struct UseRow {
    pub(super) at: i64,
    pub(super) fingerprint: [u8; 32],
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) sealed_until: i64,
}

pub(super) struct RevocationRow {
    pub(super) position: u64,
    mark: [u8; 16],
    /// A session if true, else a token.
    is_session: bool,
    target: String,
    before_generation: Option<u32>,
    pub(super) remember_until: i64,
}

impl SessionRow {
    pub(super) fn of(session: SessionRecord, cookie: Option<[u8; 32]>) -> Self {
        Self {
            id: session.id,
            user_id: session.user_id,
            client_id: session.client_id,
            scope: session.scope,
            kind: session.kind.name(),
            user_agent: session.client.user_agent,
            address: session.client.address,
            device: session.client.device,
            created_at: session.created_at.as_seconds(),
            last_used_at: session.last_used_at.as_seconds(),
            auth_time: session.auth_time.as_seconds(),
            amr: session.amr,
            idle_expires_at: session.idle_expires_at.as_seconds(),
            absolute_expires_at: session.absolute_expires_at.as_seconds(),
            generation: session.generation,
            ended: session.ended.map(|ended| (ended.at.as_seconds(), ended.reason.name())),
            cookie,
        }
    }

    pub(super) fn over_at(&self) -> i64 {
        self.idle_expires_at.min(self.absolute_expires_at)
    }

    pub(super) fn is_live(&self, now: UnixTime) -> bool {
        self.ended.is_none() && now.as_seconds() < self.over_at()
    }
}

impl OwnStore {
    pub(super) fn session(&self, row: &SessionRow) -> SessionRecord {
        let members = &self.members;
        let mut session = SessionRecord::new(
            members.keep("SessionRecord::id", row.id.clone(), String::new()),
            members.keep("SessionRecord::user_id", row.user_id.clone(), String::new()),
            members.keep("SessionRecord::client_id", row.client_id.clone(), String::new()),
            members.keep("SessionRecord::kind", row.kind.parse().unwrap(), SessionKind::Bearer),
            at(members.keep("SessionRecord::created_at", row.created_at, 0)),
        );
        members.set("SessionRecord::scope", &mut session.scope, row.scope.clone());
        members.set("ClientLabel::user_agent", &mut session.client.user_agent, row.user_agent.clone());
        members.set("ClientLabel::address", &mut session.client.address, row.address.clone());
        members.set("ClientLabel::device", &mut session.client.device, row.device.clone());
        members.set("SessionRecord::last_used_at", &mut session.last_used_at, at(row.last_used_at));
        members.set("SessionRecord::auth_time", &mut session.auth_time, at(row.auth_time));
        members.set("SessionRecord::amr", &mut session.amr, row.amr.clone());
        members.set("SessionRecord::idle_expires_at", &mut session.idle_expires_at, at(row.idle_expires_at));
        let absolute = at(row.absolute_expires_at);
        members.set("SessionRecord::absolute_expires_at", &mut session.absolute_expires_at, absolute);
        members.set("SessionRecord::generation", &mut session.generation, row.generation);
        let ended = row.ended.map(|(time, reason)| {
            let time = at(members.keep("Ended::at", time, 0));
            Ended::new(time, members.keep("Ended::reason", reason.parse().unwrap(), EndReason::SignedOut))
        });
        members.set("SessionRecord::ended", &mut session.ended, ended);
        session
    }

    pub(super) fn found_token(&self, session: &SessionRow, token: &TokenRow) -> FoundToken {
        let is_used = self.members.keep("FoundToken::is_used", token.used.is_some(), false);
        FoundToken::new(self.session(session), is_used)
    }

    pub(super) fn revocation(&self, row: &RevocationRow) -> Revocation {
        let members = &self.members;
        let is_session = members.keep("Revocation::target", row.is_session, !row.is_session);
        let name = row.target.clone();
        let target = if is_session { RevokedTarget::Session(name) } else { RevokedTarget::Token(name) };
        let position = members.keep("Revocation::position", row.position, 0);
        let remember_until = at(members.keep("Revocation::remember_until", row.remember_until, 0));
        let mark = members.keep("Revocation::mark", row.mark, [0; 16]);
        let mut revocation = Revocation::new(position, mark, target, remember_until);
        members.set("Revocation::before_generation", &mut revocation.before_generation, row.before_generation);
        revocation
    }

    /// Ends a session that has not ended, and adds it to the revocations.
    pub(super) fn end_row(&self, tables: &mut Tables, id: &str, ending: Ending) -> bool {
        let members = &self.members;
        let now = members.keep("Ending::now", ending.now.as_seconds(), 0);
        let reason = members.keep("Ending::reason", ending.reason, EndReason::Administrator);
        let remember_until = members.keep("Ending::remember_until", ending.remember_until.as_seconds(), 0);
        let session = tables.sessions.iter_mut().find(|row| row.id == id && row.ended.is_none());
        let Some(session) = session else { return false };
        session.ended = Some((now, reason.name()));
        tables.revoke(true, id, None, remember_until);
        true
    }
}

impl Tables {
    pub(super) fn find_session(&self, id: &str) -> Option<&SessionRow> {
        self.sessions.iter().find(|row| row.id == id)
    }

    pub(super) fn find_token(&self, hash: &[u8; 32]) -> Option<(&SessionRow, &TokenRow)> {
        let token = self.tokens.iter().find(|row| row.hash == *hash)?;
        Some((self.find_session(&token.session_id)?, token))
    }

    pub(super) fn is_taken(&self, hash: &[u8; 32]) -> bool {
        let is_cookie = self.sessions.iter().any(|row| row.cookie.as_ref() == Some(hash));
        is_cookie || self.tokens.iter().any(|row| row.hash == *hash)
    }

    /// Returns the identifiers of a user's sessions that have not ended.
    pub(super) fn unended(&self, user_id: &str) -> Vec<String> {
        let unended = self.sessions.iter().filter(|row| row.user_id == user_id && row.ended.is_none());
        unended.map(|row| row.id.clone()).collect()
    }

    pub(super) fn revoke(&mut self, is_session: bool, target: &str, before: Option<u32>, remember_until: i64) {
        self.last_position += 1;
        let (position, target, before_generation) = (self.last_position, target.to_owned(), before);
        let mut mark = [0; 16];
        SystemEntropy::new().fill(&mut mark).unwrap();
        let row = RevocationRow { position, mark, is_session, target, before_generation, remember_until };
        self.revocations.push(row);
    }
}
