//! The stores on PostgreSQL: `scripts/services run cargo bench -p auth-runtime --features postgres --bench postgres`.
//!
//! The peer is sqlx alone: the same statements in the same transactions, on a pool of the same size, by a program that
//! keeps no promise beside them. The sides take turns call by call, or round by round where 16 tasks call at once, so
//! that the machine's load affects both. Medians are shown. The tables grow from 1,000 rows to 1,000,000 in between. At
//! the end the plans are shown, and how often the server has read a whole table.
#![allow(clippy::print_stdout, reason = "a benchmark reports on standard output")]

mod postgres {
    pub(crate) mod bare;
    pub(crate) mod ours;
    pub(crate) mod plans;
    pub(crate) mod rows;
}

use std::{
    env,
    sync::Arc,
    time::{Duration, Instant},
};

use auth_runtime::store::{PgPool, PostgresStore};
use postgres::{
    bare::Bare,
    ours::Ours,
    plans,
    rows::{Rows, fill},
};

/// What both sides do, for the account or the session of a number. The number of an account's list is below a fifth.
pub(crate) trait Subject {
    /// All calls of a sign-in but the hash of the password.
    fn sign_in(&self, number: u64) -> impl Future<Output = ()> + Send;
    /// Uses a refresh token up for another one.
    fn refresh(&self, token: [u8; 32], successor: [u8; 32]) -> impl Future<Output = ()> + Send;
    fn session(&self, number: u64) -> impl Future<Output = ()> + Send;
    fn session_by_cookie(&self, number: u64) -> impl Future<Output = ()> + Send;
    fn key(&self, number: u64) -> impl Future<Output = ()> + Send;
    fn list(&self, number: u64) -> impl Future<Output = ()> + Send;
}

const CASES: [&str; 6] =
    ["sign-in, without its hash", "refresh", "session by id", "session by cookie", "API key", "list of sessions"];

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    if env::args().any(|argument| argument == "--test") {
        return;
    }
    let Ok(server) = env::var("AUTH_TESTS_POSTGRES") else {
        println!("AUTH_TESTS_POSTGRES is not set: scripts/services run … sets it");
        return;
    };
    let most = env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000_000);
    let url = schema(&server).await;
    let store = PostgresStore::open(&url).await.unwrap();
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(10).connect(&url).await.unwrap();
    let (ours, bare) = (Arc::new(Ours::new(store)), Arc::new(Bare::new(pool.clone())));
    println!(
        "| rows | call | sqlx alone, µs | the store, µs | ratio | 16 tasks, sqlx alone, a second | the store | ratio |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut rows = 0;
    while rows < most {
        let next = if rows == 0 { 1_000 } else { rows * 10 };
        fill(&pool, rows, next).await;
        let mut tokens = Rows::new(rows, next);
        rows = next;
        plans::count_anew(&pool).await;
        for (case, name) in CASES.iter().enumerate() {
            let alone = one_at_a_time(case, &bare, &ours, &mut tokens).await;
            let together = many_at_once(case, &bare, &ours, &mut tokens).await;
            println!(
                "| {rows} | {name} | {:.0} | {:.0} | {:.2} | {:.0} | {:.0} | {:.2} |",
                alone[0],
                alone[1],
                alone[1] / alone[0],
                together[0],
                together[1],
                together[0] / together[1]
            );
        }
    }
    plans::show(&pool, rows).await;
}

/// Returns the median microseconds of a call, of both sides. Before the next call, the connection is in its pool again.
async fn one_at_a_time(case: usize, bare: &Bare, ours: &Ours, rows: &mut Rows) -> [f64; 2] {
    let mut figures = [const { Vec::new() }; 2];
    for number in 0..1_100 {
        let (one, other) = (Call::draw(case, rows), Call::draw(case, rows));
        let pause = || tokio::time::sleep(Duration::from_millis(1));
        let times = if number % 2 == 0 {
            let first = one.timed(bare).await;
            pause().await;
            [first, other.timed(ours).await]
        } else {
            let first = one.timed(ours).await;
            pause().await;
            [other.timed(bare).await, first]
        };
        pause().await;
        // The first calls prepare the statements on each connection.
        if number >= 100 {
            figures.iter_mut().zip(times).for_each(|(figures, time)| figures.push(time));
        }
    }
    figures.map(median)
}

/// Returns the calls per second of 16 tasks, of both sides: the median of the rounds.
async fn many_at_once(case: usize, bare: &Arc<Bare>, ours: &Arc<Ours>, rows: &mut Rows) -> [f64; 2] {
    let mut figures = [const { Vec::new() }; 2];
    for _ in 0..15 {
        figures[0].push(rate(case, bare, rows).await);
        figures[1].push(rate(case, ours, rows).await);
    }
    figures.map(median)
}

async fn rate<S: Subject + Send + Sync + 'static>(case: usize, subject: &Arc<S>, rows: &mut Rows) -> f64 {
    const TASKS: usize = 16;
    const CALLS: usize = 25;
    let calls: Vec<Vec<_>> = (0..TASKS).map(|_| (0..CALLS).map(|_| Call::draw(case, rows)).collect()).collect();
    let started = Instant::now();
    let running: Vec<_> = calls
        .into_iter()
        .map(|calls| {
            let subject = Arc::clone(subject);
            tokio::spawn(async move {
                for call in calls {
                    call.of(&*subject).await;
                }
            })
        })
        .collect();
    for task in running {
        task.await.unwrap();
    }
    (TASKS * CALLS) as f64 / started.elapsed().as_secs_f64()
}

/// A call with its arguments.
struct Call {
    case: usize,
    number: u64,
    tokens: ([u8; 32], [u8; 32]),
}

impl Call {
    fn draw(case: usize, rows: &mut Rows) -> Self {
        let number = rows.random.below(rows.count);
        let tokens = if case == 1 { rows.next_token() } else { Default::default() };
        Self { case, number, tokens }
    }

    async fn of(&self, subject: &impl Subject) {
        match self.case {
            0 => subject.sign_in(self.number).await,
            1 => subject.refresh(self.tokens.0, self.tokens.1).await,
            2 => subject.session(self.number).await,
            3 => subject.session_by_cookie(self.number).await,
            4 => subject.key(self.number).await,
            _ => subject.list(self.number / 5).await,
        }
    }

    /// Returns the microseconds of this call.
    async fn timed(&self, subject: &impl Subject) -> f64 {
        let started = Instant::now();
        self.of(subject).await;
        started.elapsed().as_secs_f64() * 1e6
    }
}

async fn schema(server: &str) -> String {
    let name = format!("bench_{}", std::process::id());
    let pool = PgPool::connect(server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}"))).execute(&pool).await.unwrap();
    format!("{server}?options=-csearch_path%3D{name}")
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
