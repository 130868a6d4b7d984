use sqlx::{Row, sqlite::SqliteRow};

use super::{SqliteStore, error::failed, session_row::session};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{
        BoxFuture, CookieSwap, Ending, FirstCredential, FoundToken, Reissued, Revocation, Rotated, Rotation,
        SessionRecord, SessionStore, Touch,
    },
    token::TokenHash,
};

impl SessionStore for SqliteStore {
    fn begin(&self, session: SessionRecord, credential: FirstCredential) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { self.begin_session(&session, credential).await.map_err(failed) })
    }

    fn find_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>> {
        const BY_ID: &str = "SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at,
            last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why
            FROM auth_sessions WHERE id = ?";
        Box::pin(async move {
            let find = sqlx::query(BY_ID).bind(id);
            let row = find.fetch_optional(&self.pool).await.map_err(failed)?;
            row.as_ref().map(session).transpose().map_err(failed)
        })
    }

    fn find_by_token<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<FoundToken>, StoreError>> {
        const FIND: &str = "SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at,
            last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why, claimed_at
            FROM auth_session_tokens JOIN auth_sessions ON auth_sessions.id = auth_session_tokens.session_id
            WHERE auth_session_tokens.token_hash = ?";
        Box::pin(async move {
            let find = sqlx::query(FIND).bind(hash.as_bytes().as_slice());
            let row = find.fetch_optional(&self.pool).await.map_err(failed)?;
            row.as_ref().map(found_token).transpose().map_err(failed)
        })
    }

    fn find_by_cookie<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>> {
        const BY_COOKIE: &str = "SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at,
            last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why
            FROM auth_sessions WHERE cookie_hash = ?";
        Box::pin(async move {
            let find = sqlx::query(BY_COOKIE).bind(hash.as_bytes().as_slice());
            let row = find.fetch_optional(&self.pool).await.map_err(failed)?;
            row.as_ref().map(session).transpose().map_err(failed)
        })
    }

    fn list<'a>(&'a self, user_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Vec<SessionRecord>, StoreError>> {
        const LIST: &str = "SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at,
            last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why
            FROM auth_sessions WHERE user_id = ?1 AND ended_at IS NULL
            AND idle_expires_at > ?2 AND absolute_expires_at > ?2 ORDER BY last_used_at DESC, id DESC";
        Box::pin(async move {
            let list = sqlx::query(LIST).bind(user_id).bind(now.as_seconds());
            let rows = list.fetch_all(&self.pool).await.map_err(failed)?;
            rows.iter().map(session).collect::<Result<_, _>>().map_err(failed)
        })
    }

    fn rotate<'a>(&'a self, rotation: Rotation<'a>) -> BoxFuture<'a, Result<Rotated, StoreError>> {
        Box::pin(async move { self.rotate_token(&rotation).await.map_err(failed) })
    }

    fn touch<'a>(&'a self, touch: Touch<'a>) -> BoxFuture<'a, Result<bool, StoreError>> {
        const TOUCH: &str = "UPDATE auth_sessions SET last_used_at = max(last_used_at, ?1),
            idle_expires_at = max(idle_expires_at, ?2), user_agent = ?3, address = ?4
            WHERE id = ?5 AND ended_at IS NULL AND idle_expires_at > ?1 AND absolute_expires_at > ?1";
        Box::pin(async move {
            let update = sqlx::query(TOUCH)
                .bind(touch.now.as_seconds())
                .bind(touch.idle_expires_at.as_seconds())
                .bind(&touch.client.user_agent)
                .bind(&touch.client.address)
                .bind(touch.id);
            Ok(self.write(update).await.map_err(failed)? == 1)
        })
    }

    fn reauthenticated<'a>(
        &'a self,
        id: &'a str,
        cookie: Option<CookieSwap>,
        auth_time: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        const NOTE: &str = "UPDATE auth_sessions SET auth_time = max(auth_time, ?) WHERE id = ? AND ended_at IS NULL";
        const SWAP: &str = "UPDATE auth_sessions SET auth_time = max(auth_time, ?1), cookie_hash = ?4
            WHERE id = ?2 AND ended_at IS NULL AND cookie_hash = ?3";
        Box::pin(async move {
            let update = sqlx::query(if cookie.is_some() { SWAP } else { NOTE }).bind(auth_time.as_seconds()).bind(id);
            let update = match &cookie {
                Some(swap) => update.bind(swap.old.as_bytes().as_slice()).bind(swap.new.as_bytes().as_slice()),
                None => update,
            };
            Ok(self.write(update).await.map_err(failed)? == 1)
        })
    }

    fn end<'a>(&'a self, id: &'a str, user_id: &'a str, ending: Ending) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { self.end_session(id, user_id, ending).await.map_err(failed) })
    }

    fn end_all<'a>(
        &'a self,
        user_id: &'a str,
        except: Option<&'a str>,
        ending: Ending,
    ) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        Box::pin(async move { self.end_sessions(user_id, except, ending).await.map_err(failed) })
    }

    fn remove_all<'a>(&'a self, user_id: &'a str, ending: Ending) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        Box::pin(async move { self.remove_sessions(user_id, ending).await.map_err(failed) })
    }

    fn reissue<'a>(
        &'a self,
        user_id: &'a str,
        remember_until: UnixTime,
    ) -> BoxFuture<'a, Result<Vec<Reissued>, StoreError>> {
        Box::pin(async move { self.begin_generation(user_id, remember_until).await.map_err(failed) })
    }

    fn revoke_token<'a>(
        &'a self,
        token_id: &'a str,
        remember_until: UnixTime,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.add_token_revocation(token_id, remember_until).await.map_err(failed) })
    }

    fn revocations(&self, after: u64) -> BoxFuture<'_, Result<Vec<Revocation>, StoreError>> {
        Box::pin(async move { self.revocations_after(after).await.map_err(failed) })
    }

    fn remove_expired(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move { self.remove_rows(now, limit).await.map_err(failed) })
    }
}

fn found_token(row: &SqliteRow) -> Result<FoundToken, sqlx::Error> {
    Ok(FoundToken { session: session(row)?, is_used: row.try_get::<Option<i64>, _>("claimed_at")?.is_some() })
}
