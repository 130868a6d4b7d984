//! A process signs in and refreshes in a loop, the test kills it at random points, and its client tries again.
//!
//! `AUTH_RUNTIME_TEST_KILLS` sets the number of kills. `AUTH_RUNTIME_TEST_SEED` sets the seed of the random points.

use core::time::Duration;
use std::{
    env,
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    thread,
    time::SystemTime,
};

use aws_lc_rs::digest::{SHA256, digest};

use super::{
    FirstCredential, Rotated, SessionStore,
    child::{child, set_by},
    suite::samples::{Presented, found, present, session},
};
use crate::token::TokenHash;

const PLACE: &str = "AUTH_RUNTIME_TEST_KILL";
const URL: &str = "AUTH_RUNTIME_TEST_KILL_URL";

/// The time of every rotation in this test, so that all of them are inside the grace window of each other.
const NOW: i64 = 1_500;

/// A store in a process that may be killed.
pub(in crate::store) trait Surviving: SessionStore + Sized {
    async fn open_again(url: &str) -> Self;

    /// Returns the tokens of session "s", all or those that were not used.
    async fn tokens(&self, all: bool) -> Vec<Vec<u8>>;

    async fn close(self);
}

/// Kills the process that runs `test` until this is done often enough. `place` is the folder of the client's notes.
pub(in crate::store) async fn survives<S: Surviving>(test: &str, place: &Path, url: &str, kills: u32) {
    let seed = set_by("AUTH_RUNTIME_TEST_SEED", seed_of_the_day());
    let kills = set_by("AUTH_RUNTIME_TEST_KILLS", kills);
    let (mut random, mut said_again) = (Random(seed), 0_u32);
    let log = Log::of(place, "log");
    let store = S::open_again(url).await;
    store.begin(session("s"), FirstCredential::RefreshToken { hash: hash_of("first") }).await.unwrap();
    log.append("first");
    store.close().await;

    for kill in 0..kills {
        kill_at_random(test, place, url, &mut random);
        let case = format!("seed {seed}, kill {kill} of {kills}");
        let store = S::open_again(url).await;
        let retry = Retry { store: &store, log: &log, case: &case };
        said_again += u32::from(retry.last_token_goes_on(kill).await);
        retry.an_older_token_names_the_successor_that_it_had(&mut random).await;
        store.close().await;
    }
    let store = S::open_again(url).await;
    let sessions = assert_no_session_is_lost(&store, &Log::of(place, "sessions")).await;
    assert_only_one_chain_lived(&store, &log).await;
    report(seed, kills, said_again, log.lines().len(), sessions);
}

#[allow(clippy::print_stdout, reason = "a run is repeated by its seed")]
fn report(seed: u64, kills: u32, said_again: u32, tokens: usize, sessions: usize) {
    println!(
        "seed {seed}: {kills} kills, {tokens} tokens, {sessions} sessions, {said_again} answers were lost and told again"
    );
}

/// Starts a child, and kills it while it opens the database or, more often, while it refreshes.
fn kill_at_random(test: &str, place: &Path, url: &str, random: &mut Random) {
    let mut child = child(test).env(PLACE, place).env(URL, url).spawn().unwrap();
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

/// Does nothing unless a test starts it as a child. It presents every token twice at once, as clients do, and signs in
/// beside that. It writes each token to the disk before presenting it, and each session once it has begun.
#[allow(clippy::print_stdout, reason = "it tells its parent")]
pub(in crate::store) async fn refresh_until_killed<S: Surviving>() {
    let (Some(place), Ok(url)) = (env::var_os(PLACE), env::var(URL)) else { return };
    let store = S::open_again(&url).await;
    let (log, sessions) = (Log::of(Path::new(&place), "log"), Log::of(Path::new(&place), "sessions"));
    let mut token = log.lines().pop().unwrap();
    println!("{READY}");
    for number in 0_u64.. {
        let name = |task: &str| format!("{task} {number} of {}", std::process::id());
        let (one, other, third) = (name("one"), name("other"), name("session"));
        let first = FirstCredential::RefreshToken { hash: hash_of(&third) };
        let (one, other, begun) = tokio::join!(
            refresh(&store, &token, &one),
            refresh(&store, &token, &other),
            store.begin(session(&third), first)
        );
        assert_eq!(one, other);
        begun.unwrap();
        sessions.append(&third);
        log.append(&one);
        token = one;
    }
}

/// Presents `token` and returns its successor: `successor`, or the stored one when the token was used before.
async fn refresh(store: &impl SessionStore, token: &str, successor: &str) -> String {
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
struct Retry<'a, S> {
    store: &'a S,
    log: &'a Log,
    case: &'a str,
}

impl<S: Surviving> Retry<'_, S> {
    /// Presents the last token again, and returns whether the answer had been lost. In both cases the family has
    /// exactly one usable token, and the client has it.
    async fn last_token_goes_on(&self, kill: u32) -> bool {
        let token = self.log.lines().pop().unwrap();
        let mine = format!("after kill {kill}");
        let next = refresh(self.store, &token, &mine).await;
        self.log.append(&next);
        assert_eq!(self.store.tokens(false).await, [hash_of(&next).as_bytes()], "{}", self.case);
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

/// Asserts that each session with a reported beginning is there, and that its token is good. Returns their number.
async fn assert_no_session_is_lost(store: &impl SessionStore, sessions: &Log) -> usize {
    let sessions = sessions.lines();
    for id in &sessions {
        let token = store.find_by_token(&hash_of(id)).await.unwrap();
        let token = token.unwrap_or_else(|| panic!("session {id:?} is lost"));
        assert!(token.session == session(id) && !token.is_used, "{id:?}: {token:?}");
    }
    sessions.len()
}

/// Asserts that the log has every stored token once and in order, and that a copy of any of them ends the session.
async fn assert_only_one_chain_lived<S: Surviving>(store: &S, log: &Log) {
    let lines = log.lines();
    assert_eq!(store.tokens(true).await.len(), lines.len());
    for pair in lines.windows(2) {
        assert_eq!(refresh(store, &pair[0], "never stored").await, pair[1]);
    }
    let copy = rotation(&lines[lines.len() / 2], "never stored", NOW + 21).to(store).await;
    assert!(matches!(copy, Rotated::Reused(_)), "{copy:?}");
    let last = rotation(&lines[lines.len() - 1], "never stored", NOW).to(store).await;
    assert!(matches!(last, Rotated::Ended(_)), "{last:?}");
}

/// What the client received, in order. Each line is on the disk before the client goes on.
struct Log(PathBuf);

impl Log {
    fn of(dir: &Path, name: &str) -> Self {
        Self(dir.join(name))
    }

    fn append(&self, token: &str) {
        let mut file: File = OpenOptions::new().append(true).create(true).open(&self.0).unwrap();
        file.write_all(format!("{token}\n").as_bytes()).unwrap();
        file.sync_data().unwrap();
    }

    fn lines(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.0).unwrap_or_default();
        assert!(text.is_empty() || text.ends_with('\n'), "a line is written by one call, which a kill does not divide");
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

fn hash_of(text: &str) -> TokenHash {
    TokenHash::from_bytes(digest(&SHA256, text.as_bytes()).as_ref().try_into().unwrap())
}
