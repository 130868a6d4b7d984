use super::session_table::{SessionTable, Token, Use};
use crate::{
    error::StoreError,
    store::{Rotated, Rotation, SessionRecord, Touch},
    token::TokenHash,
};

impl SessionTable {
    pub(super) fn rotate(&mut self, rotation: &Rotation<'_>) -> Result<Rotated, StoreError> {
        let Some((session, token)) = self.presented(rotation.hash) else { return Ok(Rotated::Unknown) };
        if session.ended.is_some() {
            return Ok(Rotated::Ended(session));
        }
        if let Some(used) = &token.used {
            return match again(used, rotation) {
                Some(_) if !session.is_live(rotation.now) => Ok(Rotated::Expired),
                Some(sealed) => Ok(Rotated::Again { session, sealed }),
                None => Ok(self.reused(&session.id, rotation)),
            };
        }
        if session.client_id != rotation.client_id {
            return Ok(Rotated::Foreign(session));
        }
        if token.expires_at <= rotation.now || !session.is_live(rotation.now) {
            return Ok(Rotated::Expired);
        }
        self.succeed(rotation, &session.id)
    }

    fn presented(&self, hash: &TokenHash) -> Option<(SessionRecord, &Token)> {
        let token = self.tokens.get(hash)?;
        Some((self.find(&token.session_id)?, token))
    }

    fn reused(&mut self, id: &str, rotation: &Rotation<'_>) -> Rotated {
        self.end_for_reuse(id, rotation.now, rotation.remember_until);
        self.find(id).map_or(Rotated::Unknown, Rotated::Reused)
    }

    fn succeed(&mut self, rotation: &Rotation<'_>, id: &str) -> Result<Rotated, StoreError> {
        let successor = *rotation.successor;
        if self.tokens.contains_key(&successor) {
            return Err(StoreError::new("memory", "a refresh token of this hash is stored already"));
        }
        let Rotation { now, client, idle_expires_at, .. } = *rotation;
        self.touch(&Touch { id, client, now, idle_expires_at });
        let Some(session) = self.sessions.get_mut(id) else { return Ok(Rotated::Unknown) };
        session.tokens.insert(successor);
        let record = session.record.clone();
        let expires_at = record.idle_expires_at;
        self.tokens_due.at(expires_at, successor);
        self.tokens.insert(successor, Token { session_id: id.to_owned(), expires_at, used: None });
        if let Some(token) = self.tokens.get_mut(rotation.hash) {
            let sealed_until = now.plus_seconds(i64::from(rotation.grace_seconds).saturating_add(1));
            self.seals_due.at(sealed_until, *rotation.hash);
            token.used = Some(Use {
                at: now,
                client_id: rotation.client_id.to_owned(),
                fingerprint: *rotation.fingerprint,
                sealed: rotation.sealed.to_vec(),
                sealed_until,
            });
        }
        Ok(Rotated::Won(record))
    }
}

/// Returns the stored successor, if the same client used the token up a moment ago. A clock that went back by more than
/// the grace window does not lengthen the window.
fn again(used: &Use, rotation: &Rotation<'_>) -> Option<Vec<u8>> {
    let apart = rotation.now.seconds_since(used.at).unsigned_abs();
    let is_same_program = !rotation.must_match_fingerprint || used.fingerprint.is_same(rotation.fingerprint);
    let is_same = used.client_id == rotation.client_id && is_same_program;
    // With a grace window of zero, not even a retry in the same second is answered.
    let in_time = rotation.grace_seconds > 0 && apart <= u64::from(rotation.grace_seconds);
    (is_same && in_time && !used.sealed.is_empty()).then(|| used.sealed.clone())
}
