//! Metadata, honest and lying.

use serde_json::json;

use super::{
    server::{Answer, Server},
    signer::{self, Signer},
    world::{JWKS, METADATA, World, keys, metadata, verify},
};
use crate::{auth::Auth, clock::manual::ManualClock, remote::Issuer};

#[tokio::test]
async fn metadata_of_another_issuer_are_refused() {
    let world = World::new().await;
    let (url, jwks) = (world.server.url(), format!("{}{JWKS}", world.server.url()));
    for other in [format!("{url}/"), url.replace("http", "https"), "https://evil.example".to_owned(), String::new()] {
        world.server.set(METADATA, metadata(&other, &jwks));
        assert_eq!(world.subject(&world.token()).await, Err("unavailable".to_owned()), "{other}");
        world.pass(30);
    }
    assert_eq!(world.server.count(JWKS), 0);
    world.server.set(METADATA, metadata(&url, &jwks));
    assert_eq!(world.subject(&world.token()).await, Ok("alice".to_owned()));
}

#[tokio::test]
async fn malformed_metadata_are_refused() {
    let world = World::new().await;
    let (url, jwks) = (world.server.url(), format!("{}{JWKS}", world.server.url()));
    for body in [
        json!([url, jwks]).to_string(),
        json!({ "issuer": url }).to_string(),
        json!({ "jwks_uri": jwks }).to_string(),
        json!({ "issuer": [url], "jwks_uri": jwks }).to_string(),
        format!(r#"{{"issuer":"{url}","issuer":"{url}","jwks_uri":"{jwks}"}}"#),
        format!(r#"{{"issuer":"{url}","jwks_uri":"http://10.0.0.1/","jwks_uri":"{jwks}"}}"#),
        String::new(),
    ] {
        world.server.set(METADATA, Answer::Json(body.clone()));
        assert_eq!(world.subject(&world.token()).await, Err("unavailable".to_owned()), "{body}");
        world.pass(30);
    }
    assert_eq!(world.server.count(JWKS), 0);
}

#[tokio::test]
async fn metadata_may_only_name_allowed_hosts() {
    let signer = Signer::new("k1");
    let (other, clock) = (Server::start().await, ManualClock::at(signer::NOW));
    other.set(JWKS, keys(&[signer.jwk()]));
    for is_allowed in [false, true] {
        let server = Server::start().await;
        server.set(METADATA, metadata(&server.url(), &format!("{}{JWKS}", other.url())));
        let mut issuer = Issuer::oidc(server.url()).audience("api");
        if is_allowed {
            issuer = issuer.allow_host(format!("127.0.0.1:{}", other.port));
        }
        let auth = Auth::builder().trust(issuer).clock(clock.clone()).build().unwrap();
        let result = verify(&auth, &signer.token(&signer::claims(&server.url()))).await;
        assert_eq!(result.is_ok(), is_allowed);
        assert_eq!(other.requests().len(), usize::from(is_allowed));
    }
}

#[tokio::test]
async fn metadata_cannot_lead_to_other_schemes_hosts_or_ports() {
    let world = World::new().await;
    for jwks in [
        "file:///etc/passwd",
        "http://169.254.169.254/latest",
        "https://127.0.0.1/jwks",
        "http://127.0.0.1:1/jwks",
        "https://evil.example/jwks",
        "//evil.example/jwks",
        "/jwks",
        "http://user@127.0.0.1/jwks",
        "http://localhost/jwks",
    ] {
        world.server.set(METADATA, metadata(&world.server.url(), jwks));
        assert_eq!(world.subject(&world.token()).await, Err("unavailable".to_owned()), "{jwks}");
        world.pass(30);
    }
    assert_eq!(world.server.connections(), 9, "only the metadata were fetched");
}

#[tokio::test]
async fn metadata_stand_where_the_standards_say() {
    let server = Server::start().await;
    let cases = [
        ("oidc", "", "/.well-known/openid-configuration"),
        ("oidc", "/", "/.well-known/openid-configuration"),
        ("oidc", "/realms/a", "/realms/a/.well-known/openid-configuration"),
        ("oidc", "/realms/a/", "/realms/a/.well-known/openid-configuration"),
        ("oauth", "/", "/.well-known/oauth-authorization-server"),
        ("oauth", "/realms/a", "/.well-known/oauth-authorization-server/realms/a"),
    ];
    let signer = Signer::new("k1");
    for (count, (kind, path, expected)) in cases.into_iter().enumerate() {
        let iss = format!("{}{path}", server.url());
        let issuer = if kind == "oidc" { Issuer::oidc(&iss) } else { Issuer::oauth(&iss) };
        let clock = ManualClock::at(signer::NOW);
        let auth = Auth::builder().trust(issuer.audience("api")).clock(clock).build().unwrap();
        verify(&auth, &signer.token(&signer::claims(&iss))).await.unwrap_err();
        assert_eq!(server.requests().get(count).map(String::as_str), Some(expected));
    }
}

#[tokio::test]
async fn a_set_url_of_the_keys_needs_no_metadata() {
    let server = Server::start().await;
    let signer = Signer::new("k1");
    server.set(JWKS, keys(&[signer.jwk()]));
    let issuer = Issuer::new("accounts.example").jwks(format!("{}{JWKS}", server.url())).audience("api");
    let auth = Auth::builder().trust(issuer).clock(ManualClock::at(signer::NOW)).build().unwrap();
    let identity = verify(&auth, &signer.token(&signer::claims("accounts.example"))).await.unwrap();
    assert_eq!(identity.issuer(), "accounts.example");
    assert_eq!(server.requests(), [JWKS]);
}
