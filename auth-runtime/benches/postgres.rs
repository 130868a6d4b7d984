//! The stores on PostgreSQL: `scripts/services run cargo bench -p auth-runtime --features postgres --bench postgres`.
//!
//! The peer is sqlx alone: the same statements in the same transactions, on a pool of the same size, by a program that
//! keeps no promise beside them. The sides take turns call by call, so that the machine's load affects both, and medians
//! are shown. The tables grow from 1,000 rows to 1,000,000 in between. At the end the plans are shown, and how
//! often the server has read a whole table.
#![allow(clippy::print_stdout, reason = "a benchmark reports on standard output")]

mod postgres {
    pub(crate) mod bare;
    pub(crate) mod ours;
    pub(crate) mod plans;
    pub(crate) mod rows;
}

use std::{env, time::Instant};

use auth_runtime::store::{PgPool, PostgresStore};
use postgres::{
    bare::Bare,
    ours::Ours,
    plans,
    rows::{Random, Rows, fill},
};

/// What both sides do, for the account or the session of a number. The number of an account's list is below a fifth.
pub(crate) trait Subject {
    /// All calls of a sign-in but the hash of the password.
    async fn sign_in(&self, number: u64);
    /// Uses a refresh token up for another one.
    async fn refresh(&self, token: [u8; 32], successor: [u8; 32]);
    async fn session(&self, number: u64);
    async fn session_by_cookie(&self, number: u64);
    async fn key(&self, number: u64);
    async fn list(&self, number: u64);
}

const CALLS: u32 = 1_500;

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
    let (ours, bare) = (Ours::new(store), Bare::new(pool.clone()));
    println!("| rows | call | sqlx alone, µs | the store, µs | ratio |\n|---|---|---|---|---|");
    let mut rows = 0;
    while rows < most {
        let next = if rows == 0 { 1_000 } else { rows * 10 };
        fill(&pool, rows, next).await;
        rows = next;
        plans::count_anew(&pool).await;
        let mut tokens = Rows::new(rows);
        for (case, name) in CASES.iter().enumerate() {
            let mut figures = [const { Vec::new() }; 2];
            for call in 0..CALLS + 200 {
                let times = [one(case, &bare, &mut tokens).await, one(case, &ours, &mut tokens).await];
                // The first calls prepare the statements on each connection.
                if call >= 200 {
                    figures.iter_mut().zip(times).for_each(|(figures, time)| figures.push(time));
                }
            }
            let [bare, ours] = figures.map(median);
            println!("| {rows} | {name} | {bare:.0} | {ours:.0} | {:.2} |", ours / bare);
        }
    }
    plans::show(&pool, rows).await;
}

/// Returns the microseconds of one call.
async fn one(case: usize, subject: &impl Subject, rows: &mut Rows) -> f64 {
    let number = rows.random.below(rows.count);
    let (token, successor) = if case == 1 { rows.next_token(number) } else { ([0; 32], [0; 32]) };
    let started = Instant::now();
    match case {
        0 => subject.sign_in(number).await,
        1 => subject.refresh(token, successor).await,
        2 => subject.session(number).await,
        3 => subject.session_by_cookie(number).await,
        4 => subject.key(number).await,
        _ => subject.list(number / 5).await,
    }
    started.elapsed().as_secs_f64() * 1e6
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
