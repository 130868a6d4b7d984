use core::str::FromStr;

use sqlx::{Row, SqliteTransaction, sqlite::SqliteRow};

use super::SqliteStore;
use crate::{
    clock::UnixTime,
    store::{ClientLabel, EndReason, Ended, FirstCredential, ParseNameError, SessionKind, SessionRecord},
    token::TokenHash,
};

impl SqliteStore {
    pub(super) async fn begin_session(
        &self,
        session: &SessionRecord,
        credential: FirstCredential,
    ) -> Result<(), sqlx::Error> {
        let mut writing = self.begin_writing().await?;
        let transaction = &mut writing.transaction;
        match credential {
            FirstCredential::RefreshToken { hash } => {
                insert_session(transaction, session, None).await?;
                insert_token(transaction, &hash, &session.id, session.idle_expires_at).await?;
            }
            FirstCredential::Cookie { hash } => insert_session(transaction, session, Some(&hash)).await?,
        }
        writing.commit().await
    }
}

async fn insert_session(
    transaction: &mut SqliteTransaction<'_>,
    session: &SessionRecord,
    cookie: Option<&TokenHash>,
) -> Result<(), sqlx::Error> {
    const INSERT: &str = "INSERT INTO auth_sessions
        (id, user_id, client_id, scope, kind, cookie_hash, user_agent, address, device,
        created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let insert = sqlx::query(INSERT)
        .bind(&session.id)
        .bind(&session.user_id)
        .bind(&session.client_id)
        .bind(&session.scope)
        .bind(session.kind.name())
        .bind(cookie.map(|hash| hash.as_bytes().as_slice()))
        .bind(&session.client.user_agent)
        .bind(&session.client.address)
        .bind(&session.client.device)
        .bind(session.created_at.as_seconds())
        .bind(session.last_used_at.as_seconds())
        .bind(session.auth_time.as_seconds())
        .bind(&session.amr)
        .bind(session.idle_expires_at.as_seconds())
        .bind(session.absolute_expires_at.as_seconds())
        .bind(session.generation)
        .bind(session.ended.map(|ended| ended.at.as_seconds()))
        .bind(session.ended.map(|ended| ended.reason.name()));
    insert.execute(&mut **transaction).await?;
    Ok(())
}

pub(super) async fn insert_token(
    transaction: &mut SqliteTransaction<'_>,
    hash: &TokenHash,
    session_id: &str,
    expires_at: UnixTime,
) -> Result<(), sqlx::Error> {
    const INSERT: &str = "INSERT INTO auth_session_tokens (token_hash, session_id, expires_at) VALUES (?, ?, ?)";
    let insert = sqlx::query(INSERT).bind(hash.as_bytes().as_slice()).bind(session_id).bind(expires_at.as_seconds());
    insert.execute(&mut **transaction).await?;
    Ok(())
}

/// Reads a row of `auth_sessions`. A name that this version does not know is an error, never a guess.
pub(super) fn session(row: &SqliteRow) -> Result<SessionRecord, sqlx::Error> {
    let time = |column: &str| row.try_get(column).map(UnixTime::from_seconds);
    Ok(SessionRecord {
        id: row.try_get("id")?,
        user_id: row.try_get("user_id")?,
        client_id: row.try_get("client_id")?,
        scope: row.try_get("scope")?,
        kind: named::<SessionKind>(row.try_get("kind")?)?,
        client: ClientLabel {
            user_agent: row.try_get("user_agent")?,
            address: row.try_get("address")?,
            device: row.try_get("device")?,
        },
        created_at: time("created_at")?,
        last_used_at: time("last_used_at")?,
        auth_time: time("auth_time")?,
        amr: row.try_get("amr")?,
        idle_expires_at: time("idle_expires_at")?,
        absolute_expires_at: time("absolute_expires_at")?,
        generation: row.try_get("generation")?,
        ended: ended(row)?,
    })
}

fn ended(row: &SqliteRow) -> Result<Option<Ended>, sqlx::Error> {
    let at: Option<i64> = row.try_get("ended_at")?;
    // The table requires both columns or neither. If only the time were set, the session would still count as ended.
    at.map(|at| Ok(Ended { at: UnixTime::from_seconds(at), reason: named::<EndReason>(row.try_get("ended_why")?)? }))
        .transpose()
}

fn named<T: FromStr<Err = ParseNameError>>(name: &str) -> Result<T, sqlx::Error> {
    name.parse().map_err(|error: ParseNameError| sqlx::Error::Decode(Box::new(error)))
}
