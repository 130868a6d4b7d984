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

/// The process has read up to position 3. The older copy knows the first of them, and gives position 2 anew.
async fn a_restored_copy_is_read_from_the_beginning<S>(before: &S, restored: &S)
where
    S: AccountStore + AttemptStore + SessionStore + OneTimeTokenStore + ApiKeyStore + Clone,
{
    let world = World::new().with_store(before);
    for token in ["kept", "lost", "lost, too"] {
        revoke(before, token).await;
    }
    assert!(world.refuses_token("kept").await.unwrap());

    for token in ["kept", "new"] {
        revoke(restored, token).await;
    }
    let world = world.with_store(restored);
    world.clock.set(103);
    assert!(world.refuses_token("new").await.unwrap(), "its position is below the process's");
    assert!(world.refuses_token("lost").await.unwrap(), "what the process knew stays refused");
    revoke(restored, "newer").await;
    world.clock.set(106);
    assert!(world.refuses_token("newer").await.unwrap());
}

#[tokio::test]
async fn a_restored_copy_in_memory_is_read_from_the_beginning() {
    let store = || MemoryStore::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new()));
    a_restored_copy_is_read_from_the_beginning(&store(), &store()).await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_restored_copy_on_sqlite_is_read_from_the_beginning() {
    let store = async || crate::store::SqliteStore::open("sqlite::memory:").await.unwrap();
    a_restored_copy_is_read_from_the_beginning(&store().await, &store().await).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_restored_copy_on_postgres_is_read_from_the_beginning() {
    use crate::store::postgres_servers::{fresh, server};

    let Some(server) = server() else { return };
    a_restored_copy_is_read_from_the_beginning(&fresh(&server).await, &fresh(&server).await).await;
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

/// The list is recent enough for a failing store, but it is known to lack revocations.
#[tokio::test]
async fn until_all_is_read_no_token_is_accepted() {
    let world = World::new();
    revoke(&world.store, "first").await;
    assert!(!world.refuses_token("good").await.unwrap());
    world.store.revoke_token("removed", UnixTime::from_seconds(101)).await.unwrap();
    assert_eq!(world.store.remove_expired(UnixTime::from_seconds(101), 10).await.unwrap(), 1);

    world.clock.set(103);
    world.fails_from_the_beginning.store(true, Ordering::SeqCst);
    assert!(world.refuses_token("good").await.is_err());
    assert!(world.refuses_token("good").await.is_err(), "also when it is asked again");
    world.fails_from_the_beginning.store(false, Ordering::SeqCst);
    assert!(!world.refuses_token("good").await.unwrap());
    assert!(world.refuses_token("first").await.unwrap());
}
