//! Compares the in-memory limiter with governor: `cargo bench -p auth-runtime --bench limit`.
//!
//! Cases take turns round by round in one process, so that the machine's load affects all of them. The medians are
//! compared. Each check includes the clock and the hash that the library uses in production; both sides use SipHash.
//!
//! - "Direct" calls the concrete types, as governor is called.
//! - "Guard" calls the limiter as the guard does, with a clock behind `dyn`.
//!
//! Times are nanoseconds per check over all threads: the thread's processor time where there is one thread, and the
//! wall clock where there are two.
#![allow(clippy::print_stdout, reason = "a benchmark reports on standard output")]

#[path = "limit/churn.rs"]
mod churn;
#[path = "limit/subject.rs"]
mod subject;

use std::{fs, hint::black_box, sync::Barrier, thread, time::Instant};

use subject::{Direct, Governor, Guarded, STEADY, Subject, mix};

fn main() {
    // `cargo test --benches` runs this too. The figures need minutes and a release build.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!("| keys | threads | governor ns | direct ns | ratio | guard ns | ratio | goal |");
    println!("|---|---|---|---|---|---|---|---|");
    for (keys, threads, goal) in [
        (10_000, 1, "L1: 0.85"),
        (10_000, 2, "L1: 0.75"),
        (1_000_000, 1, "L2: 0.85"),
        (1_000_000, 2, "L2: 0.85"),
        (1, 1, ""),
        (1, 2, "L3: 1.00"),
    ] {
        let [governor, direct, guarded] = compare(keys, threads);
        let (first, second) = (direct / governor, guarded / governor);
        println!(
            "| {keys} | {threads} | {governor:.1} | {direct:.1} | {first:.2} | {guarded:.1} | {second:.2} | {goal} |"
        );
    }
    println!();
    churn::report();
}

/// Returns the medians of rounds that take turns, in nanoseconds per check.
fn compare(keys: u64, threads: u64) -> [f64; 3] {
    let (governor, direct, guarded) = (Governor::new(STEADY), Direct::new(&STEADY), Guarded::new(&STEADY));
    for key in (0..keys).map(mix) {
        assert!(governor.check(key) && direct.check(key) && guarded.check(key), "nothing is refused here");
    }
    let mut figures = [const { Vec::new() }; 3];
    for turn in 0..21 {
        figures[0].push(round(&governor, keys, threads, turn));
        figures[1].push(round(&direct, keys, threads, turn));
        figures[2].push(round(&guarded, keys, threads, turn));
    }
    figures.map(median)
}

const CHECKS: u64 = 1_000_000;

fn round(subject: &impl Subject, keys: u64, threads: u64, turn: u64) -> f64 {
    let barrier = Barrier::new(threads as usize);
    let work = |thread: u64| {
        let seed = mix(turn * threads + thread);
        barrier.wait();
        let start = Stopwatch::start(threads == 1);
        for check in 0..CHECKS {
            // The upper half of the product picks a key without a division.
            let picked = (u128::from(mix(seed ^ check)) * u128::from(keys)) >> 64;
            black_box(subject.check(mix(picked as u64)));
        }
        start.nanos()
    };
    let work = &work;
    let longest = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        running.into_iter().map(|thread| thread.join().expect("a round")).fold(0.0, f64::max)
    });
    longest / (CHECKS * threads) as f64
}

/// Measures the thread's processor time where the system reports it, or else the wall clock.
struct Stopwatch {
    on_processor: Option<f64>,
    wall: Instant,
}

impl Stopwatch {
    fn start(of_thread: bool) -> Self {
        Self { on_processor: of_thread.then(processor_nanos).flatten(), wall: Instant::now() }
    }

    fn nanos(&self) -> f64 {
        let processor = self.on_processor.and_then(|start| Some(processor_nanos()? - start));
        processor.unwrap_or_else(|| self.wall.elapsed().as_nanos() as f64)
    }
}

fn processor_nanos() -> Option<f64> {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    statistics.split_whitespace().next()?.parse().ok()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
