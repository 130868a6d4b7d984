//! Revocations that a process missed: an older copy of the database was restored, or rows were removed before it read
//! them.

use super::*;
use crate::store::{AccountStore, ApiKeyStore, AttemptStore, OneTimeTokenStore};

const UNTIL: UnixTime = UnixTime::from_seconds(900);

async fn revoke(store: &impl SessionStore, token: &str) {
    store.revoke_token(token, UNTIL).await.unwrap();
}

impl World {
    /// Connects the list to this store.
    fn with_store<S>(mut self, store: &S) -> Self
    where
        S: AccountStore + AttemptStore + SessionStore + OneTimeTokenStore + ApiKeyStore + Clone,
    {
        self.revocations.accounts = Accounts::new(store.clone());
        self
    }

    async fn refuses_token(&self, token_id: &str) -> Result<bool, StoreError> {
        let token = Claimed { session: None, token_id, generation: 0, issued_at: UnixTime::from_seconds(90) };
        Ok(self.refused_token(token).await?.is_some())
    }
}

/// The process has read up to position 3. By the time at which it asks, the older copy has given positions anew:
/// fewer than the process has read, as many, or more.
async fn a_restored_copy_is_read_from_the_beginning<S>(fresh: impl AsyncFn() -> S)
where
    S: AccountStore + AttemptStore + SessionStore + OneTimeTokenStore + ApiKeyStore + Clone,
{
    for given in 1..=5 {
        a_copy_with_as_many_new_ones_is_read(&fresh().await, &fresh().await, given).await;
    }
}

async fn a_copy_with_as_many_new_ones_is_read<S>(before: &S, restored: &S, given: u32)
where
    S: AccountStore + AttemptStore + SessionStore + OneTimeTokenStore + ApiKeyStore + Clone,
{
    let world = World::new().with_store(before);
    for token in ["kept", "lost", "lost, too"] {
        revoke(before, token).await;
    }
    assert!(world.refuses_token("kept").await.unwrap());

    for number in 1..=given {
        revoke(restored, &format!("new {number}")).await;
    }
    let world = world.with_store(restored);
    world.clock.set(103);
    for number in 1..=given {
        assert!(world.refuses_token(&format!("new {number}")).await.unwrap(), "{number} of {given}");
    }
    assert!(world.refuses_token("lost").await.unwrap(), "what the process knew stays refused");
    revoke(restored, "newer").await;
    world.clock.set(106);
    assert!(world.refuses_token("newer").await.unwrap());
}

#[tokio::test]
async fn a_restored_copy_in_memory_is_read_from_the_beginning() {
    let fresh = async || MemoryStore::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new()));
    a_restored_copy_is_read_from_the_beginning(fresh).await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_restored_copy_on_sqlite_is_read_from_the_beginning() {
    let fresh = async || crate::store::SqliteStore::open("sqlite::memory:").await.unwrap();
    a_restored_copy_is_read_from_the_beginning(fresh).await;
}

/// By SQLite's own means: the copy has the first revocation with its mark, and others after it.
#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_backup_that_has_overtaken_the_process_is_read_from_the_beginning() {
    use crate::store::SqliteStore;

    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| format!("{}/{name}", dir.path().display());
    let service = SqliteStore::open(&format!("sqlite://{}", path("service.db"))).await.unwrap();
    revoke(&service, "kept").await;
    let back_up = sqlx::query("VACUUM INTO ?").bind(path("backup.db"));
    back_up.execute(service.pool()).await.unwrap();
    for token in ["second", "third"] {
        revoke(&service, token).await;
    }
    let world = World::new().with_store(&service);
    assert!(world.refuses_token("third").await.unwrap());

    let restored = SqliteStore::open(&format!("sqlite://{}", path("backup.db"))).await.unwrap();
    for token in ["new second", "new third", "new fourth"] {
        revoke(&restored, token).await;
    }
    let world = world.with_store(&restored);
    world.clock.set(103);
    assert!(world.refuses_token("new second").await.unwrap());
    assert!(world.refuses_token("kept").await.unwrap());
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_restored_copy_on_postgres_is_read_from_the_beginning() {
    use crate::store::postgres_servers::{fresh, server};

    let Some(server) = server() else { return };
    a_restored_copy_is_read_from_the_beginning(async || fresh(&server).await).await;
}

/// A process with a wrong clock removed the row at position 2, which this process has not read.
#[tokio::test]
async fn rows_that_were_removed_unread_let_all_be_read_again() {
    let world = World::new();
    revoke(&world.store, "first").await;
    assert!(world.refuses_token("first").await.unwrap());
    assert_eq!(world.asked(), 1);
    world.store.revoke_token("removed", UnixTime::from_seconds(101)).await.unwrap();
    revoke(&world.store, "third").await;
    assert_eq!(world.store.remove_expired(UnixTime::from_seconds(101), 10).await.unwrap(), 1);

    world.clock.set(103);
    assert!(world.refuses_token("third").await.unwrap());
    assert_eq!(world.asked(), 3, "on from position 1, and then from the beginning");
    world.clock.set(106);
    assert!(!world.refuses_token("another").await.unwrap());
    assert_eq!(world.asked(), 4, "nothing is missing any more");
}

/// The newest revocation that the process knows expired, and was removed after another one. All is read again.
#[tokio::test]
async fn a_newest_one_that_was_cleaned_lets_all_be_read_again() {
    let world = World::new();
    for token in ["first", "second"] {
        world.store.revoke_token(token, UnixTime::from_seconds(101)).await.unwrap();
    }
    assert!(world.refuses_token("second").await.unwrap());
    for now in [103, 106] {
        while world.store.remove_expired(UnixTime::from_seconds(101), 10).await.unwrap() > 0 {}
        world.clock.set(now);
        assert!(world.refuses_token("second").await.unwrap());
    }
    assert_eq!(world.asked(), 3, "it is kept while it is the newest");
    revoke(&world.store, "third").await;
    assert_eq!(world.store.remove_expired(UnixTime::from_seconds(101), 10).await.unwrap(), 1);
    world.clock.set(109);
    assert!(world.refuses_token("third").await.unwrap());
    assert_eq!(world.asked(), 5, "on from position 2, and then from the beginning");
    assert!(!world.refuses_token("another").await.unwrap());
}

/// The list is recent enough for a failing store, but it is known to lack revocations.
#[tokio::test]
async fn until_all_is_read_no_token_is_accepted() {
    let world = World::new();
    for token in ["zeroth", "first"] {
        revoke(&world.store, token).await;
    }
    assert!(!world.refuses_token("good").await.unwrap());
    world.store.revoke_token("removed", UnixTime::from_seconds(101)).await.unwrap();
    revoke(&world.store, "last").await;
    assert_eq!(world.store.remove_expired(UnixTime::from_seconds(101), 10).await.unwrap(), 1);

    world.clock.set(103);
    world.fails_from_the_beginning.store(true, Ordering::SeqCst);
    assert!(world.refuses_token("good").await.is_err());
    assert!(world.refuses_token("good").await.is_err(), "also when it is asked again");
    world.fails_from_the_beginning.store(false, Ordering::SeqCst);
    assert!(!world.refuses_token("good").await.unwrap());
    assert!(world.refuses_token("first").await.unwrap());
}
