//! A server that forgets counters when its memory is full.

use super::*;
use crate::limit::testing::Log;

/// Connects, and returns what the operator hears of the server's memory.
async fn told(limits: &RedisLimits, log: &Log) -> Vec<String> {
    limits.check().await.unwrap();
    // The question follows the answer in the background.
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    log.take("limit_store_evicts")
}

#[tokio::test]
async fn the_operator_hears_once_of_a_server_that_evicts_counters() {
    let Some(mut server) = Server::start(&["--maxmemory", "100mb", "--maxmemory-policy", "volatile-lru"]) else {
        return;
    };
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let limits = limits(&server);
    let events = told(&limits, &log).await;
    assert!(
        matches!(&events[..], [one] if one.starts_with("WARN auth_runtime::limit") && one.contains("policy=\"volatile-lru\"")),
        "{events:?}"
    );
    // Another connection of the same process tells nothing new.
    server.restart();
    loss::until_answered(&limits).await;
    assert_eq!(told(&limits, &log).await, [""; 0]);
}

#[tokio::test]
async fn a_server_that_forgets_nothing_or_says_nothing_is_no_event() {
    let Some(server) = Server::start(&["--maxmemory", "100mb", "--maxmemory-policy", "noeviction"]) else { return };
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    assert_eq!(told(&limits(&server), &log).await, [""; 0]);
    server.ask::<String>("CONFIG SET maxmemory-policy allkeys-lru").await;
    server.ask::<String>("CONFIG SET maxmemory 0").await;
    assert_eq!(told(&limits(&server), &log).await, [""; 0], "without a bound nothing is evicted");

    server.ask::<String>("CONFIG SET maxmemory 100mb").await;
    server.ask::<String>("ACL SETUSER app on >secret ~tests:* +evalsha +script|load +time +get +set").await;
    let url = |login: &str| format!("redis://{login}127.0.0.1:{}", server.port());
    let by = |login: &str| RedisLimits::new(&url(login), "tests").unwrap();
    assert_eq!(told(&by("app:secret@"), &log).await, [""; 0], "the user may not ask");
    server.ask::<String>("ACL SETUSER app +info").await;
    assert_eq!(told(&by("app:secret@"), &log).await.len(), 1);
}
