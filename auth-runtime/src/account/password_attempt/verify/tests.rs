//! The cost of a sign-in, counted in hashes, which take most of the time.

use std::{
    io,
    num::NonZeroU16,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    account::{password_attempt::current_password::prove, request::client::Peer, sign_in::authenticate::sign_in},
    auth::{Auth, Environment},
    clock::{SystemClock, UnixTime},
    error::StoreError,
    limit::AddressKey,
    password::{Cost, MAX_PASSWORD_BYTES, Passwords},
    secret::SystemEntropy,
    store::{
        AccountKey, Accounts, Admission, Attempt, AttemptLimits, AttemptStore, BoxFuture, MemoryStore, NewAccount,
    },
    token::{KeyRing, SigningKey},
};

use super::*;

const PASSWORD: &str = "correct horse battery";

/// Stored hashes that no [`Passwords`] can read.
const UNREADABLE: [&str; 5] = [
    "",
    "plain",
    "md5$salt$7edbba0a",
    "$argon2id$v=19$m=64,t=1",
    "$argon2id$v=19$m=4194304,t=9,p=1$c2Vhc2FsdHNlYQ$AAAA",
];

struct World {
    context: AccountContext,
    address: AddressKey,
}

impl World {
    fn new() -> Self {
        let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).cost(Cost::weak_for_testing()).build();
        Self::with(passwords, |accounts| accounts)
    }

    fn with(passwords: Passwords, change: impl FnOnce(Accounts) -> Accounts) -> Self {
        let entropy = Arc::new(SystemEntropy::new());
        let accounts = change(Accounts::new(MemoryStore::new(Arc::new(SystemClock::new()), entropy)));
        let key = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into()).unwrap();
        let auth = Auth::builder()
            .environment(Environment::Test)
            .keys(KeyRing::builder().sign_with(key).build().unwrap())
            .issuer("https://api.example")
            .audience("https://api.example")
            .passwords(passwords)
            .accounts(&accounts)
            .build()
            .unwrap();
        Self { context: AccountContext { auth, accounts }, address: AddressKey::V4(0xc000_0201) }
    }

    async fn open(&self, name: &str, hash: &str) -> Account {
        let new = NewAccount::new(name, format!("{name}@example.org"), hash.into());
        self.context.accounts.accounts().create(new).await.unwrap()
    }

    async fn hashes<T>(&self, work: impl Future<Output = T>) -> (T, usize) {
        let before = self.context.auth.passwords().jobs();
        let done = work.await;
        (done, self.context.auth.passwords().jobs() - before)
    }

    async fn sign_in(&self, name: &str, password: &str) -> (Option<EndpointRejection>, usize) {
        let password = SecretString::from(password);
        let (done, hashes) = self.hashes(sign_in(&self.context, &Peer(self.address), name, &password)).await;
        (done.err(), hashes)
    }
}

#[tokio::test]
async fn an_unreadable_hash_costs_what_a_wrong_password_costs() {
    let world = World::new();
    let hash = world.context.auth.passwords().hash(&PASSWORD.into()).await.unwrap();
    world.open("alice", &hash).await;
    assert_eq!(world.sign_in("alice", PASSWORD).await, (None, 1));
    let refused = (Some(EndpointRejection::Refused), 1);
    assert_eq!(world.sign_in("alice", "wrong").await, refused);
    assert_eq!(world.sign_in("nobody", "wrong").await, refused);
    for (number, stored) in UNREADABLE.into_iter().enumerate() {
        let name = format!("unreadable{number}");
        let account = world.open(&name, stored).await;
        assert_eq!(world.sign_in(&name, PASSWORD).await, refused, "{stored:?}");
        // A caller who is already signed in proves the password at the same cost.
        let password = PASSWORD.into();
        let (proven, hashes) = world.hashes(prove(&world.context, &Peer(world.address), &account, &password)).await;
        assert_eq!((proven, hashes), (Ok(false), 1), "{stored:?}");
    }
    // An account without a password, as Django stores it.
    world.open("unusable", "!").await;
    assert_eq!(world.sign_in("unusable", PASSWORD).await, refused);
}

/// The operator learns which feature the build lacks, and the client nothing.
#[cfg(not(feature = "foreign-hashes"))]
#[tokio::test]
async fn a_hash_that_needs_a_feature_costs_what_a_wrong_password_costs_and_the_event_names_it() {
    let events = Events::default();
    let writer = events.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let world = World::new();
    let bcrypt = "$2b$04$uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy";
    let account = world.open("alice", bcrypt).await;
    assert_eq!(world.sign_in("alice", PASSWORD).await, (Some(EndpointRejection::Refused), 1));
    let told = String::from_utf8(events.0.lock().unwrap().clone()).unwrap();
    let line = told.lines().find(|line| line.contains("the stored hash is unreadable")).expect(&told);
    for part in ["ERROR", "feature `foreign-hashes` of `auth-runtime`", &account.id] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!told.contains(bcrypt), "{told}");
}

/// The hash is intact, and a shorter password could be its own. The event says which ceiling to raise.
#[cfg(feature = "foreign-hashes")]
#[tokio::test]
async fn a_password_too_long_for_its_rounds_costs_what_a_wrong_password_costs() {
    let events = Events::default();
    let writer = events.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let world = World::new();
    let account = world.open("alice", &format!("$6$rounds=656000$salt${}", ".".repeat(86))).await;
    assert_eq!(world.sign_in("alice", &"x".repeat(200)).await, (Some(EndpointRejection::Refused), 1));
    let told = String::from_utf8(events.0.lock().unwrap().clone()).unwrap();
    let line = told.lines().find(|line| line.contains("too long for this hash's rounds")).expect(&told);
    for part in ["WARN", "Ceilings::sha_crypt_bytes", &account.id] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!told.contains("unreadable"), "{told}");
}

#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<u8>>>);

impl io::Write for Events {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A store of attempts that is asked only while the pool's one place is taken. Counts the attempts.
struct Watching {
    inner: MemoryStore,
    passwords: Passwords,
    attempts: Arc<AtomicUsize>,
}

impl Watching {
    fn assert_reserved(&self) {
        assert!(self.passwords.reserve().is_err(), "the store was asked before a place was reserved");
    }
}

impl AttemptStore for Watching {
    fn admit_attempt<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Admission, StoreError>> {
        self.assert_reserved();
        self.attempts.fetch_add(1, Ordering::SeqCst);
        self.inner.admit_attempt(attempt, limits, now)
    }

    fn is_known_client<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.assert_reserved();
        self.inner.is_known_client(attempt, now)
    }

    fn attempt_succeeded<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.inner.attempt_succeeded(attempt, limits, now)
    }

    fn withdraw_attempt<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> BoxFuture<'a, Result<(), StoreError>> {
        self.inner.withdraw_attempt(attempt, now)
    }

    fn clear_attempts<'a>(&'a self, account: &'a AccountKey) -> BoxFuture<'a, Result<(), StoreError>> {
        self.inner.clear_attempts(account)
    }

    fn locked_until<'a>(
        &'a self,
        accounts: &'a [AccountKey],
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Vec<Option<UnixTime>>, StoreError>> {
        self.inner.locked_until(accounts, limits, now)
    }

    fn forget<'a>(&'a self, account: &'a AccountKey) -> BoxFuture<'a, Result<(), StoreError>> {
        self.inner.forget(account)
    }

    fn remove_expired_attempts(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        self.inner.remove_expired_attempts(now, limit)
    }
}

/// Returns a world with one place for a password, its passwords, and the number of attempts.
fn watched() -> (World, Passwords, Arc<AtomicUsize>) {
    let (entropy, attempts) = (Arc::new(SystemEntropy::new()), Arc::default());
    let passwords = Passwords::builder(entropy.clone()).cost(Cost::weak_for_testing());
    let passwords = passwords.workers(NonZeroU16::MIN).queue(0).build();
    let inner = MemoryStore::new(Arc::new(SystemClock::new()), entropy);
    let watching = Watching { inner, passwords: passwords.clone(), attempts: Arc::clone(&attempts) };
    (World::with(passwords.clone(), |accounts| accounts.with_attempts(watching)), passwords, attempts)
}

/// Otherwise other sign-ins could fill the queue after the attempt was counted: the right password would be refused for
/// lack of room, and count as wrong.
#[tokio::test]
async fn a_place_for_the_verification_is_reserved_before_the_attempt_counts() {
    let (world, passwords, _) = watched();
    let account = world.open("alice", &passwords.hash(&PASSWORD.into()).await.unwrap()).await;
    assert_eq!(world.sign_in("alice", PASSWORD).await, (None, 1));
    assert_eq!(world.sign_in("alice", "wrong").await, (Some(EndpointRejection::Refused), 1));
    assert_eq!(world.sign_in("nobody", "wrong").await, (Some(EndpointRejection::Refused), 1));
    assert_eq!(prove(&world.context, &Peer(world.address), &account, &PASSWORD.into()).await, Ok(true));
}

/// Its two texts, the NFC form and the text as received, are one attempt in one place of the pool.
#[tokio::test]
async fn a_password_that_is_not_nfc_is_one_attempt_for_known_and_unknown_users() {
    let (world, passwords, attempts) = watched();
    world.open("alice", &passwords.hash(&PASSWORD.into()).await.unwrap()).await;
    world.open("foreign", "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS").await;
    for (at, name) in ["alice", "foreign", "nobody"].into_iter().enumerate() {
        assert_eq!(world.sign_in(name, "cafe\u{301}").await, (Some(EndpointRejection::Refused), 1), "{name}");
        assert_eq!(attempts.load(Ordering::SeqCst), at + 1, "{name}");
    }
}

/// A password over the length limit is never hashed.
#[tokio::test]
async fn too_long_a_password_costs_nothing_for_any_account() {
    let world = World::new();
    let (hash, long) =
        (world.context.auth.passwords().hash(&PASSWORD.into()).await.unwrap(), "a".repeat(MAX_PASSWORD_BYTES + 1));
    world.open("alice", &hash).await;
    world.open("unreadable", "plain").await;
    for name in ["alice", "unreadable", "nobody"] {
        assert_eq!(world.sign_in(name, &long).await, (Some(EndpointRejection::Refused), 0), "{name}");
    }
}
