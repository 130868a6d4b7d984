//! Sixty-four tasks present one refresh token, for many rounds: all in one process, then in four.
//!
//! `AUTH_RUNTIME_TEST_ROUNDS` sets the number of rounds; the default is small.

use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    process::Child,
};

use aws_lc_rs::digest::{SHA256, digest};

use super::*;
use crate::store::{
    FirstCredential,
    child::{child, finish, set_by},
    suite::race::at_once,
};

pub(super) const TASKS: usize = 64;
pub(super) const PROCESSES: usize = 4;
pub(super) const PLACE: &str = "AUTH_RUNTIME_TEST_STORM";

/// One session. The tasks race for its first refresh token inside the grace window, and present it again after the
/// window.
struct Round {
    number: u32,
    presented: TokenHash,
}

impl Round {
    const INSIDE: i64 = 1_500;
    const AFTER: i64 = 1_521;

    async fn begin(store: &SqliteStore, number: u32) -> Self {
        let id = Self::id(number);
        let presented = hash_of(&id);
        store.begin(session(&id), FirstCredential::RefreshToken { hash: presented }).await.unwrap();
        Self { number, presented }
    }

    fn id(number: u32) -> String {
        format!("round {number}")
    }

    /// Asserts that one task stored its own successor, all others received that one, and the family lives.
    async fn assert_one_successor(&self, store: &SqliteStore, answers: &[String]) {
        assert_eq!(answers.len(), TASKS);
        let won: Vec<_> = answers.iter().filter_map(|answer| answer.strip_prefix("won ")).collect();
        assert_eq!(won.len(), 1, "round {}: {answers:?}", self.number);
        let again = format!("again {}", won[0]);
        let told = answers.iter().filter(|answer| **answer == again).count();
        assert_eq!(told, TASKS - 1, "round {}: {answers:?}", self.number);
        assert_eq!(self.tokens(store).await, 2, "round {}", self.number);
        let id = Self::id(self.number);
        assert_eq!(store.find_by_token(&hash_of(won[0])).await.unwrap().unwrap().session.id, id);
        assert_eq!(found(store, &id).await.ended, None, "round {}: revoked inside the grace window", self.number);
    }

    /// Asserts that one task ended the family, and all others found it ended.
    async fn assert_ended(&self, store: &SqliteStore, answers: &[String]) {
        let count = |wanted: &str| answers.iter().filter(|answer| *answer == wanted).count();
        assert_eq!((count("reused"), count("ended")), (1, TASKS - 1), "round {}: {answers:?}", self.number);
        assert_eq!(self.tokens(store).await, 2, "round {}", self.number);
        let ended = found(store, &Self::id(self.number)).await.ended.unwrap();
        assert_eq!((ended.at, ended.reason), (at(Self::AFTER), EndReason::TokenReuse));
        assert_eq!(revoked(store).await.len(), usize::try_from(self.number).unwrap() + 1, "one revocation each");
    }

    async fn tokens(&self, store: &SqliteStore) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM auth_session_tokens WHERE session_id = ?");
        count.bind(Self::id(self.number)).fetch_one(store.pool()).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_that_refresh_at_once_get_one_successor() {
    let Fresh { store, dir: _dir } = fresh().await;
    for number in 0..rounds() {
        let round = Round::begin(&store, number).await;
        let inside = contest(&store, TASKS, round.presented, Round::INSIDE, "task").await;
        round.assert_one_successor(&store, &inside).await;
        let after = contest(&store, TASKS, round.presented, Round::AFTER, "late").await;
        round.assert_ended(&store, &after).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_that_refresh_at_once_get_one_successor() {
    let Fresh { store, dir } = fresh().await;
    let mut processes: Vec<_> =
        (0..PROCESSES).map(|_| Process::start("sqlite::tests::storm::one_process_of_a_storm", dir.path())).collect();
    for number in 0..rounds() {
        let round = Round::begin(&store, number).await;
        let inside = contest_of(&mut processes, round.presented, Round::INSIDE);
        round.assert_one_successor(&store, &inside).await;
        let after = contest_of(&mut processes, round.presented, Round::AFTER);
        round.assert_ended(&store, &after).await;
    }
    processes.into_iter().for_each(Process::finish);
}

pub(super) fn rounds() -> u32 {
    set_by("AUTH_RUNTIME_TEST_ROUNDS", 30)
}

/// Returns the answers to this many tasks that present one token at once. Each task brings its own successor: the hash
/// of a text, with the text as the sealed value.
async fn contest(store: &SqliteStore, tasks: usize, token: TokenHash, now: i64, name: &str) -> Vec<String> {
    at_once(tasks, |task| {
        let (store, text) = (store.clone(), format!("{name} {task} for {}", hex(&token)));
        async move {
            let (successor, sealed) = (hash_of(&text), text.clone().into_bytes());
            let presented = Presented { hash: token, successor, sealed, ..present(0, 0, now) };
            match presented.to(&store).await {
                Rotated::Won(_) => format!("won {text}"),
                Rotated::Again { sealed, .. } => format!("again {}", String::from_utf8(sealed).unwrap()),
                Rotated::Reused(_) => "reused".to_owned(),
                Rotated::Ended(_) => "ended".to_owned(),
                other => format!("{other:?}"),
            }
        }
    })
    .await
}

/// Does nothing unless the test above starts it. Runs one contest for each line that it reads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_of_a_storm() {
    let Some(place) = env::var_os(PLACE) else { return };
    let store = open(Path::new(&place)).await.unwrap();
    let name = std::process::id().to_string();
    for line in io::stdin().lines() {
        let line = line.unwrap();
        let (token, now) = line.split_once(' ').unwrap();
        Process::answer(&contest(&store, TASKS / PROCESSES, unhex(token), now.parse().unwrap(), &name).await);
    }
}

/// A child process, which answers each line with as many lines as it has tasks.
pub(super) struct Process {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Process {
    /// Marks the child's answers. The test harness's own output does not begin with it.
    const ANSWER: &str = "answer: ";

    pub(super) fn start(test: &str, dir: &Path) -> Self {
        let mut child = child(test).env(PLACE, dir).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        Self { child, said }
    }

    pub(super) fn send(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Reads one answer for each of the process's tasks.
    pub(super) fn answers(&mut self) -> Vec<String> {
        let lines = self.said.by_ref().lines().map(Result::unwrap);
        let answers = lines.filter_map(|line| line.split_once(Self::ANSWER).map(|(_, answer)| answer.to_owned()));
        answers.take(TASKS / PROCESSES).collect()
    }

    pub(super) fn finish(self) {
        finish(self.child);
    }

    /// Prints answers; called in the child process.
    pub(super) fn answer(answers: &[String]) {
        let mut said = io::stdout().lock();
        answers.iter().for_each(|answer| writeln!(said, "{}{answer}", Self::ANSWER).unwrap());
        said.flush().unwrap();
    }
}

fn contest_of(processes: &mut [Process], token: TokenHash, now: i64) -> Vec<String> {
    processes.iter_mut().for_each(|process| process.send(&format!("{} {now}", hex(&token))));
    processes.iter_mut().flat_map(Process::answers).collect()
}

pub(super) fn hash_of(text: &str) -> TokenHash {
    TokenHash::from_bytes(digest(&SHA256, text.as_bytes()).as_ref().try_into().unwrap())
}

fn hex(hash: &TokenHash) -> String {
    hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> TokenHash {
    let byte = |index| u8::from_str_radix(&text[2 * index..2 * index + 2], 16).unwrap();
    TokenHash::from_bytes(core::array::from_fn(byte))
}
