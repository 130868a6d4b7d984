//! TLS of issuers: a trusted authority has to vouch for the issuer's name, now.

use std::{fs, sync::Arc};

use rustls::{
    RootCertStore, ServerConfig,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use super::{
    addresses::{Names, verifies_trusting},
    listening::Listening,
    signer::Signer,
};
use crate::remote::Issuer;

fn file(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/vectors/issuer_tls/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn certificate(name: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(&file(name)).unwrap()
}

/// Serves a set of keys over TLS with this certificate, and returns the port.
async fn serve(name: &str, signer: &Signer) -> u16 {
    let versions = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let config = versions.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let key = PrivateKeyDer::from_pem_slice(&file("key.pem")).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(vec![certificate(name)], key).unwrap()));
    let set = serde_json::json!({ "keys": [signer.jwk()] }).to_string();
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{set}", set.len());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    port
}

/// Returns whether keys at `id.internal` on this port verify a token, if the authority of the tests is trusted.
async fn verifies(port: u16, signer: &Signer) -> bool {
    let url = format!("https://id.internal:{port}/jwks");
    let issuer = Issuer::new("https://id.example").jwks(&url).internal(&url);
    let mut roots = RootCertStore::empty();
    roots.add(certificate("authority.pem")).unwrap();
    verifies_trusting(roots, issuer, signer, &Names::new(&[&[&format!("127.0.0.1:{port}")]])).await
}

#[tokio::test]
async fn a_certificate_of_a_trusted_authority_for_this_name_is_accepted() {
    let signer = Signer::new("k1");
    assert!(verifies(serve("good.pem", &signer).await, &signer).await);
}

#[tokio::test]
async fn other_certificates_are_refused_and_told() {
    for (name, why) in [
        ("expired.pem", "expired"),
        ("other_name.pem", "not valid for name"),
        ("self_signed.pem", "UnknownIssuer"),
        ("unknown_authority.pem", "UnknownIssuer"),
    ] {
        let (listening, signer) = (Listening::new(), Signer::new("k1"));
        assert!(!verifies(serve(name, &signer).await, &signer).await, "{name}");
        let events = listening.events();
        assert!(events.contains("cause=\"tls_failed\"") && events.contains(why), "{name}: {events}");
    }
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_given_up() {
    let (listening, signer) = (Listening::new(), Signer::new("k1"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let silent = tokio::spawn(async move { (listener.accept().await.unwrap(), std::future::pending::<()>().await) });
    assert!(!verifies(port, &signer).await);
    assert!(listening.events().contains("answer_too_slow"));
    silent.abort();
}
