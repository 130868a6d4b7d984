//! A server with a full disk.

use super::{
    disk::Disk,
    faults::{NONE, READS, WRITES, open, recovers, succeed},
    own::OwnServer,
};
use crate::{
    clock::UnixTime,
    store::{
        FirstCredential, PostgresStore, SessionStore,
        suite::samples::{begin, session, token},
    },
    token::TokenHash,
};

/// Begins sessions until one cannot be written. Returns its number.
async fn first_that_fails(store: &PostgresStore) -> u32 {
    for number in 0..100_000_u32 {
        let mut hash = [9; 32];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        let first = FirstCredential::refresh_token(TokenHash::from_bytes(hash));
        if SessionStore::begin(store, session(&name(number)), first).await.is_err() {
            return number;
        }
    }
    panic!("the disk is never full");
}

fn name(number: u32) -> String {
    format!("session {number} {}", "long ".repeat(200))
}

/// First the tables have no room. Reads go on, and a sign-in that does not fit leaves nothing behind. Then the log has
/// no room, and the server ends itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_fails_what_writes_and_leaves_nothing_half_done() {
    let Some(disk) = Disk::mount(100) else { return };
    let Some(mut server) = OwnServer::start_in(disk.path(), &["max_wal_size=32MB", "min_wal_size=32MB"]) else {
        return;
    };
    let store = open(&server.url(), 4).await;
    begin(&store).await;
    disk.fill();
    let failed = first_that_fails(&store).await;
    assert!(failed > 0, "what fits is written");
    assert!(store.find_session(&name(failed - 1)).await.unwrap().is_some());
    assert!(store.find_session(&name(failed)).await.unwrap().is_none(), "it is half done");
    let succeeded = succeed(&store).await;
    assert!(succeeded.starts_with(&READS), "{succeeded:?}");
    disk.make_room();
    recovers(&store).await;
    assert!(SessionStore::begin(&store, session(&name(failed)), token(200)).await.is_ok());

    disk.fill();
    let _ = sqlx::raw_sql("SELECT pg_switch_wal()").execute(store.pool()).await;
    let _ = store.revoke_token("t", UnixTime::from_seconds(9_999)).await;
    let succeeded = succeed(&store).await;
    assert!(WRITES.iter().all(|write| !succeeded.contains(write)), "{succeeded:?}");
    assert_eq!(succeed(&store).await, NONE);
    disk.make_room();
    server.kill();
    server.restart();
    recovers(&store).await;
    assert!(store.find_session(&name(failed)).await.unwrap().is_some(), "what was written before is there");
}
