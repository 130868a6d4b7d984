//! A call that opens, changes or removes an account, or what belongs to it, and fails: everything is as it was.

use core::time::Duration;
use std::time::Instant;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgTransaction};

use super::{faults::open, own::OwnServer, servers};
use crate::store::{
    Account, AccountKey, AccountOpening, AccountStore, Admission, ApiKeyStore, Attempt, AttemptLimits, AttemptStore,
    ClientKey, CreateError, EndReason, NewAccount, OneTimeTokenStore, PostgresStore, SessionStore,
    suite::samples::{at, begin, ending, found, session},
};

const CALLS: usize = 14;

/// Calls every method that opens, changes or removes an account, or removes what belongs to it. Returns the names of
/// those that succeeded.
async fn succeed(store: &PostgresStore) -> Vec<&'static str> {
    let account = AccountKey::from_bytes([1; 32]);
    let outcomes: [_; CALLS] = [
        ("open", store.open("nobody", AccountOpening::new(), at(0)).await.is_ok()),
        ("remove_pending", store.remove_pending(at(0), 1).await.is_ok()),
        ("cancel_pending", store.cancel_pending("nobody").await.is_ok()),
        ("activate", store.set_active("nobody", true).await.is_ok()),
        ("deactivate", store.set_active("nobody", false).await.is_ok()),
        ("promote", store.set_superuser("nobody", true).await.is_ok()),
        ("demote", store.set_superuser("nobody", false).await.is_ok()),
        ("set_username", store.set_username("nobody", "name").await.is_ok()),
        ("set_email", store.set_email("nobody", "old", "new", None).await.is_ok()),
        ("delete", store.delete("nobody").await.is_ok()),
        ("remove_all", store.remove_all("nobody", ending(1_500, EndReason::Deleted)).await.is_ok()),
        ("remove_all_keys", store.remove_all_keys("nobody").await.is_ok()),
        ("forget", store.forget(&account).await.is_ok()),
        ("void_all_one_time", store.void_all_one_time("nobody").await.is_ok()),
    ];
    outcomes.into_iter().filter_map(|(name, is_ok)| is_ok.then_some(name)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_fails_every_change_of_accounts() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let store = open(&server.url(), 4).await;
    assert_eq!(succeed(&store).await.len(), CALLS);
    server.kill();
    assert!(succeed(&store).await.is_empty());
    server.restart();
    let end = Instant::now() + Duration::from_secs(10);
    while succeed(&store).await.len() < CALLS {
        assert!(Instant::now() < end, "the store does not recover");
    }
}

/// Keeps every other transaction from this table until the returned one ends.
async fn lock<'a>(operator: &'a mut PgConnection, table: &str) -> PgTransaction<'a> {
    let mut holding = operator.begin().await.unwrap();
    let lock = format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
    sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut *holding).await.unwrap();
    holding
}

/// Asserts that the account is unchanged, under both of its names.
async fn assert_as_before(store: &PostgresStore, account: &Account) {
    for login in [&account.username, &account.email] {
        let found = store.find_by_login(login).await.unwrap().unwrap();
        assert_eq!((&found.username, &found.email), (&account.username, &account.email));
        assert_eq!((found.active, found.pending_until), (account.active, account.pending_until), "{login}");
        assert_eq!(found.updated_at, account.updated_at, "{login}");
    }
}

/// The table of retired names is the last table that each of these calls needs. A store that cannot tell whether a name
/// is retired gives it to no account.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_names_that_fails_half_way_leaves_everything_as_it_was() {
    let Some(server) = servers::server() else { return };
    let url = servers::schema(&server).await;
    let store = open(&url, 4).await;
    let new = |name: &str| NewAccount::new(name, format!("{name}@example.org"), "first".into());
    let alice = store.create(new("alice")).await.unwrap();
    let invited = NewAccount { pending_until: Some(at(2_000)), ..new("bob") };
    let bob = store.create(invited).await.unwrap();

    let mut operator = PgConnection::connect(&url).await.unwrap();
    let holding = lock(&mut operator, "auth_retired_names").await;
    assert!(matches!(store.create(new("alicia")).await, Err(CreateError::Store(_))));
    let opening = AccountOpening { username: Some("robert".to_owned()), ..AccountOpening::new() };
    assert!(matches!(store.open(&bob.id, opening, at(1_000)).await, Err(CreateError::Store(_))));
    assert!(matches!(store.set_username(&alice.id, "alicia").await, Err(CreateError::Store(_))));
    let moved = store.set_email(&alice.id, &alice.email, "alicia@example.org", None).await;
    assert!(matches!(moved, Err(CreateError::Store(_))));
    assert!(store.delete(&alice.id).await.is_err());
    holding.rollback().await.unwrap();

    assert_as_before(&store, &alice).await;
    assert_as_before(&store, &bob).await;
    for login in ["robert", "alicia", "alicia@example.org"] {
        assert!(store.find_by_login(login).await.unwrap().is_none(), "{login}");
    }
    assert!(store.set_username(&alice.id, "alicia").await.unwrap(), "no name is held by a call that failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_that_fails_half_way_leaves_everything_as_it_was() {
    let Some(server) = servers::server() else { return };
    let url = servers::schema(&server).await;
    let store = open(&url, 4).await;
    let attempt = Attempt::new(AccountKey::from_bytes([1; 32]), ClientKey::from_bytes([2; 32]));
    begin(&store).await;
    let admission = store.admit_attempt(&attempt, &AttemptLimits::default(), at(1_000)).await.unwrap();
    assert_eq!(admission, Admission::Admitted);

    let mut operator = PgConnection::connect(&url).await.unwrap();
    let holding = lock(&mut operator, "auth_revocations, auth_known_clients").await;
    assert!(store.remove_all("user", ending(1_500, EndReason::Deleted)).await.is_err());
    assert!(store.forget(&attempt.account).await.is_err());
    holding.rollback().await.unwrap();

    assert!(found(&store, "s").await == session("s"));
    assert!(store.revocations(0).await.unwrap().is_empty());
    let counters = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM auth_attempts");
    assert_eq!(counters.fetch_one(store.pool()).await.unwrap(), 1);
}
