//! This version opens a database of the first release that has users in it.

use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};

use super::*;
use crate::store::{ClientLabel, Ended, SessionKind, SessionRecord};

const DAY: i64 = 24 * 60 * 60;

/// Two accounts, and sessions for all cases. Every token lives for one week.
const CONTENT: &str = r#"
    INSERT INTO auth_accounts VALUES
        ('u1', 'alice', 'alice@example.org', '$argon2id$a', '["admin"]', '["notes:read"]', 1, 0, 10, 20),
        ('u2', 'bob', 'bob@example.org', '$argon2id$b', '[]', '[]', 0, 1, 30, 40);
    INSERT INTO auth_logins VALUES
        ('alice', 'u1'), ('alice@example.org', 'u1'), ('bob', 'u2'), ('bob@example.org', 'u2');
    INSERT INTO auth_refresh_tokens
        (token_hash, session_id, user_id, client_id, scope, issued_at, expires_at, auth_time, claimed_at, revoked_at)
    VALUES
        (x'__01', 'chain', 'u1', 'client', 'a b', 1000, 605800, 900, 2000, NULL),
        (x'__02', 'chain', 'u1', 'client', 'a b', 2000, 606800, 900, 3000, NULL),
        (x'__03', 'chain', 'u1', 'client', 'a',   3000, 607800, 900, NULL, NULL),
        (x'__04', 'fresh', 'u2', 'other', '',     4000, 608800, 4000, NULL, NULL),
        (x'__05', 'gone',  'u2', 'client', 'a',   1000, 605800, 1000, 2000, 5000),
        (x'__06', 'gone',  'u2', 'client', 'a',   2000, 606800, 1000, NULL, 5000),
        (x'__07', 'spent', 'u1', 'client', 'a',   1000, 605800, 1000, 2000, NULL),
        (x'__08', 'old',   'u1', 'client', 'a',   1000, 605800, 1000, 2000, NULL),
        (x'__09', 'old',   'u1', 'client', 'a',   9000000, 9604800, 1000, NULL, NULL);
"#;

/// Opens a database in the state in which the first release left it.
async fn carried_over() -> Fresh {
    let dir = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new().filename(dir.path().join("test.db")).create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let migrations = "CREATE TABLE auth_migrations
        (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;
        INSERT INTO auth_migrations VALUES (1, 'accounts', 5), (2, 'refresh_tokens', 5)";
    let content = CONTENT.replace("__", &"00".repeat(31));
    for sql in [
        include_str!("../../../../migrations/sqlite/0001_accounts.sql"),
        include_str!("../../../../migrations/sqlite/0002_refresh_tokens.sql"),
        migrations,
        content.as_str(),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let store = open(dir.path()).await.unwrap();
    Fresh { dir, store }
}

fn old(number: u8) -> TokenHash {
    let mut hash = [0; 32];
    hash[31] = number;
    TokenHash::from_bytes(hash)
}

/// Presents the old token of this number, as the client that received it.
fn present_old(number: u8, now: i64) -> Presented {
    let client_id = if number == 4 { "other" } else { "client" }.to_owned();
    Presented { hash: old(number), client_id, ..present(0, 100 + number, now) }
}

#[tokio::test]
async fn every_session_has_a_record() {
    let Fresh { store, dir: _dir } = carried_over().await;
    let chain = SessionRecord {
        id: "chain".to_owned(),
        user_id: "u1".to_owned(),
        client_id: "client".to_owned(),
        scope: "a".to_owned(),
        kind: SessionKind::Bearer,
        client: ClientLabel::default(),
        created_at: at(1_000),
        last_used_at: at(3_000),
        auth_time: at(900),
        idle_expires_at: at(607_800),
        absolute_expires_at: at(1_000 + 30 * DAY),
        generation: 0,
        ended: None,
    };
    assert!(found(&store, "chain").await == chain, "{:?}", found(&store, "chain").await);
    for number in 1..=3 {
        let found = store.find_by_token(&old(number)).await.unwrap();
        assert!(found.is_some_and(|token| token.session == chain && token.is_used == (number < 3)), "{number}");
    }
    let fresh = found(&store, "fresh").await;
    assert_eq!((&*fresh.user_id, &*fresh.client_id, fresh.created_at), ("u2", "other", at(4_000)));
    let gone = Some(Ended { at: at(5_000), reason: EndReason::Revoked });
    assert_eq!(found(&store, "gone").await.ended, gone);
    assert_eq!(found(&store, "old").await.absolute_expires_at, at(9_604_800), "the migration signs no user out");
    assert!(store.revocations(0).await.unwrap().is_empty());
    let listed: Vec<_> =
        SessionStore::list(&store, "u1", at(5_000)).await.unwrap().into_iter().map(|session| session.id).collect();
    assert_eq!(listed, ["old", "chain", "spent"]);
}

#[tokio::test]
async fn tokens_are_as_good_as_they_were() {
    let Fresh { store, dir: _dir } = carried_over().await;
    for (number, now) in [(3, 5_000), (4, 5_000), (9, 9_604_799)] {
        let won = present_old(number, now).to(&store).await;
        assert!(matches!(won, Rotated::Won(_)), "{number}: {won:?}");
        let successor = Presented { hash: hash(100 + number), ..present_old(number, now) };
        let next = Presented { successor: hash(200 + number), ..successor }.to(&store).await;
        assert!(matches!(next, Rotated::Won(_)), "{number}: {next:?}");
    }
    for number in [5, 6] {
        assert!(matches!(present_old(number, 5_000).to(&store).await, Rotated::Ended(_)), "{number}");
    }
    // In the second of its use. The first release recorded neither the client nor the answer, so any further use counts
    // as a copy.
    for number in [1, 7] {
        let reused = present_old(number, 2_000).to(&store).await;
        assert!(matches!(reused, Rotated::Reused(_)), "{number}: {reused:?}");
    }
    assert!(matches!(present_old(3, 5_000).to(&store).await, Rotated::Ended(_)), "the first token ended it");
}

#[tokio::test]
async fn people_sign_in_as_before() {
    let Fresh { store, dir } = carried_over().await;
    let alice = store.find_by_login("ALICE").await.unwrap().unwrap();
    assert_eq!((&*alice.id, &*alice.roles[0], alice.created_at, alice.active), ("u1", "admin", at(10), true));
    let bob = AccountStore::find(&store, "u2").await.unwrap().unwrap();
    assert_eq!((&*bob.username, bob.superuser, bob.active), ("bob", true, false));
    assert_eq!(alice.email_verified_at, None, "the first release did not verify addresses");
    assert!(store.set_email_verified("u1", &alice.email, at(1_100)).await.unwrap());
    store.pool().close().await;

    let store = open(dir.path()).await.unwrap();
    let applied: Vec<(i64, i64)> =
        sqlx::query_as("SELECT version, applied_at FROM auth_migrations").fetch_all(store.pool()).await.unwrap();
    assert_eq!(applied, [(1, 5), (2, 5), (3, 1_000), (4, 1_000), (5, 1_000), (6, 1_000), (7, 1_000)]);
    let left = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'auth_refresh_tokens%'";
    assert_eq!(sqlx::query_scalar::<_, i64>(left).fetch_one(store.pool()).await.unwrap(), 0);
}

/// Turns a database back into one of version 5.
pub(super) const WITHOUT_GENERATIONS: &str = "ALTER TABLE auth_sessions DROP COLUMN generation;
    ALTER TABLE auth_revocations DROP COLUMN before_generation;
    ALTER TABLE auth_revocations ADD COLUMN issued_until INTEGER;
    DELETE FROM auth_migrations WHERE version >= 6;
    ALTER TABLE auth_migrations DROP COLUMN oldest;";

/// An earlier version changed roles, and distinguished tokens by their time of issue.
#[tokio::test]
async fn a_change_of_roles_from_before_generations_holds() {
    let Fresh { store, dir } = carried_over().await;
    let changed = "INSERT INTO auth_revocations (target_kind, target, issued_until, remember_until)
        VALUES ('session', 'chain', 4000, 9000), ('session', 'gone', NULL, 9000), ('token', 'fresh', NULL, 9000)";
    for sql in [WITHOUT_GENERATIONS, changed] {
        sqlx::raw_sql(sql).execute(store.pool()).await.unwrap();
    }
    store.pool().close().await;

    let store = open(dir.path()).await.unwrap();
    let generations = ["chain", "gone", "fresh"].map(|id| found(&store, id));
    let [chain, gone, fresh] = generations;
    assert_eq!((chain.await.generation, gone.await.generation, fresh.await.generation), (1, 0, 0));
    let refused: Vec<_> =
        store.revocations(0).await.unwrap().into_iter().map(|revocation| revocation.before_generation).collect();
    assert_eq!(refused, [Some(1), None, None]);
    assert_eq!(store.reissue("u1", at(9_000)).await.unwrap().iter().map(|anew| anew.generation).max(), Some(2));
}
