//! Issuers on this machine that publish their keys, and a service that trusts them.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use auth_runtime::{
    Auth,
    clock::{Clock, Monotonic, SystemClock, UnixTime},
    remote::Issuer,
    secret::SystemEntropy,
    token::{KeyRing, NewAccessToken, TokenIssuer},
};
use axum::{
    Json, Router,
    http::{Request, request::Parts},
    routing::get,
};
use serde_json::Value;
use tokio::net::TcpListener;

const AUDIENCE: &str = "notes-api";
const OWN: &str = "https://issuer-0.example.com";

/// Issuers that sign with the same key. Each has a token of its own.
pub(crate) struct Issuers {
    pub(crate) auth: Auth,
    pub(crate) tokens: Vec<String>,
    clock: Shifted,
    published: Arc<Mutex<Value>>,
}

impl Issuers {
    /// Starts issuers, and lets the service fetch the keys of all of them.
    pub(crate) async fn start(keys: &KeyRing, count: usize) -> Self {
        let clock = Shifted::new();
        let published = Arc::new(Mutex::new(keys.jwks()));
        let url = serve(Arc::clone(&published)).await;
        let names: Vec<_> = (0..count).map(|index| format!("https://issuer-{index}.example.com")).collect();
        let builder = names.iter().fold(Auth::builder().clock(clock.clone()), |builder, iss| {
            builder.trust(Issuer::new(iss).jwks(&url).audience(AUDIENCE).roles_at("roles"))
        });
        let auth = builder.build().unwrap();
        let tokens = names.iter().map(|iss| token(keys, iss)).collect();
        let issuers = Self { auth, tokens, clock, published };
        issuers.fetch().await;
        issuers
    }

    /// Signs with another key from now on.
    pub(crate) async fn change_keys(&mut self, keys: &KeyRing) {
        *self.published.lock().unwrap() = keys.jwks();
        self.tokens = vec![token(keys, OWN)];
        self.clock.advance(Duration::from_secs(30));
        self.fetch().await;
    }

    async fn fetch(&self) {
        for token in &self.tokens {
            assert!(self.auth.authenticate(&request(token)).await.unwrap().is_some());
        }
    }
}

/// Returns an engine and a token of its own.
pub(crate) fn own(keys: &KeyRing) -> (Auth, String) {
    let auth = Auth::builder().keys(keys.clone()).issuer(OWN).audience(AUDIENCE).clock(Shifted::new()).build().unwrap();
    (auth, token(keys, OWN))
}

/// Returns the head of a request with this token.
pub(crate) fn request(token: &str) -> Parts {
    Request::get("/").header("authorization", format!("Bearer {token}")).body(()).unwrap().into_parts().0
}

fn token(keys: &KeyRing, iss: &str) -> String {
    let issuer = TokenIssuer::builder(keys.clone(), iss, AUDIENCE).build().unwrap();
    let alice = NewAccessToken::new("7c9e6679-7425-40de-944b-e07fc1f90ae7", "web").roles(&["admin", "editor"]);
    let alice = alice.scope("notes:read notes:write");
    issuer.issue(&alice, SystemClock::new().unix(), &SystemEntropy::new()).unwrap().expose().to_owned()
}

/// Serves what is published, and returns its URL.
async fn serve(published: Arc<Mutex<Value>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    let keys = move || std::future::ready(Json(published.lock().unwrap().clone()));
    tokio::spawn(axum::serve(listener, Router::new().route("/jwks", get(keys))).into_future());
    url
}

/// The system's clock, of which the monotonic part can be set forward.
#[derive(Clone)]
struct Shifted {
    clock: SystemClock,
    shift: Arc<AtomicU64>,
}

impl Shifted {
    fn new() -> Self {
        Self { clock: SystemClock::new(), shift: Arc::default() }
    }

    fn advance(&self, by: Duration) {
        self.shift.fetch_add(u64::try_from(by.as_nanos()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for Shifted {
    fn unix(&self) -> UnixTime {
        self.clock.unix()
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic::from_nanos(self.clock.monotonic().as_nanos() + self.shift.load(Ordering::Relaxed))
    }
}
