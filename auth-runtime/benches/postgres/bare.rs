//! The same statements by sqlx alone.

use std::sync::atomic::{AtomicU64, Ordering};

use auth_runtime::store::PgPool;
use sqlx::{Row as _, postgres::PgRow};

use super::rows::{LATER, NOW, hash};
use crate::Subject;

pub(crate) struct Bare {
    pool: PgPool,
    next: AtomicU64,
}

impl Bare {
    pub(crate) fn new(pool: PgPool) -> Self {
        Self { pool, next: AtomicU64::new(0) }
    }

    async fn begin_session(&self, user_id: &str) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut transaction = self.pool.begin().await.unwrap();
        let session = sqlx::query(INSERT_SESSION).bind(format!("bare {id}")).bind(user_id).bind("web");
        let session = session.bind("notes:read notes:write").bind("bearer").bind(None::<&[u8]>).bind(AGENT);
        let session = session.bind("192.0.2.1").bind("laptop").bind(NOW).bind(NOW).bind(NOW).bind(LATER).bind(LATER);
        let session = session.bind(0_i64).bind(None::<i64>).bind(None::<&str>);
        session.execute(&mut *transaction).await.unwrap();
        let token = sqlx::query(INSERT_TOKEN).bind(hash("bare", id)).bind(format!("bare {id}")).bind(LATER);
        token.execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }

    async fn one_session(&self, row: Result<PgRow, sqlx::Error>) {
        assert!(!session(&row.unwrap()).id.is_empty());
    }
}

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

impl Subject for Bare {
    async fn sign_in(&self, number: u64) {
        let (account, client) = (hash("account", number), hash("client", number));
        let user = sqlx::query(BY_LOGIN).bind(format!("user {number}")).fetch_one(&self.pool).await.unwrap();
        let user = user_of(&user);
        let known = sqlx::query_scalar::<_, bool>(IS_KNOWN).bind(account).bind(client).bind(NOW);
        assert!(known.fetch_one(&self.pool).await.unwrap());

        let mut transaction = self.pool.begin().await.unwrap();
        let count = sqlx::query(COUNT).bind(account).bind(client).bind(NOW).bind(LATER).bind(100_i64);
        assert_eq!(count.execute(&mut *transaction).await.unwrap().rows_affected(), 1);
        transaction.commit().await.unwrap();

        let mut transaction = self.pool.begin().await.unwrap();
        let back = sqlx::query(SET_BACK).bind(account).bind(client).bind(NOW);
        back.execute(&mut *transaction).await.unwrap();
        let remember = sqlx::query(REMEMBER).bind(account).bind(client).bind(LATER);
        remember.execute(&mut *transaction).await.unwrap();
        sqlx::query(FORGET).bind(account).bind(10_i64).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();

        self.begin_session(&user.id).await;
    }

    async fn refresh(&self, token: [u8; 32], successor: [u8; 32]) {
        let mut transaction = self.pool.begin().await.unwrap();
        let row = sqlx::query(LOCK_TOKEN).bind(token).fetch_one(&mut *transaction).await.unwrap();
        let session = session(&row);
        assert!(row.try_get::<Option<i64>, _>("claimed_at").unwrap().is_none());
        let claim = sqlx::query(CLAIM).bind(NOW).bind([7_u8; 32]).bind(&[7_u8; 100][..]).bind(NOW + 21).bind(token);
        claim.execute(&mut *transaction).await.unwrap();
        let insert = sqlx::query(INSERT_TOKEN).bind(successor).bind(&session.id).bind(LATER);
        insert.execute(&mut *transaction).await.unwrap();
        let go_on = sqlx::query(CONTINUE).bind(NOW).bind(LATER).bind(AGENT).bind("192.0.2.1").bind(&session.id);
        go_on.execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }

    async fn session(&self, number: u64) {
        let find = sqlx::query(BY_ID).bind(format!("session {number}"));
        self.one_session(find.fetch_one(&self.pool).await).await;
    }

    async fn session_by_cookie(&self, number: u64) {
        self.one_session(sqlx::query(BY_COOKIE).bind(hash("cookie", number)).fetch_one(&self.pool).await).await;
    }

    async fn key(&self, number: u64) {
        let row = sqlx::query(BY_KEY).bind(hash("key", number)).fetch_one(&self.pool).await.unwrap();
        assert!(!key(&row).texts.iter().any(String::is_empty));
    }

    async fn list(&self, number: u64) {
        let list = sqlx::query(LIST).bind(format!("user {number}")).bind(NOW);
        let rows = list.fetch_all(&self.pool).await.unwrap();
        assert!(rows.iter().map(session).collect::<Vec<_>>().len() >= 5);
    }
}

const BY_LOGIN: &str = "SELECT auth_accounts.* FROM auth_logins
    JOIN auth_accounts ON auth_accounts.id = auth_logins.account_id WHERE auth_logins.login = $1";
const IS_KNOWN: &str = "SELECT EXISTS
    (SELECT 1 FROM auth_known_clients WHERE account_key = $1 AND client_key = $2 AND expires_at > $3)";
const COUNT: &str = "INSERT INTO auth_attempts (account_key, client_key, failures, expires_at)
    VALUES ($1, coalesce((SELECT client_key FROM auth_known_clients
        WHERE account_key = $1 AND client_key = $2 AND expires_at > $3), ''::bytea), 1, $4)
    ON CONFLICT (account_key, client_key) DO UPDATE SET
        failures = CASE WHEN auth_attempts.expires_at > $3 THEN auth_attempts.failures + 1 ELSE 1 END,
        expires_at = excluded.expires_at
    WHERE auth_attempts.expires_at <= $3 OR auth_attempts.failures < $5";
const SET_BACK: &str = "DELETE FROM auth_attempts WHERE account_key = $1 AND client_key =
    coalesce((SELECT client_key FROM auth_known_clients
        WHERE account_key = $1 AND client_key = $2 AND expires_at > $3), ''::bytea)";
const REMEMBER: &str = "INSERT INTO auth_known_clients (account_key, client_key, expires_at) VALUES ($1, $2, $3)
    ON CONFLICT (account_key, client_key) DO UPDATE SET expires_at = excluded.expires_at";
const FORGET: &str = "DELETE FROM auth_known_clients WHERE account_key = $1 AND client_key IN
    (SELECT client_key FROM auth_known_clients WHERE account_key = $1
        ORDER BY expires_at DESC, client_key DESC OFFSET $2)";
const INSERT_SESSION: &str = "INSERT INTO auth_sessions
    (id, user_id, client_id, scope, kind, cookie_hash, user_agent, address, device,
    created_at, last_used_at, auth_time, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
const INSERT_TOKEN: &str = "INSERT INTO auth_session_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, $3)";
pub(super) const LOCK_TOKEN: &str =
    "SELECT auth_sessions.*, expires_at, claimed_at, claimed_by, sealed FROM auth_session_tokens
    JOIN auth_sessions ON auth_sessions.id = auth_session_tokens.session_id WHERE token_hash = $1 FOR UPDATE";
const CLAIM: &str = "UPDATE auth_session_tokens SET claimed_at = $1, claimed_by = $2, sealed = $3, sealed_until = $4
    WHERE token_hash = $5 AND claimed_at IS NULL";
const CONTINUE: &str = "UPDATE auth_sessions SET last_used_at = $1, idle_expires_at = $2,
    user_agent = $3, address = $4 WHERE id = $5";
const BY_ID: &str = "SELECT * FROM auth_sessions WHERE id = $1";
const BY_COOKIE: &str = "SELECT * FROM auth_sessions WHERE cookie_hash = $1";
const BY_KEY: &str = "SELECT * FROM auth_api_keys WHERE key_hash = $1";
const LIST: &str = "SELECT * FROM auth_sessions WHERE user_id = $1 AND ended_at IS NULL
    AND idle_expires_at > $2 AND absolute_expires_at > $2 ORDER BY last_used_at DESC, id DESC";

/// The statements of look-ups, with values for their parameters.
pub(super) const LOOK_UPS: [(&str, &str, &str); 6] = [
    ("account by login", BY_LOGIN, "'user 7'"),
    ("refresh token and its session", LOCK_TOKEN, "sha256('token 7')"),
    ("session by id", BY_ID, "'session 7'"),
    ("session by cookie", BY_COOKIE, "sha256('cookie 7')"),
    ("API key", BY_KEY, "sha256('key 7')"),
    ("list of sessions", LIST, "'user 7', 1800000000"),
];

struct Session {
    id: String,
    #[expect(dead_code, reason = "a program reads what it selects")]
    rest: ([String; 7], [i64; 6], [Option<String>; 1], Option<i64>),
}

fn session(row: &PgRow) -> Session {
    let text = |column: &str| row.try_get::<String, _>(column).unwrap();
    let time = |column: &str| row.try_get::<i64, _>(column).unwrap();
    let texts = ["user_id", "client_id", "scope", "kind", "user_agent", "address", "device"].map(text);
    let times = ["created_at", "last_used_at", "auth_time", "idle_expires_at", "absolute_expires_at", "generation"];
    let ended = (row.try_get("ended_why").unwrap(), row.try_get("ended_at").unwrap());
    Session { id: text("id"), rest: (texts, times.map(time), [ended.0], ended.1) }
}

struct User {
    id: String,
    #[expect(dead_code, reason = "a program reads what it selects")]
    rest: UserRest,
}

type UserRest = ([String; 3], [Vec<String>; 2], [bool; 2], [i64; 2], Option<i64>);

fn user_of(row: &PgRow) -> User {
    let text = |column: &str| row.try_get::<String, _>(column).unwrap();
    let texts = ["username", "email", "password_hash"].map(text);
    let lists = ["roles", "scopes"].map(|column| row.try_get(column).unwrap());
    let facts = ["active", "superuser"].map(|column| row.try_get(column).unwrap());
    let times = ["created_at", "updated_at"].map(|column| row.try_get(column).unwrap());
    User { id: text("id"), rest: (texts, lists, facts, times, row.try_get("email_verified_at").unwrap()) }
}

struct Key {
    texts: [String; 4],
    #[expect(dead_code, reason = "a program reads what it selects")]
    rest: KeyRest,
}

type KeyRest = (Vec<String>, Vec<u8>, i64, [Option<i64>; 5], Option<String>);

fn key(row: &PgRow) -> Key {
    let texts = ["id", "user_id", "name", "display"].map(|column| row.try_get(column).unwrap());
    let times = ["expires_at", "last_used_at", "revoked_at", "limit_count", "limit_seconds"];
    let times = times.map(|column| row.try_get(column).unwrap());
    let (scopes, hash) = (row.try_get("scopes").unwrap(), row.try_get("key_hash").unwrap());
    let created_at = row.try_get("created_at").unwrap();
    Key { texts, rest: (scopes, hash, created_at, times, row.try_get("replaced_by").unwrap()) }
}
