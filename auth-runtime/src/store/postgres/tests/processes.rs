//! Three processes present one refresh token from 66 tasks, while the server is restarted. The test binary starts
//! itself again; each child runs `one_of_three_processes`.
//!
//! `AUTH_RUNTIME_TEST_ROUNDS` sets the number of rounds; the default is small.

use core::time::Duration;
use std::{collections::HashMap, env, fs, path::Path, sync::Arc};

use aws_lc_rs::digest::{SHA256, digest};

use super::{
    own::OwnServer,
    servers::{open, schema, server},
};
use crate::{
    clock::manual::ManualClock,
    store::{
        FirstCredential, PostgresStore, Rotated, SessionStore,
        child::{child, finish, set_by},
        suite::{
            race::at_once,
            samples::{Presented, found, present, session},
        },
    },
    token::TokenHash,
};

const URL: &str = "AUTH_RUNTIME_TEST_POSTGRES_URL";
const PLACE: &str = "AUTH_RUNTIME_TEST_POSTGRES_PLACE";
const PROCESSES: usize = 3;

/// More than 64 in all.
const TASKS: usize = 22;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_refresh_at_once_get_one_successor() {
    let Some(server) = server() else { return };
    contest(&schema(&server).await, async || ()).await;
}

/// Whether a commit that was on its way happened is not known then. The tasks present the token again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_meanwhile_loses_no_token_and_doubles_none() {
    let Some(mut server) = OwnServer::start(&["max_connections=60"]) else { return };
    let url = server.url();
    contest(&url, async || {
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(700)).await;
            server.kill();
            server.restart();
        }
    })
    .await;
}

/// Starts the processes, and compares what their tasks were told.
async fn contest(url: &str, mut meanwhile: impl AsyncFnMut()) {
    let store = open(url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    for round in 0..rounds() {
        let token = FirstCredential::RefreshToken { hash: hash_of(&name(round)) };
        SessionStore::begin(&store, session(&name(round)), token).await.unwrap();
    }
    let place = tempfile::tempdir().unwrap();
    let start =
        |_| child("postgres::tests::processes::one_of_three_processes").env(URL, url).env(PLACE, place.path()).spawn();
    let children: Vec<_> = (0..PROCESSES).map(start).map(Result::unwrap).collect();
    meanwhile().await;
    children.into_iter().for_each(finish);

    let mut told: HashMap<u32, Vec<String>> = HashMap::new();
    for file in fs::read_dir(place.path()).unwrap() {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            let (round, successor) = line.split_once(' ').unwrap();
            told.entry(round.parse().unwrap()).or_default().push(successor.to_owned());
        }
    }
    for round in 0..rounds() {
        let told = &told[&round];
        assert_eq!(told.len(), PROCESSES * TASKS, "round {round}");
        assert!(told.iter().all(|successor| *successor == told[0]), "round {round}: {told:?}");
        let count = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM auth_session_tokens WHERE session_id = $1");
        assert_eq!(count.bind(name(round)).fetch_one(store.pool()).await.unwrap(), 2, "round {round}");
        assert_eq!(store.find_by_token(&hash_of(&told[0])).await.unwrap().unwrap().session.id, name(round));
        assert_eq!(found(&store, &name(round)).await.ended, None, "round {round}");
    }
}

/// Does nothing unless the tests above start it. Writes a line for each task of each round: the successor that it was
/// told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_three_processes() {
    let (Ok(url), Ok(place)) = (env::var(URL), env::var(PLACE)) else { return };
    let store = loop {
        if let Ok(store) = open(&url, Arc::new(ManualClock::at(1_000))).await {
            break store;
        }
    };
    let process = std::process::id();
    let mut lines = String::new();
    for round in 0..rounds() {
        let told = at_once(TASKS, |task| refresh(store.clone(), round, format!("{process}-{task}-{round}"))).await;
        told.iter().for_each(|successor| lines.push_str(&format!("{round} {successor}\n")));
    }
    fs::write(Path::new(&place).join(process.to_string()), lines).unwrap();
}

/// Presents the round's token until the store answers, and returns the successor.
async fn refresh(store: PostgresStore, round: u32, own: String) -> String {
    let successor = (hash_of(&own), own.clone().into_bytes());
    let presented =
        Presented { hash: hash_of(&name(round)), successor: successor.0, sealed: successor.1, ..present(0, 0, 1_500) };
    loop {
        match presented.try_to(&store).await {
            Ok(Rotated::Won(_)) => return own,
            Ok(Rotated::Again { sealed, .. }) => return String::from_utf8(sealed).unwrap(),
            Ok(other) => panic!("round {round}: {other:?}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
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
