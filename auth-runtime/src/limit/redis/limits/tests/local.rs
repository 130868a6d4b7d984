//! Three processes that share a limit lose their server, and each counts its share.
#![allow(clippy::print_stdout, reason = "a child process reports on standard output, and the figures are shown")]

use core::num::NonZeroU32;
use std::env;

use super::{
    processes::{Admitted, PROCESSES, assert_bounded, now, start_children},
    *,
};
use crate::limit::Limiter;

const HUNDRED: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(100), LimitKey::Global), "local", 0);

const URL: &str = "AUTH_TESTS_LOCAL";
/// The time for which each process asks, and the pause of each of its callers.
const TIME: Duration = Duration::from_secs(6);
const PAUSE: Duration = Duration::from_millis(1);
const CALLERS: u32 = 4;

/// The server is killed in mid-run, and starts again without its counters.
#[tokio::test]
async fn the_local_shares_and_the_admissions_of_the_server_are_each_bounded() {
    let Some(mut server) = Server::start(&[]) else { return };
    let children = start_children(concat!(module_path!(), "::storm_of_one_process"), (URL, &server.url()));
    // Refusals are remembered, so few calls follow those that the server admits.
    while info(&server, "cmdstat_evalsha").await < 100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.kill();
    tokio::time::sleep(Duration::from_secs(2)).await;
    server.restart();
    let (mut counted, mut local): (Vec<Admitted>, Vec<Admitted>) = (Vec::new(), Vec::new());
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            match line.split_whitespace().collect::<Vec<_>>()[..] {
                ["counted", sent, answered] => counted.push((sent.parse().unwrap(), answered.parse().unwrap())),
                ["local", sent, answered] => local.push((sent.parse().unwrap(), answered.parse().unwrap())),
                _ => {}
            }
        }
    }
    println!("three processes lose their server: it admitted {}, and they {} alone", counted.len(), local.len());
    assert!(counted.len() >= 200, "{}: the server counted before and after", counted.len());
    assert!(local.len() >= 3 * 34, "{}: each process has used its share up", local.len());
    // The server lost its counters once. Each process has the third of the burst, rounded up.
    assert_bounded(&counted, 2 * 100);
    assert_bounded(&local, 3 * 34);
}

/// Does nothing in a normal run: the test above starts it in processes of their own.
#[tokio::test]
async fn storm_of_one_process() {
    let Ok(url) = env::var(URL) else { return };
    let instances = NonZeroU32::new(PROCESSES).unwrap();
    let store = Arc::new(RedisLimits::new(&url, "local").unwrap());
    let limiter = Arc::new(Limiter::in_store(store).with_instances(instances));
    let end = Instant::now() + TIME;
    let callers: Vec<_> = (0..CALLERS).map(|_| tokio::spawn(one_caller(Arc::clone(&limiter), end))).collect();
    let mut lines = String::new();
    for caller in callers {
        lines.push_str(&caller.await.unwrap());
    }
    println!("\n{lines}");
}

async fn one_caller(limiter: Arc<Limiter>, end: Instant) -> String {
    let clock = SystemClock::new();
    let mut lines = String::new();
    while Instant::now() < end {
        let sent = now();
        let mut charges = [Charge::new(&HUNDRED, KeyValue::GLOBAL)];
        let _ = limiter.charge(&mut charges, &clock).await;
        let kind = match charges[0].outcome() {
            Outcome::Counted(_) => "counted",
            Outcome::Local(_) => "local",
            other => panic!("{other:?}"),
        };
        if !charges[0].refuses() {
            lines.push_str(&format!("{kind} {sent} {}\n", now()));
        }
        tokio::time::sleep(PAUSE).await;
    }
    lines
}
