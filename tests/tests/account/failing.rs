use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use auth_runtime::{
    clock::UnixTime,
    error::StoreError,
    secret::SystemEntropy,
    store::{
        Account, AccountStore, Accounts, ApiKeyError, ApiKeyRecord, ApiKeyStore, BoxFuture, Claim, CreateError,
        InsertError, MemoryStore, NewAccount, RefreshRecord, RefreshStore,
    },
};
use secrecy::SecretString;
use serde_json::json;

use super::{
    answers::Answer,
    world::{PASSWORD, World, defaults, events},
};

/// A store of which one call fails.
#[derive(Clone)]
pub(super) struct Flaky {
    inner: MemoryStore,
    /// How many calls succeed before the one that fails.
    left: Arc<AtomicUsize>,
    /// What only the operator may read. It is another one for each store, since tests share the events.
    pub(super) cause: String,
}

impl Flaky {
    pub(super) fn world() -> (World, Self) {
        static STORES: AtomicUsize = AtomicUsize::new(0);
        let number = STORES.fetch_add(1, Ordering::SeqCst);
        let cause = format!("SELECT canary_{number}_column FROM canary_table: connection to 10.9.8.7 lost");
        let mut made = None;
        let world = World::over(defaults, |clock| {
            let inner = MemoryStore::new(Arc::new(clock), Arc::new(SystemEntropy::new()));
            let store = Self { inner, left: Arc::new(AtomicUsize::new(usize::MAX)), cause };
            made = Some(store.clone());
            Accounts::new(store)
        });
        (world, made.unwrap())
    }

    /// Fails once, after so many calls.
    pub(super) fn fail_at(&self, call: usize) {
        self.left.store(call, Ordering::SeqCst);
    }

    /// Whether the failure has not happened; there is none to come any more.
    pub(super) fn is_left_over(&self) -> bool {
        self.left.swap(usize::MAX, Ordering::SeqCst) < usize::MAX / 2
    }

    fn call<'a, T: 'a, E: From<StoreError> + 'a>(&self, call: Answered<'a, T, E>) -> Answered<'a, T, E> {
        // Wraps to a number that is never used up.
        if self.left.fetch_sub(1, Ordering::SeqCst) > 0 {
            return call;
        }
        let error = StoreError::new("flaky", self.cause.clone());
        Box::pin(async { Err(E::from(error)) })
    }
}

type Answered<'a, T, E = StoreError> = BoxFuture<'a, Result<T, E>>;

impl AccountStore for Flaky {
    fn create(&self, new: NewAccount) -> Answered<'_, Account, CreateError> {
        self.call(AccountStore::create(&self.inner, new))
    }

    fn find<'a>(&'a self, id: &'a str) -> Answered<'a, Option<Account>> {
        self.call(AccountStore::find(&self.inner, id))
    }

    fn find_by_login<'a>(&'a self, login: &'a str) -> Answered<'a, Option<Account>> {
        self.call(self.inner.find_by_login(login))
    }

    fn set_password_hash<'a>(
        &'a self,
        id: &'a str,
        old: &'a SecretString,
        new: &'a SecretString,
    ) -> Answered<'a, bool> {
        self.call(self.inner.set_password_hash(id, old, new))
    }

    fn set_roles<'a>(&'a self, id: &'a str, roles: &'a [String]) -> Answered<'a, bool> {
        self.call(self.inner.set_roles(id, roles))
    }

    fn set_scopes<'a>(&'a self, id: &'a str, scopes: &'a [String]) -> Answered<'a, bool> {
        self.call(self.inner.set_scopes(id, scopes))
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> Answered<'a, bool> {
        self.call(self.inner.set_active(id, active))
    }
}

impl RefreshStore for Flaky {
    fn insert(&self, record: RefreshRecord) -> Answered<'_, (), InsertError> {
        self.call(self.inner.insert(record))
    }

    fn claim<'a>(&'a self, hash: &'a [u8; 32], now: UnixTime) -> Answered<'a, Claim> {
        self.call(self.inner.claim(hash, now))
    }

    fn revoke_session<'a>(&'a self, session_id: &'a str, now: UnixTime) -> Answered<'a, u64> {
        self.call(self.inner.revoke_session(session_id, now))
    }

    fn remove_expired(&self, now: UnixTime, limit: u32) -> Answered<'_, u64> {
        self.call(RefreshStore::remove_expired(&self.inner, now, limit))
    }
}

impl ApiKeyStore for Flaky {
    fn create(&self, key: ApiKeyRecord, most: u32) -> Answered<'_, (), ApiKeyError> {
        self.call(ApiKeyStore::create(&self.inner, key, most))
    }

    fn find_by_hash<'a>(&'a self, hash: &'a [u8; 32]) -> Answered<'a, Option<ApiKeyRecord>> {
        self.call(self.inner.find_by_hash(hash))
    }

    fn list<'a>(&'a self, user_id: &'a str) -> Answered<'a, Vec<ApiKeyRecord>> {
        self.call(self.inner.list(user_id))
    }

    fn revoke<'a>(&'a self, user_id: &'a str, id: &'a str, now: UnixTime) -> Answered<'a, bool> {
        self.call(self.inner.revoke(user_id, id, now))
    }

    fn revoke_all<'a>(&'a self, user_id: &'a str, now: UnixTime) -> Answered<'a, u64> {
        self.call(self.inner.revoke_all(user_id, now))
    }

    fn rotate<'a>(
        &'a self,
        id: &'a str,
        new: ApiKeyRecord,
        overlap_until: UnixTime,
        most: u32,
    ) -> Answered<'a, (), ApiKeyError> {
        self.call(self.inner.rotate(id, new, overlap_until, most))
    }

    fn used<'a>(&'a self, id: &'a str, now: UnixTime) -> Answered<'a, ()> {
        self.call(self.inner.used(id, now))
    }

    fn remove_expired(&self, now: UnixTime, limit: u32) -> Answered<'_, u64> {
        self.call(ApiKeyStore::remove_expired(&self.inner, now, limit))
    }
}

/// Lets each call of the store that `act` makes fail in turn, and gives back how many there are.
pub(super) async fn fail_at_each_call(world: &World, store: &Flaky, act: impl AsyncFn(usize) -> Answer) -> usize {
    for call in 0.. {
        // Limits on sign-ins play no part here.
        world.clock.advance(Duration::from_secs(60));
        let before = events().matches(&store.cause).count();
        let answer = act(call).await;
        if store.is_left_over() {
            assert!(answer.status < 300, "{answer:?}");
            return call;
        }
        assert_eq!(answer.status, 503, "call {call}: {answer:?}");
        assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1, "{answer:?}");
        assert!(!answer.body.contains("canary") && !answer.body.contains("flaky"), "{answer:?}");
        assert!(events().matches(&store.cause).count() > before, "the operator was not told");
    }
    unreachable!("the range has no end")
}

#[tokio::test]
async fn registering_without_the_store_is_503_and_leaves_nothing_behind() {
    let (world, store) = Flaky::world();
    let calls = fail_at_each_call(&world, &store, async |call| {
        store.fail_at(call);
        world.register("alice", PASSWORD).await
    })
    .await;
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn signing_in_without_the_store_is_503() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        store.fail_at(call);
        let answer = world.login("alice", PASSWORD).await;
        if answer.status == 503 {
            answer.assert_problem(503, "unavailable");
        }
        answer
    })
    .await;
    assert_eq!(calls, 2);
    let calls = fail_at_each_call(&world, &store, async |call| {
        store.fail_at(call);
        let answer = world.token("grant_type=password&username=alice&password=correct+horse+battery").await;
        if answer.status == 503 {
            let description = "The service cannot answer at the moment.";
            answer.assert_oauth_error(503, "temporarily_unavailable", description);
        }
        answer
    })
    .await;
    assert_eq!(calls, 2);
}

#[tokio::test]
async fn an_unknown_name_is_503_without_the_store_and_never_401() {
    let (world, store) = Flaky::world();
    store.fail_at(0);
    world.login("nobody", PASSWORD).await.assert_problem(503, "unavailable");
    world.login("nobody", PASSWORD).await.assert_problem(401, "invalid-credentials");
}

#[tokio::test]
async fn refreshing_without_the_store_is_503_and_never_gives_two_successors() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let token = world.login("alice", PASSWORD).await.text("refresh_token");
        store.fail_at(call);
        let answer = world.refresh(&token).await;
        let is_left_over = store.left.load(Ordering::SeqCst);
        store.left.store(usize::MAX, Ordering::SeqCst);
        let again = [world.refresh(&token).await, world.refresh(&token).await];
        let successors = again.iter().chain([&answer]).filter(|answer| answer.status == 200).count();
        assert!(successors <= 1, "{answer:?} {again:?}");
        store.left.store(is_left_over, Ordering::SeqCst);
        answer
    })
    .await;
    assert_eq!(calls, 3);
}

#[tokio::test]
async fn ones_own_account_without_the_store_is_503() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let token = world.login("alice", PASSWORD).await.text("access_token");
        store.fail_at(call);
        world.me(&token).await
    })
    .await;
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn what_needs_no_store_is_answered_without_one() {
    let (world, store) = Flaky::world();
    store.fail_at(0);
    assert_eq!(world.json("/auth/register", &json!({})).await.status, 422);
    assert_eq!(world.refresh("x").await.status, 401);
    assert_eq!(world.me("x").await.status, 401);
    assert_eq!(world.token("grant_type=x").await.status, 400);
    assert!(store.is_left_over(), "the store was asked");
}
