//! Callers with tokens of issuers that the service trusts, by the keys that these issuers serve.

use std::fs;

use auth_runtime::{
    Auth, Policy, assert_denied,
    auth::ProtectedResource,
    metadata,
    policy::{Limit, LimitKey, Quota},
    prelude::*,
    remote,
    routing::get,
    testing::{TestAuth, TestIdentity},
    token::{Algorithm, KeyRing, SigningKey},
};
use axum::Router;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::support::*;

#[derive(Clone, Copy, Issuer)]
enum Trusted {
    Here,
    Corporate,
    Partner,
}

#[protected]
async fn any() {}

#[protected(issuer = Trusted::Corporate)]
async fn corporate() {}

#[protected(issuer(Trusted::Here, Trusted::Partner))]
async fn others() {}

/// An issuer with its own signing key. A server on this machine publishes the public key.
struct Foreign {
    auth: Auth,
    keys_at: String,
}

impl Foreign {
    async fn start(iss: &str, pem: &str) -> Self {
        let pem = fs::read_to_string(format!("{}/tests/vectors/pem/{pem}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let key = SigningKey::from_pem(Algorithm::ES256, &pem.into()).unwrap();
        let keys = KeyRing::builder().sign_with(key).build().unwrap();
        let TestAuth { auth, .. } = TestAuth::with(|builder| builder.keys(keys).issuer(iss));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let keys_at = format!("http://{}/jwks", listener.local_addr().unwrap());
        let set = serde_json::to_string(&auth.jwks()).unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let answer =
                    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{set}", set.len());
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { auth, keys_at }
    }

    fn trusted(&self) -> remote::Issuer {
        remote::Issuer::new(self.auth.issuer()).jwks(&self.keys_at).audience("test")
    }

    fn bearer(&self, subject: &str) -> String {
        TestIdentity::user(subject).bearer(&self.auth)
    }
}

async fn two() -> (Foreign, Foreign) {
    (
        Foreign::start("https://corporate.example", "ec_pkcs8.pem").await,
        Foreign::start("https://partner.example", "ec_other.pem").await,
    )
}

async fn status(app: &Router, path: &str, bearer: &str) -> u16 {
    send_to(app, path, &[("authorization", bearer)]).await.status().as_u16()
}

#[tokio::test]
async fn a_handler_admits_the_tokens_of_its_issuers_alone() {
    let (one, two) = two().await;
    let TestAuth { auth, .. } = TestAuth::with(|builder| {
        builder
            .own_issuer_name(Trusted::Here)
            .trust(one.trusted().name(Trusted::Corporate))
            .trust(two.trusted().name(Trusted::Partner))
    });
    let routes = GuardedRouter::new().route("/any", get(any)).route("/corporate", get(corporate));
    let app = routes.route("/others", get(others)).with_state(auth.clone()).into_router();
    let own = TestIdentity::user("alice").bearer(&auth);
    for (bearer, admitted) in [
        (one.bearer("alice"), [true, true, false]),
        (two.bearer("alice"), [true, false, true]),
        (own, [true, false, true]),
    ] {
        for (path, admitted) in ["/any", "/corporate", "/others"].into_iter().zip(admitted) {
            let response = send_to(&app, path, &[("authorization", &bearer)]).await;
            if admitted {
                assert_eq!(response.status(), 200, "{path}");
            } else {
                assert_denied!(response, 403);
                assert_eq!(code(response).await, "other-issuer", "{path}");
            }
        }
    }
    // Signed by the one, in the name of the other.
    let forged = Foreign::start("https://corporate.example", "ec_other.pem").await.bearer("alice");
    assert_eq!(status(&app, "/corporate", &forged).await, 401);
    assert_eq!(status(&app, "/any", &forged).await, 401);
}

#[tokio::test]
async fn an_issuer_without_a_name_is_admitted_only_where_no_issuer_is_named() {
    let (one, two) = two().await;
    let TestAuth { auth, .. } =
        TestAuth::with(|builder| builder.trust(one.trusted()).trust(two.trusted().name(Trusted::Corporate)));
    let routes = GuardedRouter::new().route("/any", get(any)).route("/corporate", get(corporate));
    let app = routes.with_state(auth).into_router();
    let bearer = one.bearer("alice");
    assert_eq!((status(&app, "/any", &bearer).await, status(&app, "/corporate", &bearer).await), (200, 403));
}

policy!(ByUser = Policy::protected("by_user").with_limits(&[Limit::new(Quota::per_minute(1), LimitKey::User)]));

/// Without the issuer in the key, a caller of one issuer would use up the limit of another's.
#[tokio::test]
async fn users_of_two_issuers_with_one_subject_have_counters_of_their_own() {
    let (one, two) = two().await;
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.trust(one.trusted()).trust(two.trusted()));
    let app = app::<ByUser>(&auth);
    for bearer in [one.bearer("alice"), two.bearer("alice"), TestIdentity::user("alice").bearer(&auth)] {
        assert_eq!(status(&app, "/", &bearer).await, 200);
        assert_eq!(status(&app, "/", &bearer).await, 429);
    }
}

#[tokio::test]
async fn the_metadata_of_a_resource_list_the_trusted_issuers() {
    let (one, two) = two().await;
    let TestAuth { auth, .. } = TestAuth::with(|builder| {
        let builder = builder.trust(one.trusted()).trust(two.trusted().name(Trusted::Corporate));
        // At these two, no client gets an access token for this service.
        let builder = builder.trust(remote::Issuer::better_auth("https://auth.example"));
        let builder = builder.trust(remote::Issuer::google().audience("https://api.example"));
        builder.public_url("https://api.example").protected_resource(ProtectedResource::at("/"))
    });
    let app = GuardedRouter::new().merge(metadata::routes()).with_state(auth).into_router();
    let document = text(send_to(&app, "/.well-known/oauth-protected-resource", &[]).await).await;
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let servers = document["authorization_servers"].as_array().unwrap();
    for iss in ["https://corporate.example", "https://partner.example"] {
        assert!(servers.contains(&iss.into()), "{document}");
    }
    assert_eq!(servers.len(), 2, "{document}");
}
