//! Three processes race from 66 tasks to use up one refresh token, or to rotate one API key, while the server is
//! restarted. The test binary starts itself again; each child runs `one_of_three_processes`.
//!
//! `AUTH_RUNTIME_TEST_ROUNDS` sets the number of rounds; the default is small.

use core::time::Duration;
use std::{
    collections::HashMap,
    env,
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    sync::Arc,
    time::Instant,
};

use aws_lc_rs::digest::{SHA256, digest};

use super::{
    own::OwnServer,
    servers::{open, schema, server},
};
use crate::{
    clock::manual::ManualClock,
    store::{
        ApiKeyError, ApiKeyRecord, ApiKeyStore, FirstCredential, PostgresStore, Rotated, SessionStore,
        child::{child, finish, set_by},
        suite::{
            race::at_once,
            samples::{Presented, at, found, present, session},
        },
    },
    token::TokenHash,
};

const URL: &str = "AUTH_RUNTIME_TEST_POSTGRES_URL";
const PLACE: &str = "AUTH_RUNTIME_TEST_POSTGRES_PLACE";
const PRIZE: &str = "AUTH_RUNTIME_TEST_POSTGRES_PRIZE";
const PROCESSES: usize = 3;

/// More than 64 in all.
const TASKS: usize = 22;

/// More keys than any user has in this test.
const MOST: u32 = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_refresh_at_once_get_one_successor() {
    let Some(server) = server() else { return };
    contest(Prize::Token, &schema(&server).await, |_| ()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_rotate_a_key_at_once_make_one_successor() {
    let Some(server) = server() else { return };
    contest(Prize::Key, &schema(&server).await, |_| ()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_meanwhile_loses_no_token_and_doubles_none() {
    with_kills(Prize::Token).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_meanwhile_loses_no_key_and_doubles_none() {
    with_kills(Prize::Key).await;
}

/// Whether a commit that was on its way happened is not known then. The tasks try again.
async fn with_kills(prize: Prize) {
    let Some(mut server) = OwnServer::start(&["max_connections=60"]) else { return };
    let url = server.url();
    contest(prize, &url, |place| {
        for quarter in 1..=3 {
            wait_for_round(place, rounds() * quarter / 4);
            // In the middle of a round some tasks have been told who won, and others ask after the restart.
            std::thread::sleep(Duration::from_millis(15) * quarter);
            server.kill();
            server.restart();
        }
        assert!(rounds_of_the_last(place) < rounds(), "the processes ended before the last restart");
    })
    .await;
}

/// What the tasks race for.
#[derive(Clone, Copy)]
enum Prize {
    Token,
    Key,
}

impl Prize {
    const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Key => "key",
        }
    }

    async fn put_up(self, store: &PostgresStore, round: u32) {
        match self {
            Self::Token => {
                let token = FirstCredential::RefreshToken { hash: hash_of(&name(round)) };
                SessionStore::begin(store, session(&name(round)), token).await.unwrap();
            }
            Self::Key => store.create_key(key(&name(round), round), MOST).await.unwrap(),
        }
    }

    /// Tries until the store answers, and returns the successor that it names. `own` would be the task's own.
    async fn take(self, store: PostgresStore, round: u32, own: String) -> String {
        loop {
            let named = match self {
                Self::Token => refresh(&store, round, &own).await,
                Self::Key => rotate(&store, round, &own).await,
            };
            match named {
                Some(successor) => return successor,
                None => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Asserts that the store has this successor, and no other one.
    async fn assert_one(self, store: &PostgresStore, round: u32, successor: &str) {
        let name = name(round);
        match self {
            Self::Token => {
                let count =
                    sqlx::query_scalar::<_, i64>("SELECT count(*) FROM auth_session_tokens WHERE session_id = $1");
                assert_eq!(count.bind(&name).fetch_one(store.pool()).await.unwrap(), 2, "{name}");
                assert_eq!(store.find_by_token(&hash_of(successor)).await.unwrap().unwrap().session.id, name);
                assert_eq!(found(store, &name).await.ended, None, "{name}");
            }
            Self::Key => {
                let keys = store.list_keys(&name).await.unwrap();
                assert_eq!(keys.len(), 2, "{name}: a loser leaves nothing behind");
                let old = keys.iter().find(|key| key.id == name).unwrap();
                assert_eq!((old.replaced_by.as_deref(), old.expires_at), (Some(successor), Some(at(1_500))));
                let new = store.find_key(&hash_of(successor)).await.unwrap().unwrap();
                assert_eq!((&*new.id, &*new.user_id, new.replaced_by), (successor, &*name, None));
            }
        }
    }
}

/// Returns the successor, or `None` where the store fails.
async fn refresh(store: &PostgresStore, round: u32, own: &str) -> Option<String> {
    let (successor, sealed) = (hash_of(own), own.as_bytes().to_vec());
    let presented = Presented { hash: hash_of(&name(round)), successor, sealed, ..present(0, 0, 1_500) };
    match presented.try_to(store).await {
        Ok(Rotated::Won(_)) => Some(own.to_owned()),
        Ok(Rotated::Again { sealed, .. }) => Some(String::from_utf8(sealed).unwrap()),
        Ok(other) => panic!("round {round}: {other:?}"),
        Err(_) => None,
    }
}

/// Returns the successor, or `None` where the store fails. A task that comes too late reads which key has won. That may
/// be its own, when the answer was lost.
async fn rotate(store: &PostgresStore, round: u32, own: &str) -> Option<String> {
    match store.rotate_key(&name(round), key(own, round), at(1_500), MOST).await {
        Ok(()) => Some(own.to_owned()),
        Err(ApiKeyError::Ended) => store.find_key(&hash_of(&name(round))).await.ok()?.unwrap().replaced_by,
        Err(ApiKeyError::Store(_)) => None,
        Err(other) => panic!("round {round}: {other:?}"),
    }
}

/// Returns a key with this identifier, and the hash of the identifier. Its owner is named as the round.
fn key(id: &str, round: u32) -> ApiKeyRecord {
    ApiKeyRecord::new(id, name(round), hash_of(id), at(1_000), Some(at(9_000)))
}

/// Starts the processes, and compares what their tasks were told.
async fn contest(prize: Prize, url: &str, meanwhile: impl FnOnce(&Path)) {
    let store = open(url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    for round in 0..rounds() {
        prize.put_up(&store, round).await;
    }
    let place = tempfile::tempdir().unwrap();
    let start = |_| {
        let mut child = child("postgres::tests::processes::one_of_three_processes");
        child.env(URL, url).env(PLACE, place.path()).env(PRIZE, prize.name()).spawn().unwrap()
    };
    let children: Vec<_> = (0..PROCESSES).map(start).collect();
    meanwhile(place.path());
    children.into_iter().for_each(finish);

    let told = told(place.path());
    for round in 0..rounds() {
        let told = &told[&round];
        assert_eq!(told.len(), PROCESSES * TASKS, "round {round}");
        assert!(told.iter().all(|successor| *successor == told[0]), "round {round}: {told:?}");
        prize.assert_one(&store, round, &told[0]).await;
    }
}

/// Returns what each task was told in each round so far.
fn told(place: &Path) -> HashMap<u32, Vec<String>> {
    let mut told: HashMap<u32, Vec<String>> = HashMap::new();
    for file in fs::read_dir(place).unwrap() {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            let (round, successor) = line.split_once(' ').unwrap();
            told.entry(round.parse().unwrap()).or_default().push(successor.to_owned());
        }
    }
    told
}

/// Waits until a process has ended this round.
fn wait_for_round(place: &Path, round: u32) {
    let end = Instant::now() + Duration::from_secs(120);
    while rounds_of_the_last(place) < round {
        assert!(Instant::now() < end, "the processes do not go on");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Returns how many rounds the slowest process has ended.
fn rounds_of_the_last(place: &Path) -> u32 {
    let rounds = fs::read_dir(place).unwrap().map(|file| {
        let lines = fs::read_to_string(file.unwrap().path()).unwrap().lines().count();
        u32::try_from(lines / TASKS).unwrap()
    });
    let rounds: Vec<_> = rounds.collect();
    if rounds.len() < PROCESSES { 0 } else { rounds.into_iter().min().unwrap() }
}

/// Does nothing unless the tests above start it. Writes a line for each task of each round: the successor that it was
/// told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_three_processes() {
    let (Ok(url), Ok(place), Ok(prize)) = (env::var(URL), env::var(PLACE), env::var(PRIZE)) else { return };
    let prize = [Prize::Token, Prize::Key].into_iter().find(|one| one.name() == prize).unwrap();
    let store = loop {
        if let Ok(store) = open(&url, Arc::new(ManualClock::at(1_000))).await {
            break store;
        }
    };
    let process = std::process::id();
    let file = Path::new(&place).join(process.to_string());
    let mut file = OpenOptions::new().append(true).create(true).open(file).unwrap();
    for round in 0..rounds() {
        let take = |task| prize.take(store.clone(), round, format!("{process}-{task}-{round}"));
        let lines: String =
            at_once(TASKS, take).await.iter().map(|successor| format!("{round} {successor}\n")).collect();
        file.write_all(lines.as_bytes()).unwrap();
    }
}

fn rounds() -> u32 {
    set_by("AUTH_RUNTIME_TEST_ROUNDS", 30)
}

fn name(round: u32) -> String {
    format!("round {round}")
}

fn hash_of(text: &str) -> TokenHash {
    TokenHash::from_bytes(digest(&SHA256, text.as_bytes()).as_ref().try_into().unwrap())
}
