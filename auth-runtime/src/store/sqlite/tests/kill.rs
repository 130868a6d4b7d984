//! A process refreshes in a loop, the test kills it at random points, and its client tries again.
//!
//! `AUTH_RUNTIME_TEST_KILLS` sets the number of kills; 200 by default. `AUTH_RUNTIME_TEST_SEED` sets the seed of the
//! random points.

use core::time::Duration;
use std::{
    env,
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    thread,
    time::SystemTime,
};

use super::{storm::hash_of, *};
use crate::store::{
    FirstCredential,
    child::{child, set_by},
};

const PLACE: &str = "AUTH_RUNTIME_TEST_KILL";
/// The time of every rotation in this test, so that all of them are inside the grace window of each other.
const NOW: i64 = 1_500;

#[tokio::test]
async fn a_killed_process_loses_no_token_and_doubles_none() {
    let seed = set_by("AUTH_RUNTIME_TEST_SEED", seed_of_the_day());
    let kills = set_by("AUTH_RUNTIME_TEST_KILLS", 200_u32);
    let (mut random, mut said_again) = (Random(seed), 0_u32);
    let Fresh { store, dir } = fresh().await;
    let log = Log::of(dir.path());
    store.begin(session("s"), FirstCredential::RefreshToken { hash: hash_of("first") }).await.unwrap();
    log.append("first");
    store.pool().close().await;

    for kill in 0..kills {
        kill_at_random(dir.path(), &mut random);
        let case = format!("seed {seed}, kill {kill} of {kills}");
        let store = open(dir.path()).await.unwrap();
        let retry = Retry { store: &store, log: &log, case: &case };
        said_again += u32::from(retry.last_token_goes_on(kill).await);
        retry.an_older_token_names_the_successor_that_it_had(&mut random).await;
        store.pool().close().await;
    }
    assert_only_one_chain_lived(&open(dir.path()).await.unwrap(), &log).await;
    report(seed, kills, said_again, log.lines().len());
}

#[allow(clippy::print_stdout, reason = "a run is repeated by its seed")]
fn report(seed: u64, kills: u32, said_again: u32, tokens: usize) {
    println!("seed {seed}: {kills} kills, {tokens} tokens, {said_again} answers were lost and given again");
}

/// Starts a child, and kills it while it opens the database or, more often, while it refreshes.
fn kill_at_random(dir: &Path, random: &mut Random) {
    let mut child = child("sqlite::tests::kill::a_process_that_is_killed").env(PLACE, dir).spawn().unwrap();
    if random.below(4) > 0 {
        let said = BufReader::new(child.stdout.take().unwrap());
        assert!(said.lines().map_while(Result::ok).any(|line| line.contains(READY)), "it has not begun to refresh");
    }
    thread::sleep(Duration::from_micros(random.below(60_000)));
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(status.code().is_none(), "it ended before it was killed: {status}");
}

const READY: &str = "it begins to refresh";

/// Does nothing unless the test above starts it. It presents every token twice at once, as clients do. It writes each
/// token to the disk before presenting it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[allow(clippy::print_stdout, reason = "it tells its parent")]
async fn a_process_that_is_killed() {
    let Some(place) = env::var_os(PLACE) else { return };
    let store = open(Path::new(&place)).await.unwrap();
    let log = Log::of(Path::new(&place));
    let mut token = log.lines().pop().unwrap();
    println!("{READY}");
    for number in 0_u64.. {
        let name = |task: &str| format!("{task} {number} of {}", std::process::id());
        let (one, other) = (name("one"), name("other"));
        let (one, other) = tokio::join!(refresh(&store, &token, &one), refresh(&store, &token, &other));
        assert_eq!(one, other);
        log.append(&one);
        token = one;
    }
}

/// Presents `token` and returns its successor: `successor`, or the stored one when the token was used before.
async fn refresh(store: &SqliteStore, token: &str, successor: &str) -> String {
    match rotation(token, successor, NOW).to(store).await {
        Rotated::Won(_) => successor.to_owned(),
        Rotated::Again { sealed, .. } => String::from_utf8(sealed).unwrap(),
        other => panic!("{token:?}: {other:?}"),
    }
}

fn rotation(token: &str, successor: &str, now: i64) -> Presented {
    let sealed = successor.as_bytes().to_vec();
    Presented { hash: hash_of(token), successor: hash_of(successor), sealed, ..present(0, 0, now) }
}

/// The client of a killed process. It knows only the tokens in the log.
struct Retry<'a> {
    store: &'a SqliteStore,
    log: &'a Log,
    case: &'a str,
}

impl Retry<'_> {
    /// Presents the last token again, and returns whether the answer had been lost. In both cases the family has
    /// exactly one usable token, and the client has it.
    async fn last_token_goes_on(&self, kill: u32) -> bool {
        let token = self.log.lines().pop().unwrap();
        let mine = format!("after kill {kill}");
        let next = refresh(self.store, &token, &mine).await;
        self.log.append(&next);
        let unused = "SELECT token_hash FROM auth_session_tokens WHERE claimed_at IS NULL";
        let unused: Vec<Vec<u8>> = sqlx::query_scalar(unused).fetch_all(self.store.pool()).await.unwrap();
        assert_eq!(unused, [hash_of(&next).as_bytes()], "{}", self.case);
        assert_eq!(found(self.store, "s").await.ended, None, "{}", self.case);
        next != mine
    }

    async fn an_older_token_names_the_successor_that_it_had(&self, random: &mut Random) {
        let lines = self.log.lines();
        let index = usize::try_from(random.below(u64::try_from(lines.len() - 1).unwrap())).unwrap();
        let named = refresh(self.store, &lines[index], "never stored").await;
        assert_eq!(named, lines[index + 1], "{}: token {index}", self.case);
    }
}

/// Asserts that the log has every stored token once and in order, and that a copy of any of them ends the session.
async fn assert_only_one_chain_lived(store: &SqliteStore, log: &Log) {
    let lines = log.lines();
    let stored: i64 =
        sqlx::query_scalar("SELECT count(*) FROM auth_session_tokens").fetch_one(store.pool()).await.unwrap();
    assert_eq!(usize::try_from(stored).unwrap(), lines.len());
    for pair in lines.windows(2) {
        assert_eq!(refresh(store, &pair[0], "never stored").await, pair[1]);
    }
    let copy = rotation(&lines[lines.len() / 2], "never stored", NOW + 21).to(store).await;
    assert!(matches!(copy, Rotated::Reused(_)), "{copy:?}");
    let last = rotation(&lines[lines.len() - 1], "never stored", NOW).to(store).await;
    assert!(matches!(last, Rotated::Ended(_)), "{last:?}");
}

/// The tokens that the client received, in order. Each is on the disk before the client presents it.
struct Log(PathBuf);

impl Log {
    fn of(dir: &Path) -> Self {
        Self(dir.join("log"))
    }

    fn append(&self, token: &str) {
        let mut file: File = OpenOptions::new().append(true).create(true).open(&self.0).unwrap();
        file.write_all(format!("{token}\n").as_bytes()).unwrap();
        file.sync_data().unwrap();
    }

    fn lines(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.0).unwrap();
        assert!(text.ends_with('\n'), "a line is written by one call, which a kill does not divide");
        text.lines().map(str::to_owned).collect()
    }
}

/// SplitMix64. The seed determines the whole run, except for the scheduler's influence.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

fn seed_of_the_day() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    since.as_secs() ^ u64::from(since.subsec_nanos())
}
