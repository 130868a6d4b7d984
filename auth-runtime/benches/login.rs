//! Measures two things: whether the time of a refused sign-in reveals if the account exists, and how many sign-ins per
//! second succeed, compared with the rate that argon2 allows.
//!
//! Run it with `cargo bench -p auth-runtime --features sqlite,testing --bench login`. It uses SQLite in a file, through
//! the router. A rank test (Mann-Whitney) compares the two kinds of refusals. If they do not differ, its z is that of a
//! standard normal variable: 95 of 100 runs lie between -1.96 and 1.96. With a very cheap hash, only the stores' part
//! of the time remains.
#![allow(missing_docs, reason = "a benchmark")]
#![allow(clippy::print_stdout, reason = "a benchmark's result")]

mod login {
    pub(crate) mod app;
    pub(crate) mod ranks;
}

use std::{
    num::NonZeroU16,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use auth_runtime::{
    password::{Cost, Passwords},
    secret::SystemEntropy,
};
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};

use login::{
    app::{App, PASSWORD},
    ranks::compare,
};

fn main() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    // `cargo test --bench '*' -- --test` runs this too. A short run shows that it works.
    let is_short = std::env::args().any(|argument| argument == "--test");
    let (few, many, accounts, time) = match is_short {
        true => (5, 5, 5, Duration::from_millis(200)),
        false => (500, 5_000, 1_000, Duration::from_secs(8)),
    };
    refusals(&runtime, "OWASP's cost", Cost::OWASP, few);
    refusals(&runtime, "a hash of no cost", Cost::weak_for_testing(), many);
    for workers in [1, 2] {
        logins(&runtime, NonZeroU16::new(workers).expect("more than none"), accounts, time);
    }
}

/// Makes equally many refused sign-ins of both kinds, in alternating order.
fn refusals(runtime: &Runtime, cost_name: &str, cost: Cost, count: usize) {
    runtime.block_on(async {
        let app = App::with(passwords(cost, NonZeroU16::MIN), count).await;
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for number in 0..count {
            let turns = if number % 2 == 0 { ["known", "other"] } else { ["other", "known"] };
            for kind in turns {
                let name = format!("{kind}{number}");
                let asked = Instant::now();
                assert_eq!(app.sign_in(&name, "a wrong password").await, 401);
                let took = asked.elapsed();
                if kind == "known" { known.push(took) } else { unknown.push(took) }
            }
        }
        println!("refused sign-ins, {cost_name}, 2 x {count}: {}", compare(&known, &unknown));
    });
}

/// Measures sign-ins per second by eight clients at once, and verifications per second by eight tasks at once.
fn logins(runtime: &Runtime, workers: NonZeroU16, accounts: usize, time: Duration) {
    let passwords = passwords(Cost::OWASP, workers);
    let app = Arc::new(runtime.block_on(App::with(passwords.clone(), accounts)));
    let next = Arc::new(AtomicUsize::new(0));
    let logins = per_second(runtime, time, move || {
        let (app, next) = (Arc::clone(&app), Arc::clone(&next));
        async move {
            let number = next.fetch_add(1, Ordering::Relaxed) % accounts;
            assert_eq!(app.sign_in(&format!("known{number}"), PASSWORD).await, 200);
        }
    });
    let stored: Arc<str> = runtime.block_on(passwords.hash(&SecretString::from(PASSWORD))).expect("a hash").into();
    let bound = per_second(runtime, time, move || {
        let (passwords, stored) = (passwords.clone(), Arc::clone(&stored));
        async move {
            let verified = passwords.verify(&SecretString::from(PASSWORD), &stored).await;
            assert!(verified.is_ok());
        }
    });
    println!(
        "workers: {workers}; sign-ins: {logins:.1}/s; verifications alone: {bound:.1}/s; ratio {:.2}",
        logins / bound
    );
}

fn per_second<F: Future<Output = ()> + Send + 'static>(
    runtime: &Runtime,
    time: Duration,
    work: impl Fn() -> F + Clone + Send + 'static,
) -> f64 {
    let done = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    runtime.block_on(async {
        let clients: Vec<_> = (0..8)
            .map(|_| {
                let (done, work) = (Arc::clone(&done), work.clone());
                tokio::spawn(async move {
                    while started.elapsed() < time {
                        let one = work();
                        one.await;
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for client in clients {
            client.await.expect("a client");
        }
    });
    done.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64()
}

fn passwords(cost: Cost, workers: NonZeroU16) -> Passwords {
    Passwords::builder(Arc::new(SystemEntropy::new())).cost(cost).workers(workers).build()
}
