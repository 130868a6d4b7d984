//! Counters on Redis: `scripts/services run cargo bench -p auth-runtime --features redis --bench redis`.
//!
//! Cases take turns round by round, so that the machine's load affects all of them, and medians are shown. The floor is
//! one socket that sends the same script in batches, with no client between. Every check has another key, so that no
//! request is refused.
#![allow(clippy::print_stdout, reason = "a benchmark reports on standard output")]

use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use auth_runtime::{
    clock::SystemClock,
    limit::{AddressKey, Answer, Charge, KeyValue, LimitStore, Limiter, PreparedLimit, RedisLimits},
    policy::{Limit, LimitKey, Quota},
};

#[path = "redis/raw.rs"]
mod raw;

use raw::Raw;

const LIMIT: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(100), LimitKey::Address), "bench", 0);
const OTHER: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_hour(100), LimitKey::Address), "bench", 1);
const KEYS: u64 = 20_000;

fn main() {
    if env::args().any(|argument| argument == "--test") {
        return;
    }
    let Ok(url) = env::var("AUTH_TESTS_REDIS") else {
        println!("AUTH_TESTS_REDIS is not set: scripts/services run … sets it");
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let limits = Arc::new(RedisLimits::new(&url, "bench").unwrap().with_timeout(Duration::from_secs(10)));
    runtime.block_on(limits.check()).unwrap();
    let mut raw = Raw::connect(&url);
    println!("| tasks | checks/s | raw socket, checks/s | ratio | goal |\n|---|---|---|---|---|");
    for (tasks, checks, goal) in [(1, 5_000, ""), (64, 60_000, "R1: 0.83"), (256, 60_000, "")] {
        let mut figures = [const { Vec::new() }; 2];
        for _ in 0..5 {
            figures[0].push(runtime.block_on(ours(&limits, tasks, checks)));
            figures[1].push(raw.run(tasks, checks));
        }
        let [ours, raw] = figures.map(median);
        println!("| {tasks} | {ours:.0} | {raw:.0} | {:.2} | {goal} |", ours / raw);
    }
    println!("\nredis-benchmark, one connection, batches of 64: {}", raw.redis_benchmark(&url));
    let [of_limits, of_client] = runtime.block_on(processor(&limits, &url, &raw.script));
    println!(
        "processor time of this process per check, at 64 tasks: {of_limits:.1} µs, {of_client:.1} µs of them the client's"
    );
    let [dead, in_memory] = runtime.block_on(dead());
    println!("a check while no Redis answers: {dead:.2} µs (in memory alone: {in_memory:.2} µs)");
    println!("\na key known to be blocked: {:.0} ns (R2: 100)", runtime.block_on(blocked(&limits)));
    println!(
        "calls for 10000 checks of a blocked key, by the server's count: {}",
        runtime.block_on(async {
            let (clock, before) = (SystemClock::new(), raw.calls());
            for _ in 0..10_000 {
                check(&limits, &clock, u64::MAX - 1).await;
            }
            // The first hundred use the bucket up, and one call learns of the refusal.
            raw.calls() - before - 101
        })
    );
    println!(
        "calls for 10000 steps of two limits: {}",
        runtime.block_on(async {
            let before = raw.calls();
            steps_of_two(&limits, 10_000).await;
            raw.calls() - before
        })
    );
    println!("memory of one key on the server: {} bytes (with its expiry)", raw.memory_per_key());
}

static NEXT: AtomicU64 = AtomicU64::new(0);

async fn check(limits: &RedisLimits, clock: &SystemClock, key: u64) -> bool {
    let mut charges = [Charge::new(&LIMIT, KeyValue::address(AddressKey::V6(key)))];
    match limits.charge(&mut charges, clock) {
        Answer::Ready(answer) => answer.unwrap(),
        Answer::Pending(answer) => answer.await.unwrap(),
    }
    !charges[0].refuses()
}

/// Returns the checks per second of so many tasks.
async fn ours(limits: &Arc<RedisLimits>, tasks: u64, checks: u64) -> f64 {
    let start = Instant::now();
    let running: Vec<_> = (0..tasks)
        .map(|_| {
            let limits = Arc::clone(limits);
            tokio::spawn(async move {
                let clock = SystemClock::new();
                for _ in 0..checks / tasks {
                    check(&limits, &clock, NEXT.fetch_add(1, Ordering::Relaxed) % KEYS).await;
                }
            })
        })
        .collect();
    for task in running {
        task.await.unwrap();
    }
    (checks / tasks * tasks) as f64 / start.elapsed().as_secs_f64()
}

/// Returns the nanoseconds of a check that is answered without the server.
async fn blocked(limits: &RedisLimits) -> f64 {
    let clock = SystemClock::new();
    while check(limits, &clock, u64::MAX).await {}
    const CHECKS: u32 = 200_000;
    let mut rounds = Vec::new();
    for _ in 0..7 {
        let start = Instant::now();
        let mut refused = 0;
        for _ in 0..CHECKS {
            let mut charges = [Charge::new(&LIMIT, KeyValue::address(AddressKey::V6(u64::MAX)))];
            let is_ready = matches!(limits.charge(&mut charges, &clock), Answer::Ready(Ok(())));
            refused += u32::from(is_ready && charges[0].refuses());
        }
        rounds.push(start.elapsed().as_nanos() as f64 / f64::from(CHECKS));
        assert!(refused > 0);
        while check(limits, &clock, u64::MAX).await {}
    }
    median(rounds)
}

async fn steps_of_two(limits: &RedisLimits, steps: u64) {
    let clock = SystemClock::new();
    for step in 0..steps {
        let key = KeyValue::address(AddressKey::V6(KEYS + step));
        let mut charges = [Charge::new(&LIMIT, key), Charge::new(&OTHER, key)];
        if let Answer::Pending(answer) = limits.charge(&mut charges, &clock) {
            answer.await.unwrap();
        }
    }
}

/// Returns the microseconds of all threads of this process for a check, and for the same call by the bare client.
async fn processor(limits: &Arc<RedisLimits>, url: &str, script: &str) -> [f64; 2] {
    const CHECKS: u64 = 60_000;
    let client = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    let mut rounds = [const { Vec::new() }; 2];
    for _ in 0..5 {
        let before = processor_time();
        ours(limits, 64, CHECKS).await;
        let between = processor_time();
        by_client(&client, script, 64, CHECKS).await;
        rounds[0].push((between - before) * 1e6 / CHECKS as f64);
        rounds[1].push((processor_time() - between) * 1e6 / CHECKS as f64);
    }
    rounds.map(median)
}

async fn by_client(client: &redis::aio::MultiplexedConnection, script: &str, tasks: u64, checks: u64) {
    let running: Vec<_> = (0..tasks)
        .map(|_| {
            let (mut client, script) = (client.clone(), script.to_owned());
            tokio::spawn(async move {
                for _ in 0..checks / tasks {
                    let key = format!("bench:1:{:032x}", NEXT.fetch_add(1, Ordering::Relaxed) % KEYS);
                    let mut call = redis::cmd("EVALSHA");
                    call.arg(&script).arg(1).arg(key).arg(0).arg(600_000_000).arg(60).arg(0).arg(0);
                    let _: redis::Value = call.query_async(&mut client).await.unwrap();
                }
            })
        })
        .collect();
    for task in running {
        task.await.unwrap();
    }
}

/// Returns the seconds of a processor that this process has used. The kernel counts in hundredths.
fn processor_time() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    [fields[11], fields[12]].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

/// Returns the microseconds of a check by a limiter whose server is gone, when the breaker is open, and by a limiter in
/// memory. While the server is gone, one request a second still asks.
async fn dead() -> [f64; 2] {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let limits = RedisLimits::new(&format!("redis://127.0.0.1:{port}"), "bench").unwrap();
    let (limiters, clock) = ([Limiter::in_store(Arc::new(limits)), Limiter::in_memory()], SystemClock::new());
    let mut next = 0;
    let mut check = async |limiter: &Limiter| {
        next = (next + 1) % KEYS;
        let mut charges = [Charge::new(&LIMIT, KeyValue::address(AddressKey::V6(next)))];
        limiter.charge(&mut charges, &clock).await.is_ok()
    };
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(1) {
        assert!(!check(&limiters[0]).await);
    }
    const CHECKS: u32 = 200_000;
    let mut rounds = [const { Vec::new() }; 2];
    for _ in 0..7 {
        for (limiter, rounds) in limiters.iter().zip(&mut rounds) {
            let start = Instant::now();
            for _ in 0..CHECKS {
                check(limiter).await;
            }
            rounds.push(start.elapsed().as_nanos() as f64 / f64::from(CHECKS) / 1e3);
        }
    }
    rounds.map(median)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
