//! The effects of counters that a server forgets.

use super::*;

#[tokio::test]
async fn a_server_that_forgot_the_script_gets_it_again() {
    let Some(server) = Server::start(&[]) else { return };
    let limits = limits(&server);
    for rest in [1, 0] {
        server.ask::<String>("SCRIPT FLUSH").await;
        assert_eq!(left(ask(&limits, &[&TWO]).await.unwrap()[0]), (true, rest));
    }
}

#[tokio::test]
async fn a_flush_costs_one_burst() {
    let Some(server) = Server::start(&[]) else { return };
    let limits = limits(&server);
    let mut admitted = 0;
    for _ in 0..2 {
        for _ in 0..2 {
            admitted += u32::from(left(ask(&limits, &[&TWO]).await.unwrap()[0]).0);
        }
        server.ask::<String>("FLUSHALL").await;
    }
    assert_eq!(admitted, 4);
}

#[tokio::test]
async fn a_server_that_restarts_empty_is_used_again() {
    let Some(mut server) = Server::start(&[]) else { return };
    let limits = limits(&server).with_timeout(Duration::from_secs(1));
    assert_eq!(left(ask(&limits, &[&TEN]).await.unwrap()[0]), (true, 9));
    server.kill();
    let failure = ask(&limits, &[&TEN]).await.unwrap_err();
    assert!(matches!(failure, RedisLimitsError::Unreachable(_)), "{failure}");
    server.restart();
    assert_eq!(left(until_answered(&limits).await), (true, 9));
}

/// Asks until the store answers, for at most ten seconds.
pub(super) async fn until_answered(limits: &RedisLimits) -> Outcome {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        match ask(limits, &[&TEN]).await {
            Ok(outcomes) => return outcomes[0],
            Err(failure) => assert!(Instant::now() < end, "{failure}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn while_no_connection_can_be_made_a_request_fails_at_once() {
    let Some(mut server) = Server::start(&[]) else { return };
    let limits = limits(&server);
    server.kill();
    ask(&limits, &[&TEN]).await.unwrap_err();
    let start = Instant::now();
    for _ in 0..1_000 {
        ask(&limits, &[&TEN]).await.unwrap_err();
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_busy_server_is_a_failure_until_its_script_is_killed() {
    let Some(server) = Server::start(&["--lua-time-limit", "20"]) else { return };
    let limits = limits(&server);
    limits.check().await.unwrap();
    let mut busy = server.connect().await;
    let endless = tokio::spawn(async move {
        let ended: redis::RedisResult<()> =
            redis::cmd("EVAL").arg("while true do end").arg(0).query_async(&mut busy).await;
        ended.unwrap_err()
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(ask(&limits, &[&TEN]).await.unwrap_err(), RedisLimitsError::Busy);
    let mut other = server.connect_busy().await;
    redis::cmd("SCRIPT").arg("KILL").exec_async(&mut other).await.unwrap();
    endless.await.unwrap();
    assert_eq!(left(until_answered(&limits).await), (true, 9));
}

#[tokio::test]
async fn a_server_that_is_silent_is_given_up_in_time() {
    let Some(server) = Server::start(&[]) else { return };
    let limits = limits(&server);
    limits.check().await.unwrap();
    let limits = limits.with_timeout(Duration::from_millis(50));
    let mut other = server.connect().await;
    redis::cmd("CLIENT").arg("PAUSE").arg(1_500).exec_async(&mut other).await.unwrap();
    let start = Instant::now();
    assert_eq!(ask(&limits, &[&TEN]).await.unwrap_err(), RedisLimitsError::TimedOut);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    until_answered(&limits).await;
}
