//! Fetches and questions with a task that ends without a result.

use core::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use std::{io, net::SocketAddr, sync::Arc};

use serde_json::json;
use tokio::runtime::Builder;

use super::{
    server::Server,
    signer::{NOW, Signer, claims, with},
    world::{JWKS, keys},
};
use crate::{
    clock::{Clock, manual::ManualClock},
    remote::{Attempt, Client, Issuer, Refused, Trusted, fetch::Resolve},
    store::BoxFuture,
};

const ISS: &str = "https://id.example";

/// Resolves every name once. Later look-ups panic, or never end.
struct WorksOnce {
    port: u16,
    asked: AtomicUsize,
    panics: bool,
}

impl Resolve for WorksOnce {
    fn resolve<'a>(&'a self, _: &'a str, _: u16) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async {
            if self.asked.fetch_add(1, Ordering::SeqCst) > 0 {
                assert!(!self.panics, "a fault in the resolver");
                core::future::pending::<()>().await;
            }
            Ok(vec![([127, 0, 0, 1], self.port).into()])
        })
    }
}

struct Service {
    trusted: Trusted,
    clock: ManualClock,
}

impl Service {
    async fn start(signer: &Signer, panics: bool) -> Self {
        let server = Server::start().await;
        server.set(JWKS, keys(&[signer.jwk()]));
        let issuer = Issuer::new(ISS).jwks(format!("http://localhost:{}{JWKS}", server.port)).audience("api");
        let resolver = WorksOnce { port: server.port, asked: AtomicUsize::new(0), panics };
        let clock = ManualClock::at(NOW);
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        Self { trusted: Trusted::new(vec![issuer.check().unwrap()], Client::with(resolver, None), &shared), clock }
    }

    async fn verify(&self, signer: &Signer) -> Result<(), String> {
        let token = signer.token(&with(claims(ISS), json!({ "exp": NOW + 7200 })));
        let refused = match self.trusted.attempt(&token, &self.clock) {
            Attempt::Done(result) => result.map_err(Refused::Invalid),
            Attempt::Waits(issuer) => issuer.verify_after_fetch(&token, &self.clock).await,
            Attempt::OfNoneOfThese => panic!("the issuer is trusted"),
        };
        refused.map(drop).map_err(|refused| match refused {
            Refused::Invalid(error) => error.reason().to_owned(),
            Refused::Unavailable => "unavailable".to_owned(),
        })
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

#[tokio::test]
async fn a_fetch_that_panics_has_failed() {
    let (signer, stranger) = (Signer::new("k1"), Signer::new("k2"));
    let service = Service::start(&signer, true).await;
    assert_eq!(service.verify(&signer).await, Ok(()));
    service.pass(30);
    assert_eq!(service.verify(&stranger).await, Err("unavailable".to_owned()));
    // The pause holds, too, and the known keys go on verifying.
    assert_eq!(service.verify(&stranger).await, Err("unavailable".to_owned()));
    service.pass(300);
    assert_eq!(service.verify(&signer).await, Ok(()));
}

#[test]
fn a_fetch_whose_runtime_ends_has_failed() {
    let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
    let (signer, stranger) = (Signer::new("k1"), Signer::new("k2"));
    let first = runtime();
    let service = first.block_on(async {
        let service = Service::start(&signer, false).await;
        assert_eq!(service.verify(&signer).await, Ok(()));
        service.pass(30);
        let ended = tokio::time::timeout(Duration::from_millis(10), service.verify(&stranger)).await;
        assert!(ended.is_err(), "the second fetch has ended: {ended:?}");
        service
    });
    drop(first);
    runtime().block_on(async {
        assert_eq!(service.verify(&stranger).await, Err("unavailable".to_owned()));
        service.pass(300);
        assert_eq!(service.verify(&signer).await, Ok(()));
    });
}
