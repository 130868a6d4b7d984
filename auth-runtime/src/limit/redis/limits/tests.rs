use tokio::time::Instant;

use super::*;
use crate::{
    clock::{SystemClock, manual::ManualClock},
    error::StoreError,
    limit::{KeyValue, Outcome, PreparedLimit, redis::server::Server},
    policy::{Limit, LimitKey, Quota},
};

mod cluster;
mod eviction;
mod failover;
mod local;
mod logins;
mod loss;
mod nodes;
mod outages;
mod processes;
mod reconnection;
mod sentinels;
mod servers;
mod stand_in;
mod tls;

const TEN: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(10), LimitKey::Global), "tests", 0);
const TWO: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(2), LimitKey::Global), "tests", 1);

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

fn limits(server: &Server) -> RedisLimits {
    RedisLimits::new(&server.url(), "tests").unwrap().with_timeout(PATIENCE)
}

/// Counts a request, and returns what became of its charges.
async fn ask(limits: &RedisLimits, asked: &[&PreparedLimit]) -> Result<Vec<Outcome>, RedisLimitsError> {
    let mut charges: Vec<_> = asked.iter().map(|limit| Charge::new(limit, KeyValue::GLOBAL)).collect();
    let clock = SystemClock::new();
    let answer = match limits.charge(&mut charges, &clock) {
        Answer::Ready(answer) => answer,
        Answer::Pending(answer) => answer.await,
    };
    answer.map_err(|error| failure(&error))?;
    Ok(charges.iter().map(Charge::outcome).collect())
}

fn failure(error: &StoreError) -> RedisLimitsError {
    let source = core::error::Error::source(error).expect("a reason");
    source.downcast_ref::<RedisLimitsError>().expect("a reason of this store").clone()
}

fn left(outcome: Outcome) -> (bool, u32) {
    let Outcome::Counted(verdict) = outcome else { panic!("{outcome:?}") };
    (verdict.is_allowed(), verdict.remaining())
}

#[tokio::test]
async fn requests_are_counted_until_the_limit_refuses() {
    let Some(server) = Server::start(&[]) else { return };
    let limits = limits(&server);
    limits.check().await.unwrap();
    for rest in (0..10).rev() {
        assert_eq!(left(ask(&limits, &[&TEN]).await.unwrap()[0]), (true, rest));
    }
    assert_eq!(left(ask(&limits, &[&TEN]).await.unwrap()[0]), (false, 0));
}

#[tokio::test]
async fn a_set_quota_is_counted_apart_from_the_policys() {
    let Some(server) = Server::start(&[]) else { return };
    let limits = limits(&server);
    let (named, set) = PreparedLimit::named_and_set();
    for rest in (0..5).rev() {
        assert_eq!(left(ask(&limits, &[&set]).await.unwrap()[0]), (true, rest));
    }
    assert_eq!(left(ask(&limits, &[&set]).await.unwrap()[0]), (false, 0));
    assert_eq!(left(ask(&limits, &[&named]).await.unwrap()[0]), (true, 1));
}

#[tokio::test]
async fn two_processes_share_the_counters_and_two_applications_do_not() {
    let Some(server) = Server::start(&[]) else { return };
    let (one, other) = (limits(&server), limits(&server));
    let stranger = RedisLimits::new(&server.url(), "stranger").unwrap().with_timeout(PATIENCE);
    for limits in [&one, &other] {
        assert!(left(ask(limits, &[&TWO]).await.unwrap()[0]).0);
    }
    assert!(!left(ask(&one, &[&TWO]).await.unwrap()[0]).0);
    assert!(!left(ask(&other, &[&TWO]).await.unwrap()[0]).0);
    assert!(left(ask(&stranger, &[&TWO]).await.unwrap()[0]).0);
}

/// The processes' clocks are a minute and an hour apart, and run faster than the server's. Only the server's refills.
#[tokio::test]
async fn the_clocks_of_processes_decide_nothing() {
    const TEN_AN_HOUR: PreparedLimit =
        PreparedLimit::new(Limit::new(Quota::per_hour(10), LimitKey::Global), "clocks", 0);
    let Some(server) = Server::start(&[]) else { return };
    let processes = [0, 60, 3_600].map(|ahead| (limits(&server), ManualClock::at(1_800_000_000 + ahead)));
    for (ahead, (_, clock)) in [0, 60, 3_600].into_iter().zip(&processes) {
        clock.advance(Duration::from_secs(ahead));
    }
    let mut admitted = 0;
    for round in 0..20 {
        for (limits, clock) in &processes {
            let mut charges = [Charge::new(&TEN_AN_HOUR, KeyValue::GLOBAL)];
            if let Answer::Pending(answer) = limits.charge(&mut charges, clock) {
                answer.await.unwrap();
            }
            admitted += u32::from(!charges[0].refuses());
            // Its monotonic time passes, too: the refusal that it remembers is over, and it asks the server again.
            clock.advance(Duration::from_secs(60 * round));
        }
    }
    assert_eq!(admitted, 10);
}

#[tokio::test]
async fn all_limits_are_charged_in_one_round_trip_or_none() {
    let Some(server) = Server::start(&[]) else { return };
    let limits = limits(&server);
    for rest in [(9, 1), (8, 0)] {
        let outcomes = ask(&limits, &[&TEN, &TWO]).await.unwrap();
        assert_eq!((left(outcomes[0]), left(outcomes[1])), ((true, rest.0), (true, rest.1)));
    }
    let calls = || async { info(&server, "cmdstat_evalsha").await };
    let before = calls().await;
    let outcomes = ask(&limits, &[&TEN, &TWO]).await.unwrap();
    assert_eq!((left(outcomes[0]), left(outcomes[1])), ((true, 8), (false, 0)));
    assert_eq!(calls().await, before + 1);
    assert_eq!(left(ask(&limits, &[&TEN]).await.unwrap()[0]), (true, 7), "a refused request was charged");
}

/// Returns how often the server has run a command.
async fn info(server: &Server, command: &str) -> u64 {
    let text: String = server.ask("INFO commandstats").await;
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{command}:calls=")));
    line.map_or(0, |line| line.split(',').next().unwrap().parse().unwrap())
}

#[tokio::test]
async fn a_limit_that_is_known_to_refuse_asks_no_server() {
    let Some(server) = Server::start(&[]) else { return };
    let limits = limits(&server);
    for _ in 0..3 {
        ask(&limits, &[&TWO]).await.unwrap();
    }
    let before = info(&server, "cmdstat_evalsha").await;
    for _ in 0..100 {
        let outcomes = ask(&limits, &[&TEN, &TWO]).await.unwrap();
        assert_eq!((outcomes[0], left(outcomes[1]).0), (Outcome::Uncounted, false));
    }
    assert_eq!(info(&server, "cmdstat_evalsha").await, before);
}

#[tokio::test]
async fn every_counter_expires() {
    let Some(server) = Server::start(&[]) else { return };
    let limits = limits(&server);
    limits.check().await.unwrap();
    ask(&limits, &[&TEN, &TWO]).await.unwrap();
    let keys: Vec<String> = server.ask("KEYS *").await;
    let mut expiries = Vec::new();
    for key in keys.iter().filter(|key| !key.ends_with("check")) {
        assert!(key.starts_with("tests:1:"), "{key}");
        assert_eq!(server.ask::<String>(&format!("OBJECT ENCODING {key}")).await, "int");
        expiries.push(server.ask::<i64>(&format!("PTTL {key}")).await);
    }
    expiries.sort_unstable();
    assert!(expiries[0] > 4_000 && expiries[0] <= 6_001, "one unit of ten a minute: {expiries:?}");
    assert!(expiries[1] > 28_000 && expiries[1] <= 30_001, "one unit of two a minute: {expiries:?}");
}

#[test]
fn a_prefix_that_could_name_another_counter_is_refused() {
    for prefix in ["", "a b", "{a}", "ä", &"a".repeat(65)] {
        assert_eq!(RedisLimits::new("redis://a", prefix).unwrap_err(), RedisUrlError::Prefix, "{prefix}");
    }
}
