//! Objects that another role of the database has made, and texts that no row can have.

use core::{error::Error, time::Duration};
use std::sync::Arc;

use sqlx::{AssertSqlSafe, PgPool};

use super::servers::{TRAPS, fresh, open, schema, server};
use crate::{
    clock::{SystemClock, manual::ManualClock},
    limit::{Answer, Charge, KeyValue, LimitStore, PreparedLimit},
    policy::{Limit, LimitKey, Quota},
    store::{
        AccountChange, AccountOpening, AccountStore, ApiKeyStore, EndReason, NewAccount, OneTimeTokenStore,
        SessionStore,
        suite::{
            self,
            samples::{at, begin, ending},
        },
    },
};

async fn trapped(server: &str) -> String {
    let url = schema(server).await;
    let pool = PgPool::connect(&url).await.unwrap();
    sqlx::raw_sql(TRAPS).execute(&pool).await.unwrap();
    pool.close().await;
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn functions_and_operators_of_another_role_are_never_called() {
    let Some(server) = server() else { return };
    let fresh = async || open(&trapped(&server).await, Arc::new(ManualClock::at(1_000))).await.unwrap();
    suite::account_store(fresh).await;
    suite::session_store(fresh).await;
    suite::attempt_store(fresh).await;
    suite::one_time_token_store(fresh).await;
    suite::api_key_store(fresh).await;

    let store = fresh().await;
    let limit = PreparedLimit::new(Limit::new(Quota::per_minute(2), LimitKey::Global), "tests", 0);
    for _ in 0..2 {
        let mut charges = [Charge::new(&limit, KeyValue::GLOBAL), Charge::new(&limit, KeyValue::GLOBAL)];
        let limits = store.limits().with_timeout(Duration::from_secs(5));
        match limits.charge(&mut charges, &SystemClock::new()) {
            Answer::Ready(answer) => answer.unwrap(),
            Answer::Pending(answer) => answer.await.unwrap(),
        }
    }
    // The clock went back, and the counter counts as empty.
    sqlx::raw_sql("UPDATE auth_limits SET full_at = full_at + 1e15").execute(store.pool()).await.unwrap();
    let mut charges = [Charge::new(&limit, KeyValue::GLOBAL)];
    match store.limits().with_timeout(Duration::from_secs(5)).charge(&mut charges, &SystemClock::new()) {
        Answer::Ready(answer) => answer.unwrap(),
        Answer::Pending(answer) => answer.await.unwrap(),
    }
}

async fn refusal(url: &str) -> String {
    let error = open(url, Arc::new(ManualClock::at(1_000))).await.unwrap_err();
    format!("{error}: {}", error.source().unwrap())
}

/// A role of the database made the table before the service started. It could read what the service writes there, and
/// its triggers would run as the service.
#[tokio::test]
async fn a_table_that_belongs_to_a_stranger_is_refused_before_it_is_used() {
    let Some(server) = server() else { return };
    for (name, table) in [
        ("auth_accounts", "TABLE auth_accounts (id TEXT)"),
        ("auth_migrations", "TABLE auth_migrations (version BIGINT, name TEXT, applied_at BIGINT)"),
        ("auth_migrations", "VIEW auth_migrations AS SELECT 3::bigint AS version, 1 / 0 AS name"),
    ] {
        let url = schema(&server).await;
        let stranger = url.rsplit_once("%3D").unwrap().1;
        let pool = PgPool::connect(&url).await.unwrap();
        let make = format!(
            "CREATE ROLE stranger_{stranger}; GRANT ALL ON SCHEMA {stranger} TO stranger_{stranger};
            SET ROLE stranger_{stranger}; CREATE {table}; RESET ROLE"
        );
        sqlx::raw_sql(AssertSqlSafe(make)).execute(&pool).await.unwrap();
        let refusal = refusal(&url).await;
        assert!(refusal.contains(name) && refusal.contains("belongs to the role"), "{refusal}");
    }
}

/// With row-level security, a role sees no rows and gets no error. A process that sees no revocations would accept
/// every revoked token.
#[tokio::test]
async fn tables_whose_rows_are_hidden_from_the_service_are_refused() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let name = url.rsplit_once("%3D").unwrap().1;
    let store = open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    store.revoke_token("jti", at(9_000)).await.unwrap();
    let hide = format!(
        "ALTER TABLE auth_revocations ENABLE ROW LEVEL SECURITY; CREATE ROLE app_{name} LOGIN;
        GRANT ALL ON SCHEMA {name} TO app_{name}; GRANT ALL ON ALL TABLES IN SCHEMA {name} TO app_{name}"
    );
    sqlx::raw_sql(AssertSqlSafe(hide)).execute(store.pool()).await.unwrap();
    let refusal = refusal(&url.replace("postgres@", &format!("app_{name}@"))).await;
    assert!(refusal.contains("auth_revocations") && refusal.contains("row-level security"), "{refusal}");
}

/// PostgreSQL keeps no NUL in a text, and answers an error. A stranger could cause an error at each sign-in, before
/// the attempt is counted.
#[tokio::test]
async fn a_text_that_no_row_can_have_finds_nothing() {
    let Some(server) = server() else { return };
    let store = fresh(&server).await;
    begin(&store).await;
    let ending = ending(1_500, EndReason::SignedOut);
    for text in ["\0", "s\0", "bystander\0"] {
        assert!(store.find(text).await.unwrap().is_none());
        assert!(store.find_by_login(text).await.unwrap().is_none());
        for active in [true, false] {
            assert_eq!(store.set_active(text, active).await.unwrap(), AccountChange::Unknown);
            assert_eq!(store.set_superuser(text, active).await.unwrap(), AccountChange::Unknown);
        }
        assert_eq!(store.delete(text).await.unwrap(), AccountChange::Unknown);
        assert!(store.open(text, AccountOpening::new(), at(0)).await.unwrap().is_none());
        assert!(!store.set_username(text, "name").await.unwrap());
        assert!(!store.set_email(text, "old", "new", None).await.unwrap());
        assert!(store.find_session(text).await.unwrap().is_none());
        assert!(SessionStore::list(&store, text, at(1_500)).await.unwrap().is_empty());
        assert!(!store.end(text, "user", ending).await.unwrap());
        assert!(store.end_all(text, None, ending).await.unwrap().is_empty());
        assert!(store.list_keys(text).await.unwrap().is_empty());
        assert!(!store.revoke_key("user", text, at(1_500)).await.unwrap());
        assert_eq!(store.revoke_all_keys(text, at(1_500)).await.unwrap(), 0);
        assert_eq!(store.remove_all_keys(text).await.unwrap(), 0);
        assert!(store.remove_all(text, ending).await.unwrap().is_empty());
        assert_eq!(store.void_all_one_time(text).await.unwrap(), 0);
    }
}

/// A statement of the server names the values of the row that it refuses, also the hash of a password.
#[tokio::test]
async fn an_error_shows_no_value_of_a_row() {
    let Some(server) = server() else { return };
    let store = fresh(&server).await;
    let bound = "ALTER TABLE auth_accounts ADD CHECK (username <> 'mallory')";
    sqlx::raw_sql(bound).execute(store.pool()).await.unwrap();
    let error =
        store.create(NewAccount::new("mallory", "hunter2@example.org", "hunter2-hash".into())).await.unwrap_err();
    let mut shown = format!("{error} {error:?}");
    let mut source: Option<&dyn Error> = error.source();
    while let Some(error) = source {
        shown = format!("{shown} {error} {error:?}");
        source = error.source();
    }
    assert!(shown.contains("violates check constraint") && !shown.contains("hunter2"), "{shown}");
}
