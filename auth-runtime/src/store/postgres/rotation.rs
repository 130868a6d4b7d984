use sqlx::{PgTransaction, Row, postgres::PgRow};

use super::{
    PostgresStore,
    conflict::repeated,
    ending::end_in,
    session_row::{insert_token, session},
};
use crate::{
    clock::UnixTime,
    store::{
        ClientLabel, EndReason, Ended, Ending, Fingerprint, PresentedToken, Rotated, Rotation, RotationVerdict,
        SessionRecord, TokenUse,
    },
    token::TokenHash,
};

impl PostgresStore {
    pub(super) async fn rotate_token(&self, rotation: &Rotation<'_>) -> Result<Rotated, sqlx::Error> {
        repeated!({
            let mut transaction = self.begin().await?;
            let rotated = rotate(&mut transaction, rotation).await?;
            transaction.commit().await?;
            Ok(rotated)
        })
    }
}

/// Decides about the token. The result holds only once the transaction is committed.
async fn rotate(transaction: &mut PgTransaction<'_>, rotation: &Rotation<'_>) -> Result<Rotated, sqlx::Error> {
    let Some(Token { session, expires_at, used }) = find(transaction, rotation.hash).await? else {
        return Ok(Rotated::Unknown);
    };
    let used = used.as_ref().map(|used| TokenUse {
        at: used.at,
        fingerprint: used.fingerprint.as_ref(),
        sealed: used.sealed.as_deref(),
    });
    Ok(match rotation.judge(session, PresentedToken { expires_at, used }) {
        RotationVerdict::Good(session) => Rotated::Won(succeed(transaction, session, rotation).await?),
        RotationVerdict::Copied(session) => Rotated::Reused(end_family(transaction, session, rotation).await?),
        RotationVerdict::Settled(rotated) => rotated,
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
    fingerprint: Option<Fingerprint>,
    sealed: Option<Vec<u8>>,
}

/// Finds the token and its session, and locks both to the transaction's end. A second transaction with a token of the
/// session waits here, and then reads what this one has left.
async fn find(transaction: &mut PgTransaction<'_>, hash: &TokenHash) -> Result<Option<Token>, sqlx::Error> {
    const FIND: &str = "SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at,
        last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why,
        expires_at, claimed_at, claimed_by, sealed
        FROM auth_session_tokens JOIN auth_sessions ON auth_sessions.id = auth_session_tokens.session_id
        WHERE token_hash = $1
        FOR UPDATE";
    let row = sqlx::query(FIND).bind(hash.as_bytes().as_slice()).fetch_optional(&mut **transaction).await?;
    row.as_ref().map(token).transpose()
}

fn token(row: &PgRow) -> Result<Token, sqlx::Error> {
    let used = match row.try_get::<Option<i64>, _>("claimed_at")? {
        Some(at) => Some(Use {
            at: UnixTime::from_seconds(at),
            fingerprint: fingerprint(row.try_get("claimed_by")?),
            sealed: row.try_get("sealed")?,
        }),
        None => None,
    };
    Ok(Token { session: session(row)?, expires_at: UnixTime::from_seconds(row.try_get("expires_at")?), used })
}

/// Reads a fingerprint. A value of another length matches no token.
fn fingerprint(bytes: Option<Vec<u8>>) -> Option<Fingerprint> {
    bytes?.try_into().ok().map(Fingerprint::from_bytes)
}

/// Uses the token up, stores its successor, and records that the session goes on.
async fn succeed(
    transaction: &mut PgTransaction<'_>,
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

async fn claim(transaction: &mut PgTransaction<'_>, rotation: &Rotation<'_>) -> Result<(), sqlx::Error> {
    const CLAIM: &str =
        "UPDATE auth_session_tokens SET claimed_at = $1, claimed_by = $2, sealed = $3, sealed_until = $4
        WHERE token_hash = $5 AND claimed_at IS NULL";
    let sealed_until = rotation.now.plus_seconds(i64::from(rotation.grace_seconds)).plus_seconds(1);
    let update = sqlx::query(CLAIM)
        .bind(rotation.now.as_seconds())
        .bind(rotation.fingerprint.as_bytes().as_slice())
        .bind(rotation.sealed)
        .bind(sealed_until.as_seconds())
        .bind(rotation.hash.as_bytes().as_slice());
    // The lock makes any other count impossible. If it happened anyway, no rotation would win.
    if update.execute(&mut **transaction).await?.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

async fn continue_session(transaction: &mut PgTransaction<'_>, session: &SessionRecord) -> Result<(), sqlx::Error> {
    const CONTINUE: &str = "UPDATE auth_sessions SET last_used_at = $1, idle_expires_at = $2,
        user_agent = $3, address = $4 WHERE id = $5";
    let update = sqlx::query(CONTINUE)
        .bind(session.last_used_at.as_seconds())
        .bind(session.idle_expires_at.as_seconds())
        .bind(&session.client.user_agent)
        .bind(&session.client.address)
        .bind(&session.id);
    update.execute(&mut **transaction).await?;
    Ok(())
}

/// Ends the session because two parties have the token. Both are signed out.
async fn end_family(
    transaction: &mut PgTransaction<'_>,
    session: SessionRecord,
    rotation: &Rotation<'_>,
) -> Result<SessionRecord, sqlx::Error> {
    let ending = Ending { reason: EndReason::TokenReuse, now: rotation.now, remember_until: rotation.remember_until };
    end_in(transaction, &session.id, &session.user_id, ending).await?;
    Ok(SessionRecord { ended: Some(Ended { at: ending.now, reason: ending.reason }), ..session })
}
