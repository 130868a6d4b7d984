//! A call that opens, changes or removes an account, or what belongs to it, and fails: everything is as it was.

use super::{
    api_keys::key,
    failure::{one_time_token, refuse_commits},
    *,
};
use crate::store::{Account, AccountOpening, ApiKeyStore, AttemptLimits, AttemptStore, CreateError, OneTimeTokenStore};

async fn invited(store: &SqliteStore) -> Account {
    let mut invited = NewAccount::new("bob", "bob@example.org", "first".into());
    invited.pending_until = Some(at(2_000));
    store.create(invited).await.unwrap()
}

/// Opens the file of `dir` once more, at another time, with commits that fail.
async fn without_commits(dir: &Path) -> SqliteStore {
    let builder = SqliteStore::builder(url(dir)).max_connections(1);
    let failing = builder.open_with(Arc::new(ManualClock::at(5_000)), Arc::new(SystemEntropy::new())).await.unwrap();
    refuse_commits(&failing).await;
    failing
}

fn opening() -> AccountOpening {
    AccountOpening { username: Some("robert".to_owned()), ..AccountOpening::new() }
}

/// Asserts that these accounts are what they were, under their names alone, and that no name is retired.
async fn assert_as_before(store: &SqliteStore, accounts: [&Account; 2]) {
    for account in accounts {
        for login in [&account.username, &account.email] {
            let found = store.find_by_login(login).await.unwrap().unwrap();
            assert_eq!((&found.username, &found.email), (&account.username, &account.email));
            assert_eq!((found.active, found.superuser), (account.active, account.superuser), "{login}");
            assert_eq!((found.pending_until, found.updated_at), (account.pending_until, account.updated_at), "{login}");
        }
    }
    for login in ["robert", "alicia", "alice@example.com"] {
        assert!(store.find_by_login(login).await.unwrap().is_none(), "{login}");
    }
    let retired = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM auth_retired_names");
    assert_eq!(retired.fetch_one(store.pool()).await.unwrap(), 0);
}

#[tokio::test]
async fn failed_commits_leave_accounts_as_they_were() {
    let Fresh { dir, store } = fresh().await;
    let (alice, bob) = (store.create(alice()).await.unwrap(), invited(&store).await);
    let failing = without_commits(dir.path()).await;
    assert!(failing.open(&bob.id, opening(), at(1_000)).await.is_err());
    assert!(failing.remove_pending(at(2_000), 1).await.is_err());
    assert!(failing.cancel_pending(&bob.id).await.is_err());
    assert!(failing.set_active(&bob.id, true).await.is_err());
    assert!(failing.set_active(&alice.id, false).await.is_err());
    assert!(failing.set_superuser(&alice.id, true).await.is_err());
    assert!(failing.set_superuser(&alice.id, false).await.is_err());
    assert!(failing.set_username(&alice.id, "alicia").await.is_err());
    assert!(failing.set_email(&alice.id, &alice.email, "alice@example.com", None).await.is_err());
    assert!(failing.delete(&alice.id).await.is_err());
    assert_as_before(&store, [&alice, &bob]).await;
}

#[tokio::test]
async fn failed_commits_remove_nothing_that_belongs_to_an_account() {
    let Fresh { dir, store } = fresh().await;
    let (attempt, limits, token) = (attempt(1, 2), AttemptLimits::default(), one_time_token());
    begin(&store).await;
    store.create_key(key(1), 10).await.unwrap();
    store.attempt_succeeded(&attempt, &limits, at(1_000)).await.unwrap();
    store.issue_one_time(token.clone()).await.unwrap();
    let failing = without_commits(dir.path()).await;
    assert!(failing.remove_all("user", ending(1_500, EndReason::Deleted)).await.is_err());
    assert!(failing.remove_all_keys("user").await.is_err());
    assert!(failing.forget(&attempt.account).await.is_err());
    assert!(failing.void_all_one_time(&token.user_id).await.is_err());

    assert!(found(&store, "s").await == session("s"));
    assert!(store.revocations(0).await.unwrap().is_empty());
    assert_eq!(store.list_keys("user").await.unwrap(), [key(1)]);
    assert!(store.is_known_client(&attempt, at(1_000)).await.unwrap());
    assert_eq!(store.redeem_one_time(&token.hash, token.purpose, at(1_000)).await.unwrap(), Some(token));
}

/// A store that cannot tell whether a name is retired gives it to no account.
#[tokio::test]
async fn without_the_retired_names_nobody_gets_a_name() {
    let Fresh { store, dir: _dir } = fresh().await;
    let (alice, bob) = (store.create(alice()).await.unwrap(), invited(&store).await);
    sqlx::query("ALTER TABLE auth_retired_names RENAME TO away").execute(store.pool()).await.unwrap();
    let created = store.create(NewAccount::new("alicia", "alice@example.com", "first".into())).await;
    assert!(matches!(created, Err(CreateError::Store(_))));
    assert!(matches!(store.open(&bob.id, opening(), at(1_000)).await, Err(CreateError::Store(_))));
    assert!(matches!(store.set_username(&alice.id, "alicia").await, Err(CreateError::Store(_))));
    let moved = store.set_email(&alice.id, &alice.email, "alice@example.com", None).await;
    assert!(matches!(moved, Err(CreateError::Store(_))));
    assert!(store.delete(&alice.id).await.is_err(), "its name could go to another");
    sqlx::query("ALTER TABLE away RENAME TO auth_retired_names").execute(store.pool()).await.unwrap();
    assert_as_before(&store, [&alice, &bob]).await;
}
