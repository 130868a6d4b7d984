use core::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use secrecy::SecretString;

use crate::{
    auth::{Auth, AuthBuilder, Environment},
    password::{Cost, Passwords},
    secret::SystemEntropy,
    store::Accounts,
    token::{KeyRing, SigningKey},
};

use super::ManualClock;

/// An engine for tests, with a fixed key and a clock that the test moves.
///
/// A request without a peer address comes from `127.0.0.1`, so limits by address and sign-ins work with `oneshot`; see
/// [`AuthBuilder::peer_when_absent`]. To send a request from another address, add `ConnectInfo<SocketAddr>` to its
/// extensions.
///
/// Passwords are hashed at almost no cost, so that a test can register many users; in [`Environment::Production`], at
/// the usual cost.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TestAuth {
    /// The engine.
    pub auth: Auth,
    /// The clock of the engine.
    pub clock: ManualClock,
}

impl TestAuth {
    /// Creates an engine with defaults, in the year 2027.
    pub fn new() -> Self {
        Self::with(|builder| builder)
    }

    /// Creates an engine with accounts in memory, on the clock of the engine.
    ///
    /// ```
    /// use auth_runtime::{prelude::*, testing::{TestAuth, TestIdentity}};
    /// use axum::{body::Body, http::Request};
    /// use tower::ServiceExt;
    ///
    /// #[protected(via(session))]
    /// async fn page() {}
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let TestAuth { auth, .. } = TestAuth::with_accounts();
    /// let app = GuardedRouter::new().route("/page", get(page)).with_state(auth.clone()).into_router();
    ///
    /// let cookie = TestIdentity::user("alice").cookie(&auth).await;
    /// let request = Request::get("/page").header("cookie", cookie).body(Body::empty())?;
    /// assert_eq!(app.oneshot(request).await?.status(), 200);
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "memory")]
    pub fn with_accounts() -> Self {
        let (clock, entropy) = (ManualClock::at(IN_2027), Arc::new(SystemEntropy::new()));
        let accounts = Accounts::new(crate::store::MemoryStore::new(Arc::new(clock.clone()), entropy));
        Self::with_clock(clock, |builder| builder.accounts(&accounts))
    }

    /// Returns the accounts of the engine, for the state of the router.
    ///
    /// # Panics
    /// Panics when the engine has no accounts.
    pub fn accounts(&self) -> Accounts {
        let missing = "the engine has no accounts: build it with `TestAuth::with_accounts()`";
        self.auth.accounts().unwrap_or_else(|| panic!("{missing}")).clone()
    }

    /// Creates an engine with changes to the defaults.
    ///
    /// # Panics
    /// Panics when the builder refuses the changes.
    pub fn with(change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Self {
        Self::with_clock(ManualClock::at(IN_2027), change)
    }

    /// Creates an engine with an existing clock, for example that of the stores.
    ///
    /// # Panics
    /// Panics when the builder refuses the changes.
    pub fn with_clock(clock: ManualClock, change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Self {
        let builder = Auth::builder()
            .keys(keys(TEST_SECRET))
            .issuer("https://test.invalid")
            .audience("test")
            .environment(Environment::Test)
            .passwords_outside_production(weak_passwords())
            .peer_when_absent(Some(IpAddr::V4(Ipv4Addr::LOCALHOST)))
            .clock(clock.clone());
        let auth = change(builder).build().unwrap_or_else(|faults| panic!("{faults}"));
        Self { auth, clock }
    }
}

impl Default for TestAuth {
    fn default() -> Self {
        Self::new()
    }
}

fn weak_passwords() -> Passwords {
    Passwords::builder(Arc::new(SystemEntropy::new())).cost(Cost::weak_for_testing()).build()
}

/// Seconds since 1970.
const IN_2027: i64 = 1_800_000_000;

const TEST_SECRET: &str = "only-for-tests:Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA";

pub(super) fn keys(secret: &str) -> KeyRing {
    let key = SigningKey::from_secret(&SecretString::from(secret)).unwrap_or_else(|error| panic!("{error}"));
    KeyRing::builder().sign_with(key).build().unwrap_or_else(|error| panic!("{error}"))
}
