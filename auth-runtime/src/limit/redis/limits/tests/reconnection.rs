//! A connection that is being made is no outage.

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
