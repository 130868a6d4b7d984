use super::session_table::{SessionTable, Token, Use};
use crate::{
    error::StoreError,
    store::{PresentedToken, Rotated, Rotation, RotationVerdict, SessionRecord, TokenUse, Touch},
    token::TokenHash,
};

impl SessionTable {
    pub(super) fn rotate(&mut self, rotation: &Rotation<'_>) -> Result<Rotated, StoreError> {
        let Some((session, token)) = self.presented(rotation.hash) else { return Ok(Rotated::Unknown) };
        match rotation.judge(session, token) {
            RotationVerdict::Good(session) => self.succeed(rotation, &session.id),
            RotationVerdict::Copied(session) => Ok(self.reused(&session.id, rotation)),
            RotationVerdict::Settled(rotated) => Ok(rotated),
        }
    }

    fn presented(&self, hash: &TokenHash) -> Option<(SessionRecord, PresentedToken<'_>)> {
        let token = self.tokens.get(hash)?;
        let used = token.used.as_ref().map(|used| TokenUse {
            at: used.at,
            fingerprint: Some(&used.fingerprint),
            sealed: Some(&used.sealed),
        });
        Some((self.find(&token.session_id)?, PresentedToken { expires_at: token.expires_at, used }))
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
                fingerprint: *rotation.fingerprint,
                sealed: rotation.sealed.to_vec(),
                sealed_until,
            });
        }
        Ok(Rotated::Won(record))
    }
}
