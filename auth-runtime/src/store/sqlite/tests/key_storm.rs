//! Sixty-four tasks in four processes rotate one API key, for as many rounds as in `storm.rs`.

use std::{env, io};

use super::{
    api_keys::key,
    storm::{PLACE, PROCESSES, Process, TASKS, hash_of, rounds},
    *,
};
use crate::store::{ApiKeyError, ApiKeyRecord, ApiKeyStore, suite::race::at_once};

/// More keys than any user has in this test.
const MOST: u32 = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_that_rotate_a_key_at_once_make_one_successor() {
    let Fresh { store, dir } = fresh().await;
    let start = || Process::start("sqlite::tests::key_storm::one_process_that_rotates", dir.path());
    let mut processes: Vec<_> = (0..PROCESSES).map(|_| start()).collect();
    for round in 0..rounds() {
        let owner = format!("round {round}");
        store.create_key(named(&owner, &owner), MOST).await.unwrap();
        processes.iter_mut().for_each(|process| process.send(&owner));
        let answers: Vec<_> = processes.iter_mut().flat_map(Process::answers).collect();
        assert_one_successor(&store, &owner, &answers).await;
    }
    processes.into_iter().for_each(Process::finish);
}

/// Asserts that one task created a key, all others came too late, and the old key names the new one.
async fn assert_one_successor(store: &SqliteStore, owner: &str, answers: &[String]) {
    assert_eq!(answers.len(), TASKS);
    let won: Vec<_> = answers.iter().filter_map(|answer| answer.strip_prefix("won ")).collect();
    let late = answers.iter().filter(|answer| *answer == "ended").count();
    assert_eq!((won.len(), late), (1, TASKS - 1), "{owner}: {answers:?}");
    let listed = store.list_keys(owner).await.unwrap();
    assert_eq!(listed.len(), 2, "{owner}: a loser leaves nothing behind");
    let old = listed.iter().find(|key| key.id == owner).unwrap();
    assert_eq!((old.replaced_by.as_deref(), old.expires_at), (Some(won[0]), Some(at(1_500))), "{owner}");
    let new = store.find_key(&hash_of(won[0])).await.unwrap().unwrap();
    assert_eq!((&*new.id, &*new.user_id, new.replaced_by), (won[0], owner, None));
}

/// Does nothing unless the test above starts it. Runs one contest for each key that it reads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_that_rotates() {
    let Some(place) = env::var_os(PLACE) else { return };
    let store = open(Path::new(&place)).await.unwrap();
    for owner in io::stdin().lines() {
        let owner = owner.unwrap();
        let rotate = |task| {
            let (store, owner) = (store.clone(), owner.clone());
            let id = format!("{} {task} for {owner}", std::process::id());
            async move {
                match store.rotate_key(&owner, named(&id, &owner), at(1_500), MOST).await {
                    Ok(()) => format!("won {id}"),
                    Err(ApiKeyError::Ended) => "ended".to_owned(),
                    Err(other) => format!("{other:?}"),
                }
            }
        };
        Process::answer(&at_once(TASKS / PROCESSES, rotate).await);
    }
}

/// Returns a key with this identifier and the hash of the identifier.
fn named(id: &str, user_id: &str) -> ApiKeyRecord {
    ApiKeyRecord { id: id.to_owned(), user_id: user_id.to_owned(), hash: hash_of(id), ..key(0) }
}
