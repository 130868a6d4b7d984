//! Measures two goals. P1: the cost of one argon2id hash here, compared with the `argon2` crate's own calls. P2: how
//! long tasks of the runtime and requests over HTTP wait while passwords are hashed.
//!
//! `scripts/bench-password` runs it twice and adds the C reference. In a process that does nothing else, glibc keeps
//! large blocks, so even a plain call finds its memory mapped. With `MALLOC_MMAP_THRESHOLD_` set, glibc returns them at
//! once. musl always does so, and a busy server often sees the same.
#![allow(missing_docs, reason = "criterion's macros generate undocumented functions")]

#[path = "password/requests.rs"]
mod requests;

use std::{
    hint::black_box,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use auth_runtime::{password::Passwords, secret::SystemEntropy};
use criterion::{Criterion, criterion_group, criterion_main};
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};

const PASSWORD: &str = "correct horse battery staple";
const SALT: &[u8] = b"sixteen bytes ok";

fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// Returns a runtime whose threads for blocking work have the lowest priority. They start after the two workers.
fn runtime_that_hashes_behind() -> Runtime {
    let started = AtomicUsize::new(0);
    let behind = move || {
        if started.fetch_add(1, Ordering::Relaxed) >= 2 {
            lower_priority_of_this_thread();
        }
    };
    Builder::new_multi_thread().worker_threads(2).enable_all().on_thread_start(behind).build().expect("a runtime")
}

/// Calls the system's `renice`, which takes a thread's number on Linux. The same by a call of the system needs
/// `unsafe`.
fn lower_priority_of_this_thread() {
    let thread = std::fs::read_link("/proc/thread-self").expect("Linux");
    let number = thread.file_name().expect("a thread's number");
    let status = Command::new("renice").args(["-n", "19", "-p"]).arg(number).stdout(Stdio::null()).status();
    assert!(status.expect("renice").success());
}

fn passwords() -> Passwords {
    Passwords::builder(Arc::new(SystemEntropy::new())).build()
}

fn one_hash(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("argon2id m=19456 t=2 p=1");
    group.sample_size(60).measurement_time(Duration::from_secs(10));
    group.bench_function("argon2 crate, hash_password_into", |bencher| {
        let (argon2, mut tag) = (argon2id(), [0; 32]);
        bencher.iter(|| argon2.hash_password_into(PASSWORD.as_bytes(), SALT, black_box(&mut tag)));
    });
    group.bench_function("argon2 crate, memory reused and not wiped", |bencher| {
        let (argon2, mut tag) = (argon2id(), [0; 32]);
        let mut blocks = vec![Block::new(); argon2.params().block_count()];
        bencher.iter(|| {
            argon2.hash_password_into_with_memory(PASSWORD.as_bytes(), SALT, black_box(&mut tag), &mut blocks)
        });
    });
    group.bench_function("Passwords::hash", |bencher| {
        let (runtime, passwords, password) = (runtime(), passwords(), SecretString::from(PASSWORD));
        bencher.iter(|| runtime.block_on(passwords.hash(&password)).expect("a hash"));
    });
    group.bench_function("Passwords::verify_absent", |bencher| {
        let (runtime, passwords, password) = (runtime(), passwords(), SecretString::from(PASSWORD));
        bencher.iter(|| runtime.block_on(passwords.verify_absent(&password)).expect("a mismatch"));
    });
    group.bench_function("Passwords::verify", |bencher| {
        let (runtime, passwords, password) = (runtime(), passwords(), SecretString::from(PASSWORD));
        let stored = runtime.block_on(passwords.hash(&password)).expect("a hash");
        bencher.iter(|| runtime.block_on(passwords.verify(&password, &stored)).expect("a match"));
    });
    group.finish();
}

/// Measures how long an empty task waits to be run, with and without eight sign-ins in flight.
fn other_tasks(_: &mut Criterion) {
    let (runtime, passwords) = (runtime(), passwords());
    let idle = runtime.block_on(wait_at_p99());
    let busy = runtime.block_on(async {
        let logins: Vec<_> = (0..8).map(|_| tokio::spawn(sign_in_forever(passwords.clone()))).collect();
        let waited = wait_at_p99().await;
        logins.iter().for_each(tokio::task::JoinHandle::abort);
        waited
    });
    #[allow(clippy::print_stdout, reason = "a benchmark's result")]
    {
        println!("a task's wait, p99: {idle:?} idle, {busy:?} with 8 sign-ins in flight");
    }
}

/// Returns how many waits are measured: few where a short run is to show that the program works, as in
/// `cargo test --bench '*' -- --test`.
fn waits() -> usize {
    if std::env::args().any(|argument| argument == "--test") { 100 } else { 4_000 }
}

async fn sign_in_forever(passwords: Passwords) {
    let password = SecretString::from(PASSWORD);
    loop {
        let _ = passwords.verify_absent(&password).await;
    }
}

async fn wait_at_p99() -> Duration {
    let mut waited = Vec::new();
    for _ in 0..waits() {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let asked = Instant::now();
        tokio::spawn(async {}).await.expect("an empty task");
        waited.push(asked.elapsed());
    }
    waited.sort_unstable();
    waited[waited.len() * 99 / 100]
}

/// Measures how long a plain request over HTTP takes, with and without eight sign-ins in flight.
fn other_requests(_: &mut Criterion) {
    for (hashing, runtime) in [("as usual", runtime()), ("at the lowest priority", runtime_that_hashes_behind())] {
        let (idle, busy, logins) = requests::at_p99(&runtime, waits(), 8);
        let ratio = busy.as_secs_f64() / idle.as_secs_f64();
        #[allow(clippy::print_stdout, reason = "a benchmark's result")]
        {
            println!(
                "a plain request, hashing {hashing}, p99: {idle:?} idle, {busy:?} with 8 sign-ins in flight \
                 ({logins} answered): {ratio:.2}x (P2: 2x)"
            );
        }
    }
}

criterion_group!(benches, one_hash, other_tasks, other_requests);
criterion_main!(benches);
