use core::net::{IpAddr, Ipv4Addr};

use secrecy::SecretString;

use crate::{
    auth::{Auth, AuthBuilder, Environment},
    token::{KeyRing, SigningKey},
};

use super::ManualClock;

/// An engine for tests, with a fixed key and a clock that the test moves.
///
/// A request without a peer address comes from `127.0.0.1`, so limits by address and sign-ins work with `oneshot`; see
/// [`AuthBuilder::peer_when_absent`]. To send a request from another address, add `ConnectInfo<SocketAddr>` to its
/// extensions.
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

    /// Creates an engine with changes to the defaults.
    ///
    /// # Panics
    /// Panics when the builder refuses the changes.
    pub fn with(change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Self {
        Self::with_clock(ManualClock::at(1_800_000_000), change)
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

const TEST_SECRET: &str = "only-for-tests:Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA";

pub(super) fn keys(secret: &str) -> KeyRing {
    let key = SigningKey::from_secret(&SecretString::from(secret)).unwrap_or_else(|error| panic!("{error}"));
    KeyRing::builder().sign_with(key).build().unwrap_or_else(|error| panic!("{error}"))
}
