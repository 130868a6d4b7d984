use sqlx::{Row, SqliteTransaction, sqlite::SqliteRow};

use super::{
    SqliteStore,
    ending::end_in,
    session_row::{insert_token, session},
};
use crate::{
    clock::UnixTime,
    secret::is_same,
    store::{ClientLabel, EndReason, Ended, Ending, Rotated, Rotation, SessionRecord},
    token::TokenHash,
};

impl SqliteStore {
    pub(super) async fn rotate_token(&self, rotation: &Rotation<'_>) -> Result<Rotated, sqlx::Error> {
        let mut writing = self.begin_writing().await?;
        let rotated = rotate(&mut writing.transaction, rotation).await?;
        writing.commit().await?;
        Ok(rotated)
    }
}

/// Decides about the token. The result holds only once the transaction is committed.
async fn rotate(transaction: &mut SqliteTransaction<'_>, rotation: &Rotation<'_>) -> Result<Rotated, sqlx::Error> {
    let Some(token) = find(transaction, rotation.hash).await? else { return Ok(Rotated::Unknown) };
    Ok(match token.usability(rotation) {
        Usability::Good => Rotated::Won(succeed(transaction, token.session, rotation).await?),
        Usability::Repeated { sealed } => Rotated::Again { session: token.session, sealed },
        Usability::Copied => Rotated::Reused(end_family(transaction, token.session, rotation).await?),
        Usability::Ended => Rotated::Ended(token.session),
        Usability::Foreign => Rotated::Foreign(token.session),
        Usability::Expired => Rotated::Expired,
    })
}

/// A stored refresh token and its session.
struct Token {
    session: SessionRecord,
    expires_at: UnixTime,
    used: Option<Use>,
}

/// The use of a token: its time, its client's fingerprint and its sealed successor.
struct Use {
    at: UnixTime,
    fingerprint: Option<Vec<u8>>,
    sealed: Option<Vec<u8>>,
}

enum Usability {
    Good,
    Repeated { sealed: Vec<u8> },
    Copied,
    Ended,
    Foreign,
    Expired,
}

impl Token {
    fn usability(&self, rotation: &Rotation<'_>) -> Usability {
        let is_foreign = self.session.client_id != rotation.client_id;
        if self.session.ended.is_some() {
            return Usability::Ended;
        }
        let is_live = self.session.is_live(rotation.now);
        if let Some(used) = &self.used {
            return match if is_foreign { None } else { used.sealed_for(rotation) } {
                Some(_) if !is_live => Usability::Expired,
                Some(sealed) => Usability::Repeated { sealed: sealed.to_vec() },
                None => Usability::Copied,
            };
        }
        if is_foreign {
            return Usability::Foreign;
        }
        if !is_live || rotation.now >= self.expires_at {
            return Usability::Expired;
        }
        Usability::Good
    }
}

impl Use {
    /// Returns the successor, if the same client retries within the grace window. A clock that went back by more than
    /// the window makes a replay as suspicious as a late one.
    fn sealed_for(&self, rotation: &Rotation<'_>) -> Option<&[u8]> {
        let apart = rotation.now.seconds_since(self.at).unsigned_abs();
        // With a grace window of zero, not even a retry in the same second is answered.
        let is_in_time = rotation.grace_seconds > 0 && apart <= u64::from(rotation.grace_seconds);
        let is_same =
            !rotation.must_match_fingerprint || is_same(self.fingerprint.as_deref()?, rotation.fingerprint.as_bytes());
        if is_in_time && is_same { self.sealed.as_deref() } else { None }
    }
}

async fn find(transaction: &mut SqliteTransaction<'_>, hash: &TokenHash) -> Result<Option<Token>, sqlx::Error> {
    const FIND: &str = "SELECT auth_sessions.*, expires_at, claimed_at, claimed_by, sealed FROM auth_session_tokens
        JOIN auth_sessions ON auth_sessions.id = auth_session_tokens.session_id WHERE token_hash = ?";
    let row = sqlx::query(FIND).bind(hash.as_bytes().as_slice()).fetch_optional(&mut **transaction).await?;
    row.as_ref().map(token).transpose()
}

fn token(row: &SqliteRow) -> Result<Token, sqlx::Error> {
    let used = match row.try_get::<Option<i64>, _>("claimed_at")? {
        Some(at) => Some(Use {
            at: UnixTime::from_seconds(at),
            fingerprint: row.try_get("claimed_by")?,
            sealed: row.try_get("sealed")?,
        }),
        None => None,
    };
    Ok(Token { session: session(row)?, expires_at: UnixTime::from_seconds(row.try_get("expires_at")?), used })
}

/// Uses the token up, stores its successor, and records that the session goes on.
async fn succeed(
    transaction: &mut SqliteTransaction<'_>,
    session: SessionRecord,
    rotation: &Rotation<'_>,
) -> Result<SessionRecord, sqlx::Error> {
    let client = ClientLabel { device: session.client.device, ..rotation.client.clone() };
    let session = SessionRecord {
        client,
        last_used_at: session.last_used_at.max(rotation.now),
        idle_expires_at: session.idle_expires_at.max(rotation.idle_expires_at),
        ..session
    };
    claim(transaction, rotation).await?;
    insert_token(transaction, rotation.successor, &session.id, session.idle_expires_at).await?;
    continue_session(transaction, &session).await?;
    Ok(session)
}

async fn claim(transaction: &mut SqliteTransaction<'_>, rotation: &Rotation<'_>) -> Result<(), sqlx::Error> {
    const CLAIM: &str = "UPDATE auth_session_tokens SET claimed_at = ?, claimed_by = ?, sealed = ?, sealed_until = ?
        WHERE token_hash = ? AND claimed_at IS NULL";
    let sealed_until = rotation.now.plus_seconds(i64::from(rotation.grace_seconds)).plus_seconds(1);
    let update = sqlx::query(CLAIM)
        .bind(rotation.now.as_seconds())
        .bind(rotation.fingerprint.as_bytes().as_slice())
        .bind(rotation.sealed)
        .bind(sealed_until.as_seconds())
        .bind(rotation.hash.as_bytes().as_slice());
    // The write lock makes any other count impossible. If it happened anyway, no rotation would win.
    if update.execute(&mut **transaction).await?.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

async fn continue_session(transaction: &mut SqliteTransaction<'_>, session: &SessionRecord) -> Result<(), sqlx::Error> {
    const CONTINUE: &str = "UPDATE auth_sessions SET last_used_at = ?, idle_expires_at = ?,
        user_agent = ?, address = ? WHERE id = ?";
    let update = sqlx::query(CONTINUE)
        .bind(session.last_used_at.as_seconds())
        .bind(session.idle_expires_at.as_seconds())
        .bind(&session.client.user_agent)
        .bind(&session.client.address)
        .bind(&session.id);
    update.execute(&mut **transaction).await?;
    Ok(())
}

/// Ends the session because two parties have the token. The store cannot tell which of them is the thief, so both are
/// signed out.
async fn end_family(
    transaction: &mut SqliteTransaction<'_>,
    session: SessionRecord,
    rotation: &Rotation<'_>,
) -> Result<SessionRecord, sqlx::Error> {
    let ending = Ending { reason: EndReason::TokenReuse, now: rotation.now, remember_until: rotation.remember_until };
    end_in(transaction, &session.id, &session.user_id, ending).await?;
    Ok(SessionRecord { ended: Some(Ended { at: ending.now, reason: ending.reason }), ..session })
}
