use auth_runtime::{
    error::StoreError,
    store::{
        ClientLabel, EndReason, Ending, Fingerprint, PresentedToken, Rotated, Rotation, RotationVerdict, TokenUse,
        Touch,
    },
};

use super::{
    session_rows::{TokenRow, UseRow},
    store::{OwnStore, Tables, at, refused},
};

impl OwnStore {
    /// Reads the token's row, lets [`Rotation::judge`] decide, and writes.
    pub(super) fn rotate_token(&self, rotation: &Rotation<'_>) -> Result<Rotated, StoreError> {
        let rotation = &self.as_read(rotation);
        let mut tables = self.tables();
        let Some((session, token)) = tables.find_token(rotation.hash.as_bytes()) else { return Ok(Rotated::Unknown) };
        let used_by = token.used.as_ref().map(|used| Fingerprint::from_bytes(used.fingerprint));
        let mut presented = PresentedToken::new(at(token.expires_at));
        presented.used = token.used.as_ref().map(|used| {
            let mut use_ = TokenUse::new(at(used.at));
            (use_.fingerprint, use_.sealed) = (used_by.as_ref(), used.sealed.as_deref());
            use_
        });
        let verdict = rotation.judge(self.session(session), presented);
        match verdict {
            RotationVerdict::Good(session) => self.succeed(&mut tables, &session.id, rotation),
            RotationVerdict::Copied(session) => Ok(self.reused(&mut tables, &session.id, rotation)),
            RotationVerdict::Settled(rotated) => Ok(rotated),
        }
    }

    /// Returns the rotation as this store reads it.
    fn as_read<'a>(&self, rotation: &Rotation<'a>) -> Rotation<'a> {
        static ZERO: Fingerprint = Fingerprint::from_bytes([0; 32]);
        let (members, mut read) = (&self.members, *rotation);
        read.client_id = members.keep("Rotation::client_id", rotation.client_id, "client");
        read.fingerprint = members.keep("Rotation::fingerprint", rotation.fingerprint, &ZERO);
        let must_match = rotation.must_match_fingerprint;
        read.must_match_fingerprint = members.keep("Rotation::must_match_fingerprint", must_match, true);
        read.sealed = members.keep("Rotation::sealed", rotation.sealed, b"");
        read.now = members.keep("Rotation::now", rotation.now, at(1_500));
        read.grace_seconds = members.keep("Rotation::grace_seconds", rotation.grace_seconds, 0);
        read.idle_expires_at = members.keep("Rotation::idle_expires_at", rotation.idle_expires_at, at(0));
        read.remember_until = members.keep("Rotation::remember_until", rotation.remember_until, at(0));
        read
    }

    fn reused(&self, tables: &mut Tables, id: &str, rotation: &Rotation<'_>) -> Rotated {
        self.end_row(tables, id, Ending::new(EndReason::TokenReuse, rotation.now, rotation.remember_until));
        tables.find_session(id).map_or(Rotated::Unknown, |row| Rotated::Reused(self.session(row)))
    }

    fn succeed(&self, tables: &mut Tables, id: &str, rotation: &Rotation<'_>) -> Result<Rotated, StoreError> {
        let hash = *rotation.successor.as_bytes();
        if tables.is_taken(&hash) {
            return Err(refused("the successor's hash is taken"));
        }
        self.touch_row(tables, &Touch::new(id, rotation.client, rotation.now, rotation.idle_expires_at));
        let presented = tables.tokens.iter_mut().find(|row| row.hash == *rotation.hash.as_bytes());
        if let Some(presented) = presented {
            presented.used = Some(UseRow {
                at: rotation.now.as_seconds(),
                fingerprint: *rotation.fingerprint.as_bytes(),
                sealed: Some(rotation.sealed.to_vec()),
                sealed_until: rotation.now.as_seconds() + i64::from(rotation.grace_seconds) + 1,
            });
        }
        let Some(session) = tables.find_session(id).cloned() else { return Ok(Rotated::Unknown) };
        let (session_id, expires_at) = (id.to_owned(), session.idle_expires_at);
        tables.tokens.push(TokenRow { hash, session_id, expires_at, used: None });
        Ok(Rotated::Won(self.session(&session)))
    }

    /// Records the use of a live session. Times never move back.
    pub(super) fn touch_row(&self, tables: &mut Tables, touch: &Touch<'_>) -> bool {
        let members = &self.members;
        let ClientLabel { user_agent, address, .. } = touch.client.clone();
        let now = members.keep("Touch::now", touch.now, at(1_000));
        let idle_expires_at = members.keep("Touch::idle_expires_at", touch.idle_expires_at, at(0)).as_seconds();
        let session = tables.sessions.iter_mut().find(|row| row.id == touch.id && row.is_live(now));
        let Some(session) = session else { return false };
        session.last_used_at = session.last_used_at.max(now.as_seconds());
        session.idle_expires_at = session.idle_expires_at.max(idle_expires_at);
        members.set("Touch::client::user_agent", &mut session.user_agent, user_agent);
        members.set("Touch::client::address", &mut session.address, address);
        true
    }
}
