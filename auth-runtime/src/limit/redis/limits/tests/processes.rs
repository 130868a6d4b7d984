//! Three processes count by one Redis.
#![allow(clippy::print_stdout, reason = "a child process reports on standard output")]

use std::{
    env,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::SystemTime,
};

use super::*;

const HUNDRED: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(100), LimitKey::Global), "storm", 0);

const URL: &str = "AUTH_TESTS_STORM";
pub(super) const PROCESSES: u32 = 3;
/// The connections of all processes together are at least 64.
const CONNECTIONS: u32 = 22;
const ATTEMPTS: u32 = 50_000;

/// A request that was admitted: when it was sent, and when the answer had come, in nanoseconds of the machine's clock.
pub(super) type Admitted = (u128, u128);

#[test]
fn three_processes_admit_no_more_than_the_limit_in_any_window() {
    let Some(server) = Server::start(&[]) else { return };
    let admitted = admitted(start(&server));
    assert!(admitted.len() >= 100, "{}", admitted.len());
    assert_bounded(&admitted, 100);
}

/// The requests that fail meanwhile are refused, as `on_outage = deny` refuses them.
#[tokio::test]
async fn a_server_that_restarts_empty_amid_the_attempts_costs_one_burst() {
    let Some(mut server) = Server::start(&[]) else { return };
    let children = start(&server);
    while info(&server, "cmdstat_evalsha").await < u64::from(ATTEMPTS / 5) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.restart();
    let admitted = admitted(children);
    assert!(admitted.len() >= 200, "{}: the attempts went on after the loss", admitted.len());
    assert_bounded(&admitted, 2 * 100);
}

fn start(server: &Server) -> Vec<Child> {
    start_children(concat!(module_path!(), "::storm_of_one_process"), (URL, &server.url()))
}

/// Starts processes that run one test of this program, with a variable.
pub(super) fn start_children(test: &str, (name, value): (&str, &str)) -> Vec<Child> {
    let child = || {
        let mut command = Command::new(env::current_exe().unwrap());
        let test = test.split_once("::").unwrap().1;
        command.args(["--exact", test, "--nocapture"]).env(name, value).stdout(Stdio::piped()).spawn().unwrap()
    };
    (0..PROCESSES).map(|_| child()).collect()
}

/// Waits for the processes, and returns which of their requests were admitted.
fn admitted(children: Vec<Child>) -> Vec<Admitted> {
    let mut admitted: Vec<Admitted> = Vec::new();
    let mut asked = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            match line.split_whitespace().collect::<Vec<_>>()[..] {
                ["admitted", sent, answered] => admitted.push((sent.parse().unwrap(), answered.parse().unwrap())),
                ["asked", count] => asked += count.parse::<u32>().unwrap(),
                _ => {}
            }
        }
    }
    assert!(asked >= ATTEMPTS, "{asked}");
    admitted
}

/// Asserts that no window has more than the bursts and what a hundred a minute refill.
pub(super) fn assert_bounded(admitted: &[Admitted], bursts: u128) {
    let most = most_at_once(admitted);
    assert!(most <= bursts, "{most} beside what was refilled");
}

/// Returns the most admissions of a window beside what a hundred a minute refill in it. A window that surely holds a
/// set of admissions begins before the first of them was sent and ends when the last one was answered.
pub(super) fn most_at_once(admitted: &[Admitted]) -> u128 {
    let windows = admitted
        .iter()
        .flat_map(|(start, _)| admitted.iter().filter(move |(_, end)| end > start).map(move |(_, end)| (*start, *end)));
    let beside = |(start, end): (u128, u128)| {
        let inside = admitted.iter().filter(|(sent, answered)| *sent >= start && *answered <= end).count() as u128;
        inside.saturating_sub((end - start) * 100 / 60_000_000_000)
    };
    windows.map(beside).max().unwrap_or_default()
}

/// Returns the nanoseconds of the machine's clock, which all processes share.
pub(super) fn now() -> u128 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos()
}

/// Does nothing in a normal run: the test above starts it in processes of their own.
#[tokio::test]
async fn storm_of_one_process() {
    let Ok(url) = env::var(URL) else { return };
    let share = ATTEMPTS / PROCESSES / CONNECTIONS + 1;
    let tasks: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            // Every request asks the server: the process remembers no refusals here.
            let limits = RedisLimits::new(&url, "storm").unwrap().with_timeout(PATIENCE).forgetful();
            tokio::spawn(one_connection(Arc::new(limits), share))
        })
        .collect();
    let mut lines = String::new();
    for task in tasks {
        for (sent, answered) in task.await.unwrap() {
            lines.push_str(&format!("admitted {sent} {answered}\n"));
        }
    }
    println!("\n{lines}asked {}", share * CONNECTIONS);
}

async fn one_connection(limits: Arc<RedisLimits>, attempts: u32) -> Vec<Admitted> {
    let mut admitted = Vec::new();
    let (mut answered, mut failed) = (0, 0);
    while answered < attempts {
        let sent = now();
        let Ok(outcomes) = ask(&limits, &[&HUNDRED]).await else {
            failed += 1;
            assert!(failed < 2_000, "the server is not used again");
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        answered += 1;
        if left(outcomes[0]).0 {
            admitted.push((sent, now()));
        }
    }
    admitted
}
