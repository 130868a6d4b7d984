//! A replica that takes over.
#![allow(clippy::print_stdout, reason = "the measured excess is shown with `--nocapture`")]

use super::*;
use crate::limit::redis::server::{address_of, program};

const HUNDRED: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(100), LimitKey::Global), "failover", 0);

#[tokio::test]
async fn the_primary_that_sentinels_name_is_followed() {
    let Some(url) = program("AUTH_TESTS_REDIS_SENTINEL", "tests against Sentinels") else { return };
    let prefix = format!("failover-{}", std::process::id());
    let limits = RedisLimits::new(&url, &prefix).unwrap().with_timeout(Duration::from_millis(200));
    limits.check().await.unwrap();
    let (host, port) = address_of(&url);
    let client = redis::Client::open((host, port)).unwrap();
    let mut sentinel = client.get_multiplexed_async_connection().await.unwrap();
    let start = Instant::now();
    let (mut admitted, mut failed, mut begun) = (0_u32, 0_u32, false);
    while start.elapsed() < Duration::from_secs(4) {
        if !begun && admitted >= 50 {
            begun = true;
            redis::cmd("SENTINEL").arg("FAILOVER").arg("main").exec_async(&mut sentinel).await.unwrap();
        }
        match ask(&limits, &[&HUNDRED]).await {
            Ok(outcomes) => admitted += u32::from(left(outcomes[0]).0),
            Err(_) => failed += 1,
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(begun);
    let bound = 100 + (start.elapsed().as_secs_f64() * 100.0 / 60.0) as u32;
    println!("a planned failover: {admitted} admitted, {bound} are the bound, {failed} calls failed");
    // What the former primary admitted and had not yet sent to the replica comes on top, at most one burst.
    assert!(admitted >= 90 && admitted <= bound + 100, "{admitted} admitted, {bound} are the bound");
    // The new primary is used in the end.
    let end = Instant::now() + Duration::from_secs(10);
    while let Err(failure) = limits.check().await {
        assert!(Instant::now() < end, "{failure}");
    }
}

/// A primary that dies has not sent its last writes. The replica admits the requests of these writes once more.
#[tokio::test]
async fn a_replica_of_a_killed_primary_admits_at_most_what_it_has_not_seen() {
    let Some(mut primary) = Server::start(&["--repl-diskless-sync-delay", "0"]) else { return };
    let port = primary.port().to_string();
    let replica = Server::start(&["--replicaof", "127.0.0.1", &port]).unwrap();
    until(async || replica.ask::<String>("INFO replication").await.contains("master_link_status:up")).await;
    let before = limits(&primary);
    let mut admitted = 0;
    for _ in 0..60 {
        admitted += u32::from(left(ask(&before, &[&HUNDRED]).await.unwrap()[0]).0);
    }
    let start = Instant::now();
    primary.kill();
    replica.ask::<String>("REPLICAOF NO ONE").await;
    let after = limits(&replica);
    for _ in 0..120 {
        admitted += u32::from(left(ask(&after, &[&HUNDRED]).await.unwrap()[0]).0);
    }
    let bound = 100 + 2 + (start.elapsed().as_secs_f64() * 100.0 / 60.0) as u32;
    println!("a killed primary: {admitted} admitted, {bound} are the bound without the loss");
    assert!(admitted >= 100 && admitted <= bound + 60, "{admitted} of {bound}");
}

pub(super) async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(15);
    while !is_so().await {
        assert!(Instant::now() < end);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
