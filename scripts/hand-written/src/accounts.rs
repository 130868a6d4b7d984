use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use crate::{
    caller::{Caller, Tokens},
    database::{Database, on},
    problem::{Answer, Problem},
};

/// The hash of a password that nobody has. Verifying it hides which accounts exist.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[derive(sqlx::FromRow)]
struct Account {
    id: i64,
    password: String,
    role: String,
}

#[derive(Serialize, sqlx::FromRow)]
pub(crate) struct Profile {
    id: i64,
    username: String,
    email: String,
    role: String,
}

#[derive(Deserialize)]
pub(crate) struct Registration {
    username: String,
    email: String,
    password: String,
}

#[derive(Deserialize)]
pub(crate) struct Login {
    username: String,
    password: String,
}

#[derive(Deserialize)]
pub(crate) struct Change {
    current_password: String,
    new_password: String,
}

#[derive(Deserialize)]
pub(crate) struct Refresh {
    refresh_token: String,
}

#[derive(Serialize)]
pub(crate) struct Pair {
    access_token: String,
    refresh_token: String,
    token_type: &'static str,
}

pub(crate) async fn register(
    State(database): State<Database>,
    Json(new): Json<Registration>,
) -> Answer<(StatusCode, Json<Profile>)> {
    let hash = hash(new.password).await?;
    let insert = "INSERT INTO accounts (username, email, password, role) VALUES ($1, $2, $3, 'member')
        ON CONFLICT DO NOTHING RETURNING id, username, email, role";
    let created: Option<Profile> = on!(&database, pool => sqlx::query_as(insert)
        .bind(&new.username).bind(&new.email).bind(&hash).fetch_optional(pool))?;
    Ok((StatusCode::CREATED, Json(created.ok_or(Problem::TAKEN)?)))
}

pub(crate) async fn login(
    State(database): State<Database>,
    State(tokens): State<Arc<Tokens>>,
    Json(login): Json<Login>,
) -> Answer<Json<Pair>> {
    let find = "SELECT id, password, role FROM accounts WHERE username = $1 OR email = $1";
    let found: Option<Account> =
        on!(&database, pool => sqlx::query_as(find).bind(&login.username).fetch_optional(pool))?;
    let stored = found.as_ref().map_or(NOBODY, |account| &account.password).to_owned();
    let matches = verify(login.password, stored).await?;
    let account = found.filter(|_| matches).ok_or(Problem::UNAUTHORIZED)?;
    pair(&database, &tokens, account.id, &account.role).await
}

pub(crate) async fn refresh(
    State(database): State<Database>,
    State(tokens): State<Arc<Tokens>>,
    Json(sent): Json<Refresh>,
) -> Answer<Json<Pair>> {
    let account = end_session(&database, &tokens, &sent.refresh_token).await?.ok_or(Problem::UNAUTHORIZED)?;
    let role = "SELECT role FROM accounts WHERE id = $1";
    let role: Option<String> = on!(&database, pool => sqlx::query_scalar(role).bind(account).fetch_optional(pool))?;
    pair(&database, &tokens, account, &role.ok_or(Problem::UNAUTHORIZED)?).await
}

pub(crate) async fn logout(
    State(database): State<Database>,
    State(tokens): State<Arc<Tokens>>,
    Json(sent): Json<Refresh>,
) -> Answer<StatusCode> {
    end_session(&database, &tokens, &sent.refresh_token).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn me(caller: Caller, State(database): State<Database>) -> Answer<Json<Profile>> {
    let id: i64 = caller.id.parse().map_err(|_| Problem::UNAUTHORIZED)?;
    let read = "SELECT id, username, email, role FROM accounts WHERE id = $1";
    let profile = on!(&database, pool => sqlx::query_as(read).bind(id).fetch_optional(pool))?;
    Ok(Json(profile.ok_or(Problem::UNAUTHORIZED)?))
}

/// Sets a new password and ends all sessions.
pub(crate) async fn change_password(
    caller: Caller,
    State(database): State<Database>,
    Json(change): Json<Change>,
) -> Answer<StatusCode> {
    let id: i64 = caller.id.parse().map_err(|_| Problem::UNAUTHORIZED)?;
    let find = "SELECT id, password, role FROM accounts WHERE id = $1";
    let account: Option<Account> = on!(&database, pool => sqlx::query_as(find).bind(id).fetch_optional(pool))?;
    let account = account.ok_or(Problem::UNAUTHORIZED)?;
    if !verify(change.current_password, account.password).await? {
        return Err(Problem::FORBIDDEN);
    }
    let hash = hash(change.new_password).await?;
    let set = "UPDATE accounts SET password = $1 WHERE id = $2 RETURNING id";
    let _: i64 = on!(&database, pool => sqlx::query_scalar(set).bind(&hash).bind(id).fetch_one(pool))?;
    let end = "DELETE FROM sessions WHERE account = $1";
    on!(&database, pool => async { sqlx::query(end).bind(id).execute(pool).await.map(drop) })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Grants a role. The first administrator is appointed on the server, not over HTTP.
pub(crate) async fn grant(database: &Database, login: &str, role: &str) -> Result<(), sqlx::Error> {
    let set = "UPDATE accounts SET role = $1 WHERE username = $2 RETURNING id";
    let _: i64 = on!(database, pool => sqlx::query_scalar(set).bind(role).bind(login).fetch_one(pool))?;
    Ok(())
}

/// Opens a session and issues its tokens. The refresh token works once: its use ends the session and opens the next.
async fn pair(database: &Database, tokens: &Tokens, id: i64, role: &str) -> Answer<Json<Pair>> {
    let open = "INSERT INTO sessions (account) VALUES ($1) RETURNING id";
    let session: i64 = on!(database, pool => sqlx::query_scalar(open).bind(id).fetch_one(pool))?;
    let (access_token, refresh_token) = (tokens.access(id, role)?, tokens.refresh(id, session)?);
    Ok(Json(Pair { access_token, refresh_token, token_type: "Bearer" }))
}

/// Ends the session of a refresh token. Returns its account, unless the token was used before.
async fn end_session(database: &Database, tokens: &Tokens, token: &str) -> Answer<Option<i64>> {
    let Some((account, session)) = tokens.session(token) else { return Ok(None) };
    let end = "DELETE FROM sessions WHERE id = $1 AND account = $2 RETURNING account";
    Ok(on!(database, pool => sqlx::query_scalar(end).bind(session).bind(account).fetch_optional(pool))?)
}

/// Hashes a password on a thread that may block.
async fn hash(password: String) -> Answer<String> {
    if password.chars().count() < 8 {
        return Err(Problem::WEAK_PASSWORD);
    }
    let hash = move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string());
    spawn_blocking(hash).await.ok().and_then(Result::ok).ok_or(Problem::INTERNAL)
}

async fn verify(password: String, stored: String) -> Answer<bool> {
    let verify = move || {
        let parsed = PasswordHash::new(&stored).ok()?;
        Some(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    };
    spawn_blocking(verify).await.ok().flatten().ok_or(Problem::INTERNAL)
}
