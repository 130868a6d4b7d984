//! Names that lead inside, and certificates.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use rustls::RootCertStore;

use super::{
    listening::Listening,
    server::Server,
    signer::{self, NOW, Signer},
    world::keys,
};
use crate::{
    clock::{Clock, manual::ManualClock},
    remote::{
        Attempt, Client, Issuer, Refused, Trusted,
        fetch::{Resolve, trusting},
    },
    store::BoxFuture,
};

/// A name server that gives one answer after the other, and the last one for ever.
#[derive(Clone)]
pub(super) struct Names(Arc<Mutex<(Vec<Vec<SocketAddr>>, usize)>>);

impl Names {
    pub(super) fn new(answers: &[&[&str]]) -> Self {
        let answers = answers.iter().map(|list| list.iter().map(|address| address.parse().unwrap()).collect());
        Self(Arc::new(Mutex::new((answers.collect(), 0))))
    }

    fn asked(&self) -> usize {
        self.0.lock().unwrap().1
    }
}

impl Resolve for Names {
    fn resolve<'a>(&'a self, _: &'a str, _: u16) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async {
            let (answers, asked) = &mut *self.0.lock().unwrap();
            let answer = answers[(*asked).min(answers.len() - 1)].clone();
            *asked += 1;
            Ok(answer)
        })
    }
}

/// Returns whether a token of the issuer is verified, if names lead to these addresses.
async fn verifies(issuer: Issuer, signer: &Signer, names: &Names) -> bool {
    verifies_trusting(RootCertStore::empty(), issuer, signer, names).await
}

/// The same, if this machine trusts these certificates.
pub(super) async fn verifies_trusting(roots: RootCertStore, issuer: Issuer, signer: &Signer, names: &Names) -> bool {
    let iss = issuer.iss().to_owned();
    let source = issuer.audience("api").check().unwrap();
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(NOW));
    let trusted = Trusted::new(vec![source], Client::with(names.clone(), trusting(roots)), &clock);
    let token = signer.token(&signer::claims(&iss));
    let Attempt::Waits(issuer) = trusted.attempt(&token, &*clock) else { panic!("keys are known") };
    match issuer.verify_after_fetch(&token, &*clock).await {
        Ok(_) => true,
        Err(Refused::Unavailable) => false,
        Err(Refused::Invalid(error)) => panic!("{error}"),
    }
}

async fn server(signer: &Signer) -> Server {
    let server = Server::start().await;
    server.set("/jwks", keys(&[signer.jwk()]));
    server
}

#[tokio::test]
async fn localhost_must_lead_to_this_machine() {
    let signer = Signer::new("k1");
    let server = server(&signer).await;
    let issuer = || Issuer::new("https://id.example").jwks(format!("http://localhost:{}/jwks", server.port));
    let here = format!("127.0.0.1:{}", server.port);
    assert!(verifies(issuer(), &signer, &Names::new(&[&[&here]])).await);
    for elsewhere in ["10.0.0.1:80", "1.1.1.1:80", "[fe80::1]:80"] {
        assert!(!verifies(issuer(), &signer, &Names::new(&[&[elsewhere]])).await);
        assert!(!verifies(issuer(), &signer, &Names::new(&[&[&here, elsewhere]])).await);
    }
    assert_eq!(server.count("/jwks"), 1);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected() {
    let signer = Signer::new("k1");
    let server = server(&signer).await;
    let here = format!("127.0.0.1:{}", server.port);
    let issuer = || Issuer::new("https://id.example").jwks(format!("https://id.example:{}/jwks", server.port));
    for answer in [
        &[&*here][..],
        &["10.0.0.1:443"],
        &["169.254.169.254:443"],
        &["[::ffff:127.0.0.1]:443"],
        &["1.1.1.1:443", &here],
        &[],
    ] {
        let listening = Listening::new();
        assert!(!verifies(issuer(), &signer, &Names::new(&[answer])).await);
        let cause = if answer.is_empty() { "host_unresolved" } else { "address_refused" };
        assert!(listening.events().contains(cause), "{answer:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn the_checked_address_is_the_one_that_is_connected() {
    let signer = Signer::new("k1");
    let server = server(&signer).await;
    let here = format!("127.0.0.1:{}", server.port);
    // A second look-up would lead elsewhere.
    let names = Names::new(&[&[&here], &["10.0.0.1:80"]]);
    let issuer = Issuer::new("https://id.example").jwks(format!("http://localhost:{}/jwks", server.port));
    assert!(verifies(issuer, &signer, &names).await);
    assert_eq!(names.asked(), 1);
}

#[tokio::test]
async fn an_internal_name_is_connected_and_its_certificate_is_checked() {
    let signer = Signer::new("k1");
    let server = server(&signer).await;
    let here = format!("127.0.0.1:{}", server.port);
    let url = format!("https://id.internal:{}/jwks", server.port);
    let issuer = Issuer::new("https://id.example").jwks(&url).internal(&url);
    // The server speaks no TLS.
    assert!(!verifies(issuer, &signer, &Names::new(&[&[&here]])).await);
    assert_eq!(server.connections(), 1);
}
