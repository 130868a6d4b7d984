//! A connection that is being made is no outage.

use core::task::Poll;

use super::{outages::Tried, *};

/// Requests fail at once while no attempt to connect is under way. Many of them must not open the breaker: the server
/// may be back a moment later.
#[tokio::test]
async fn many_requests_before_the_server_starts_do_not_open_the_breaker() {
    let Some(mut server) = Server::start(&[]) else { return };
    server.kill();
    let tried = Tried::at(&server.url());
    for _ in 0..100 {
        assert!(matches!(tried.ask(&outages::LOCAL).await, Outcome::Local(_)));
    }
    server.restart();
    tried.is_soon_counted().await;
}

/// A server that restarts breaks the calls of all requests at once.
#[tokio::test]
async fn a_connection_that_breaks_under_load_does_not_open_the_breaker() {
    let Some(mut server) = Server::start(&[]) else { return };
    let mut tried = Tried::at(&server.url());
    // Long enough that no call of the storm is given up before the server is killed.
    let limits = Arc::new(limits(&server));
    limits.check().await.unwrap();
    tried.limiter = crate::limit::Limiter::in_store(limits).with_timeout(PATIENCE);
    server.signal("-STOP");
    let tried = Arc::new(tried);
    let storm: Vec<_> = (0..64)
        .map(|_| {
            let tried = Arc::clone(&tried);
            tokio::spawn(async move { tried.ask(&outages::LOCAL).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.kill();
    for request in storm {
        assert!(matches!(request.await.unwrap(), Outcome::Local(_)));
    }
    server.restart();
    tried.is_soon_counted().await;
}

/// Clients may hang up as soon as they have sent a request. Where no other request is answered meanwhile, the server
/// looks silent.
#[tokio::test]
async fn clients_who_hang_up_do_not_end_the_connection() {
    let Some(server) = Server::start(&[]) else { return };
    let limits = limits(&server);
    limits.check().await.unwrap();
    let before = connections(&server).await;
    let clock = SystemClock::new();
    for _ in 0..15 {
        let mut charges = [Charge::new(&TEN, KeyValue::GLOBAL)];
        let Answer::Pending(mut answer) = limits.charge(&mut charges, &clock) else {
            panic!("the server is not asked")
        };
        let is_sent = core::future::poll_fn(|context| Poll::Ready(answer.as_mut().poll(context).is_pending())).await;
        assert!(is_sent);
        drop(answer);
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    ask(&limits, &[&TWO]).await.unwrap();
    assert_eq!(connections(&server).await, before + 1, "only this test's own connection");
}

/// One call without an answer is enough, so that a quiet service does not wait for the next one.
#[tokio::test]
async fn a_connection_without_an_answer_for_a_second_is_replaced() {
    let Some(server) = Server::start(&[]) else { return };
    let limits = limits(&server).with_timeout(Duration::from_millis(50));
    limits.check().await.unwrap();
    let before = connections(&server).await;
    server.ask::<String>("CLIENT PAUSE 1800 ALL").await;
    assert_eq!(ask(&limits, &[&TEN]).await.unwrap_err(), RedisLimitsError::TimedOut);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    ask(&limits.with_timeout(PATIENCE), &[&TEN]).await.unwrap();
    assert_eq!(connections(&server).await, before + 3, "two of this test's own, and the new one");
}

/// Returns how many connections the server has taken, this one included.
async fn connections(server: &Server) -> u64 {
    let text: String = server.ask("INFO stats").await;
    let line = text.lines().find_map(|line| line.strip_prefix("total_connections_received:"));
    line.unwrap().parse().unwrap()
}

impl Tried {
    /// The store is used again as soon as the link tries again. The breaker's clock stands still meanwhile, so that an
    /// open breaker stays open.
    async fn is_soon_counted(&self) {
        let end = Instant::now() + PATIENCE;
        while !matches!(self.ask(&outages::LOCAL).await, Outcome::Counted(_)) {
            assert!(Instant::now() < end, "the breaker is open");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
