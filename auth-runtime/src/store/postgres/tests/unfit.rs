//! Servers and databases that cannot hold the stores are refused in words, without a password.

use core::error::Error;
use std::{
    env,
    io::{self, Write as _},
    sync::Arc,
};

use super::servers::{open, schema, server};
use crate::{
    clock::{SystemClock, manual::ManualClock},
    error::StoreError,
    limit::{Answer, Charge, KeyValue, LimitStore, Outcome, PreparedLimit},
    policy::{Limit, LimitKey, Quota},
    store::{
        Account, AccountStore, PostgresStore, Rotated,
        suite::{
            race::at_once,
            samples::{begin, found, present},
        },
    },
};

async fn refusal(url: &str) -> String {
    let error = open(url, Arc::new(ManualClock::at(1_000))).await.unwrap_err();
    format!("{error}: {}", error.source().unwrap())
}

#[tokio::test]
async fn a_url_of_another_database_is_refused_without_being_shown() {
    for url in ["", "sqlite://a.db", "mysql://app:hunter2@localhost/app", "postgres:app:hunter2", "postgresql://["] {
        let refusal = refusal(url).await;
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
    assert!(!format!("{:?}", PostgresStore::builder("postgres://app:hunter2@localhost/app")).contains("hunter2"));
}

#[tokio::test]
async fn a_server_that_is_away_is_an_error_with_its_cause_and_without_the_password() {
    let refusal = refusal("postgres://app:hunter2@127.0.0.1:1/app").await;
    assert!(refusal.contains("refused") && !refusal.contains("hunter2"), "{refusal}");
}

#[tokio::test]
async fn settings_that_break_a_promise_are_refused_in_words() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    for (setting, words) in [
        ("synchronous_commit%3Doff", "synchronous_commit = off"),
        ("default_transaction_read_only%3Don", "read-only"),
        ("default_transaction_isolation%3Dserializable", "`serializable` by default"),
    ] {
        let refusal = refusal(&format!("{url}%20-c{setting}")).await;
        assert!(refusal.contains(words), "{refusal}");
    }
}

#[tokio::test]
async fn a_database_in_another_encoding_is_refused_in_words() {
    let Some(server) = server() else { return };
    let operator = sqlx::PgPool::connect(&server).await.unwrap();
    let name = format!("ascii{}", std::process::id());
    let run = async |sql: String| sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&operator).await.unwrap();
    run(format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C'")).await;
    let (address, _) = server.rsplit_once('/').unwrap();
    let refusal = refusal(&format!("{address}/{name}")).await;
    run(format!("DROP DATABASE {name} WITH (FORCE)")).await;
    assert!(refusal.contains("encoding SQL_ASCII"), "{refusal}");
}

/// All times are numbers.
#[tokio::test]
async fn the_time_zone_and_the_styles_of_times_do_not_matter() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let odd = format!("{url}%20-cTimeZone%3DAsia/Kathmandu%20-cDateStyle%3DSQL,DMY%20-cbytea_output%3Descape");
    let [one, other] = [url, odd].map(|url| async move { open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap() });
    let (one, other) = (one.await, other.await);
    begin(&one).await;
    assert!(found(&one, "s").await == found(&other, "s").await);
    assert!(matches!(present(1, 2, 1_500).to(&other).await, Rotated::Won(_)));
    let limit = PreparedLimit::new(Limit::new(Quota::per_minute(2), LimitKey::Global), "tests", 0);
    for (store, admitted) in [(&one, true), (&other, true), (&one, false), (&other, false)] {
        let mut charges = [Charge::new(&limit, KeyValue::GLOBAL)];
        let limits = store.limits().with_timeout(core::time::Duration::from_secs(5));
        match limits.charge(&mut charges, &SystemClock::new()) {
            Answer::Ready(answer) => answer.unwrap(),
            Answer::Pending(answer) => answer.await.unwrap(),
        }
        let Outcome::Counted(verdict) = charges[0].outcome() else { panic!("it was not counted") };
        assert_eq!(verdict.is_allowed(), admitted);
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_where_it_excludes_this_program() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let store = open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    let newer = "INSERT INTO auth_migrations (version, name, oldest, applied_at) VALUES (998, 'later', 3, 0)";
    sqlx::query(newer).execute(store.pool()).await.unwrap();
    open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    let excluding = "INSERT INTO auth_migrations (version, name, oldest, applied_at) VALUES (999, 'later', 4, 0)";
    sqlx::query(excluding).execute(store.pool()).await.unwrap();
    let refusal = refusal(&url).await;
    assert!(refusal.contains("of version 999, for programs that know version 4 or later"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_that_start_at_once_create_the_tables_once() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let starting: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { open(&url, Arc::new(ManualClock::at(1_000))).await })
        })
        .collect();
    for store in starting {
        store.await.unwrap().unwrap();
    }
}

/// A pooler in transaction mode either knows prepared statements, and then everything works, or is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pooler_that_loses_prepared_statements_is_refused_in_words() {
    if server().is_none() {
        return;
    }
    let Ok(pooler) = env::var("AUTH_TESTS_PGBOUNCER") else {
        let _ = writeln!(io::stderr(), "LEFT OUT: the test of PgBouncer, since AUTH_TESTS_PGBOUNCER is not set");
        return;
    };
    match open(&pooler, Arc::new(ManualClock::at(1_000))).await {
        Err(error) => {
            let refusal = format!("{error}: {}", error.source().unwrap());
            assert!(refusal.contains("use PgBouncer 1.21 or later"), "{refusal}");
        }
        Ok(store) => {
            for outcome in at_once(64, |_| find(store.clone())).await {
                assert!(outcome.unwrap().is_none());
            }
        }
    }
}

async fn find(store: PostgresStore) -> Result<Option<Account>, StoreError> {
    store.find("none").await
}
