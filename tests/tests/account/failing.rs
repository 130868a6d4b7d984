use std::{
    any::Any,
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use auth_runtime::{
    account::{AccountRoutes, Part, Registration},
    auth::AuthBuilder,
    clock::UnixTime,
    error::StoreError,
    secret::SystemEntropy,
    store::{
        Account, AccountChange, AccountOpening, AccountQuery, AccountStore, AccountUpdate, Accounts, ApiKeyError,
        ApiKeyRecord, ApiKeyStore, BoxFuture, CookieSwap, CreateError, Ending, FirstCredential, FoundToken,
        MemoryStore, NewAccount, Reissued, Revocation, Rotated, Rotation, SessionRecord, SessionStore, Standing, Touch,
    },
    testing::ManualClock,
    token::TokenHash,
};
use secrecy::SecretString;
use serde_json::json;

use super::{
    answers::Answer,
    cookies,
    world::{PASSWORD, START, World, as_bearer, defaults, events},
};

/// A store that fails at one call.
#[derive(Clone)]
pub(super) struct Flaky {
    pub(super) inner: MemoryStore,
    /// The number of calls that succeed before the failing one.
    left: Arc<AtomicUsize>,
    /// The number of calls before the one whose reply is lost.
    lost: Arc<AtomicUsize>,
    /// The cause of the failure, which only the operator may read. Each store has another cause, because tests share
    /// the events.
    pub(super) cause: String,
    /// The number of calls so far.
    calls: Arc<AtomicUsize>,
    meddler: Arc<Mutex<Option<Meddler>>>,
}

/// An action of another client, and the number of calls before it runs.
type Meddler = (usize, BoxFuture<'static, Box<dyn Any + Send>>);

impl Flaky {
    pub(super) fn world() -> (World, Self) {
        Self::world_with(defaults)
    }

    pub(super) fn world_with(change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> (World, Self) {
        Self::world_with_registration(Registration::open(), change)
    }

    pub(super) fn world_with_registration(
        registration: Registration,
        change: impl FnOnce(AuthBuilder) -> AuthBuilder,
    ) -> (World, Self) {
        static STORES: AtomicUsize = AtomicUsize::new(0);
        let number = STORES.fetch_add(1, Ordering::SeqCst);
        let cause = format!("SELECT canary_{number}_column FROM canary_table: connection to 10.9.8.7 lost");
        let clock = ManualClock::at(START);
        let inner = MemoryStore::new(Arc::new(clock.clone()), Arc::new(SystemEntropy::new()));
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let lost = Arc::new(AtomicUsize::new(usize::MAX));
        let store = Self { inner, left, lost, cause, calls: Arc::default(), meddler: Arc::default() };
        let routes =
            AccountRoutes::new().registration(registration).with(Part::EmailChange).with(Part::AccountDeletion);
        (World::of(routes, change, clock, Accounts::new(store.clone())), store)
    }

    /// Fails once, after this many calls.
    pub(super) fn fail_at(&self, call: usize) {
        self.left.store(call, Ordering::SeqCst);
    }

    /// Makes the call that comes after this many, and then fails as if the reply had been lost.
    pub(super) fn lose_reply_of(&self, call: usize) {
        self.lost.store(call, Ordering::SeqCst);
    }

    /// Returns whether no reply was lost, and loses none any more.
    pub(super) fn has_lost_none(&self) -> bool {
        self.lost.swap(usize::MAX, Ordering::SeqCst) < usize::MAX / 2
    }

    /// Runs `act` before the call that comes after this many. The value that `act` returns is dropped when the call is
    /// over.
    pub(super) fn before<T: Send + 'static>(&self, call: usize, act: impl Future<Output = T> + Send + 'static) {
        *self.meddler.lock().unwrap() = Some((call, Box::pin(async { Box::new(act.await) as _ })));
    }

    fn meddler(&self) -> Option<BoxFuture<'static, Box<dyn Any + Send>>> {
        let mut meddler = self.meddler.lock().unwrap();
        match &mut *meddler {
            Some((0, _)) => meddler.take().map(|(_, act)| act),
            Some((left, _)) => {
                *left -= 1;
                None
            }
            None => None,
        }
    }

    /// Returns whether the failure has not happened, and cancels it.
    pub(super) fn is_left_over(&self) -> bool {
        self.left.swap(usize::MAX, Ordering::SeqCst) < usize::MAX / 2
    }

    /// Returns the number of calls since this was last asked.
    pub(super) fn take_calls(&self) -> usize {
        self.calls.swap(0, Ordering::SeqCst)
    }

    pub(super) fn call<'a, T: 'a, E: From<StoreError> + 'a>(&self, call: Answered<'a, T, E>) -> Answered<'a, T, E> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if let Some(meddler) = self.meddler() {
            return Box::pin(async move {
                let _held = meddler.await;
                call.await
            });
        }
        // Both wrap around to a number that is never used up.
        let is_lost = self.lost.fetch_sub(1, Ordering::SeqCst) == 0;
        if self.left.fetch_sub(1, Ordering::SeqCst) > 0 && !is_lost {
            return call;
        }
        let error = StoreError::new("flaky", self.cause.clone());
        Box::pin(async move {
            if is_lost {
                let _reply = call.await;
            }
            Err(E::from(error))
        })
    }
}

pub(super) type Answered<'a, T, E = StoreError> = BoxFuture<'a, Result<T, E>>;

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

    fn set_email_verified<'a>(&'a self, id: &'a str, email: &'a str, at: UnixTime) -> Answered<'a, bool> {
        self.call(self.inner.set_email_verified(id, email, at))
    }

    fn set_roles<'a>(&'a self, id: &'a str, roles: &'a [String]) -> Answered<'a, bool> {
        self.call(self.inner.set_roles(id, roles))
    }

    fn set_scopes<'a>(&'a self, id: &'a str, scopes: &'a [String]) -> Answered<'a, bool> {
        self.call(self.inner.set_scopes(id, scopes))
    }

    fn open<'a>(
        &'a self,
        id: &'a str,
        opening: AccountOpening,
        now: UnixTime,
    ) -> Answered<'a, Option<Account>, CreateError> {
        self.call(self.inner.open(id, opening, now))
    }

    fn remove_pending(&self, now: UnixTime, limit: u32) -> Answered<'_, u64> {
        self.call(self.inner.remove_pending(now, limit))
    }

    fn cancel_pending<'a>(&'a self, id: &'a str) -> Answered<'a, bool> {
        self.call(self.inner.cancel_pending(id))
    }

    fn list_accounts<'a>(&'a self, query: &'a AccountQuery) -> Answered<'a, Vec<Account>> {
        self.call(AccountStore::list_accounts(&self.inner, query))
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> Answered<'a, AccountChange> {
        self.call(self.inner.set_active(id, active))
    }

    fn set_superuser<'a>(&'a self, id: &'a str, superuser: bool) -> Answered<'a, AccountChange> {
        self.call(self.inner.set_superuser(id, superuser))
    }

    fn set_username<'a>(&'a self, id: &'a str, username: &'a str) -> Answered<'a, bool, CreateError> {
        self.call(self.inner.set_username(id, username))
    }

    fn set_email<'a>(
        &'a self,
        id: &'a str,
        old: &'a str,
        new: &'a str,
        verified_at: Option<UnixTime>,
    ) -> Answered<'a, bool, CreateError> {
        self.call(self.inner.set_email(id, old, new, verified_at))
    }

    fn update_while<'a>(
        &'a self,
        id: &'a str,
        update: AccountUpdate<'a>,
        standings: &'a [Standing],
    ) -> Answered<'a, AccountChange, CreateError> {
        self.call(self.inner.update_while(id, update, standings))
    }

    fn create_while<'a>(
        &'a self,
        new: NewAccount,
        standings: &'a [Standing],
    ) -> Answered<'a, Option<Account>, CreateError> {
        self.call(self.inner.create_while(new, standings))
    }

    fn delete<'a>(&'a self, id: &'a str) -> Answered<'a, AccountChange> {
        self.call(self.inner.delete(id))
    }
}

impl SessionStore for Flaky {
    fn begin(&self, session: SessionRecord, credential: FirstCredential) -> Answered<'_, ()> {
        self.call(self.inner.begin(session, credential))
    }

    fn find_session<'a>(&'a self, id: &'a str) -> Answered<'a, Option<SessionRecord>> {
        self.call(self.inner.find_session(id))
    }

    fn find_by_token<'a>(&'a self, hash: &'a TokenHash) -> Answered<'a, Option<FoundToken>> {
        self.call(self.inner.find_by_token(hash))
    }

    fn find_by_cookie<'a>(&'a self, hash: &'a TokenHash) -> Answered<'a, Option<SessionRecord>> {
        self.call(self.inner.find_by_cookie(hash))
    }

    fn list<'a>(&'a self, user_id: &'a str, now: UnixTime) -> Answered<'a, Vec<SessionRecord>> {
        self.call(SessionStore::list(&self.inner, user_id, now))
    }

    fn rotate<'a>(&'a self, rotation: Rotation<'a>) -> Answered<'a, Rotated> {
        self.call(self.inner.rotate(rotation))
    }

    fn touch<'a>(&'a self, touch: Touch<'a>) -> Answered<'a, bool> {
        self.call(self.inner.touch(touch))
    }

    fn reauthenticated<'a>(
        &'a self,
        id: &'a str,
        cookie: Option<CookieSwap>,
        auth_time: UnixTime,
    ) -> Answered<'a, bool> {
        self.call(self.inner.reauthenticated(id, cookie, auth_time))
    }

    fn end<'a>(&'a self, id: &'a str, user_id: &'a str, ending: Ending) -> Answered<'a, bool> {
        self.call(self.inner.end(id, user_id, ending))
    }

    fn end_all<'a>(&'a self, user_id: &'a str, except: Option<&'a str>, ending: Ending) -> Answered<'a, Vec<String>> {
        self.call(self.inner.end_all(user_id, except, ending))
    }

    fn remove_all<'a>(&'a self, user_id: &'a str, ending: Ending) -> Answered<'a, Vec<String>> {
        self.call(self.inner.remove_all(user_id, ending))
    }

    fn reissue<'a>(&'a self, user_id: &'a str, remember_until: UnixTime) -> Answered<'a, Vec<Reissued>> {
        self.call(self.inner.reissue(user_id, remember_until))
    }

    fn revoke_token<'a>(&'a self, token_id: &'a str, remember_until: UnixTime) -> Answered<'a, ()> {
        self.call(self.inner.revoke_token(token_id, remember_until))
    }

    fn revocations(&self, after: u64) -> Answered<'_, Vec<Revocation>> {
        self.call(self.inner.revocations(after))
    }

    fn remove_expired(&self, now: UnixTime, limit: u32) -> Answered<'_, u64> {
        self.call(self.inner.remove_expired(now, limit))
    }
}

impl ApiKeyStore for Flaky {
    fn create_key(&self, key: ApiKeyRecord, max_keys: u32) -> Answered<'_, (), ApiKeyError> {
        self.call(self.inner.create_key(key, max_keys))
    }

    fn find_key<'a>(&'a self, hash: &'a TokenHash) -> Answered<'a, Option<ApiKeyRecord>> {
        self.call(self.inner.find_key(hash))
    }

    fn list_keys<'a>(&'a self, user_id: &'a str) -> Answered<'a, Vec<ApiKeyRecord>> {
        self.call(self.inner.list_keys(user_id))
    }

    fn revoke_key<'a>(&'a self, user_id: &'a str, id: &'a str, now: UnixTime) -> Answered<'a, bool> {
        self.call(self.inner.revoke_key(user_id, id, now))
    }

    fn revoke_all_keys<'a>(&'a self, user_id: &'a str, now: UnixTime) -> Answered<'a, u64> {
        self.call(self.inner.revoke_all_keys(user_id, now))
    }

    fn remove_all_keys<'a>(&'a self, user_id: &'a str) -> Answered<'a, u64> {
        self.call(self.inner.remove_all_keys(user_id))
    }

    fn rotate_key<'a>(
        &'a self,
        id: &'a str,
        new: ApiKeyRecord,
        overlap_until: UnixTime,
        max_keys: u32,
    ) -> Answered<'a, (), ApiKeyError> {
        self.call(self.inner.rotate_key(id, new, overlap_until, max_keys))
    }

    fn key_used<'a>(&'a self, id: &'a str, now: UnixTime) -> Answered<'a, ()> {
        self.call(self.inner.key_used(id, now))
    }

    fn remove_expired_keys(&self, now: UnixTime, limit: u32) -> Answered<'_, u64> {
        self.call(self.inner.remove_expired_keys(now, limit))
    }
}

/// Makes each of the store's calls in `act` fail in turn, and returns the number of calls.
pub(super) async fn fail_at_each_call(world: &World, store: &Flaky, act: impl AsyncFn(usize) -> Answer) -> usize {
    for call in 0.. {
        // Advances the clock so that limits on sign-ins do not interfere.
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
    assert_eq!(calls, 7);
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
    assert_eq!(calls, 7);
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
        // The store may fail before or after it uses the token up. In both cases the client continues with one
        // successor.
        let again = [world.refresh(&token).await, world.refresh(&token).await];
        let answered = again.iter().chain([&answer]).filter(|answer| answer.status == 200);
        let successors: HashSet<String> = answered.map(|answer| answer.text("refresh_token")).collect();
        assert_eq!(successors.len(), 1, "{answer:?} {again:?}");
        let successor = successors.into_iter().next().unwrap();
        assert_eq!(world.refresh(&successor).await.status, 200);
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
    assert_eq!(calls, 2, "the revocations, and the account");
}

#[tokio::test]
async fn requests_that_need_no_store_are_answered_without_one() {
    let (world, store) = Flaky::world();
    store.fail_at(0);
    assert_eq!(world.json("/auth/register", &json!({})).await.status, 422);
    assert_eq!(world.refresh("x").await.status, 401);
    assert_eq!(world.me("x").await.status, 401);
    assert_eq!(world.token("grant_type=x").await.status, 400);
    assert!(store.is_left_over(), "the store was asked");
}

#[tokio::test]
async fn ending_sessions_without_the_store_is_503_and_can_be_tried_again() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    // The calls: revocations read, and the operation itself. Endpoints that use the caller's own session also check
    // that the caller's credential continues it. Those that end all sessions end a change of the address, too.
    let ways = [
        ("POST", "/auth/logout", 3),
        ("POST", "/auth/logout/all", 3),
        ("DELETE", "/auth/sessions", 4),
        ("GET", "/auth/sessions", 2),
    ];
    for (method, path, expected) in ways {
        let calls = fail_at_each_call(&world, &store, async |call| {
            let tokens = world.login("alice", PASSWORD).await;
            store.fail_at(call);
            world.send(as_bearer(method, path, &tokens.text("access_token")), "").await
        })
        .await;
        assert_eq!(calls, expected, "{path}");
    }
}

#[tokio::test]
async fn revoking_and_asking_without_the_store_is_503() {
    let (world, store) = Flaky::world();
    world.join("alice", &["auth:introspect"]).await;
    for member in ["refresh_token", "access_token"] {
        let calls = fail_at_each_call(&world, &store, async |call| {
            let token = world.login("alice", PASSWORD).await.text(member);
            store.fail_at(call);
            world.form("/auth/revoke", &format!("token={token}")).await
        })
        .await;
        assert_eq!(calls, 2, "{member}");
    }
    let calls = fail_at_each_call(&world, &store, async |call| {
        let token = world.login("alice", PASSWORD).await.text("access_token");
        store.fail_at(call);
        world.introspect(&token, &token).await
    })
    .await;
    assert_eq!(calls, 2, "the revocations, once for both tokens, and the account");
}

#[tokio::test]
async fn a_browser_signing_in_without_the_store_is_503_and_gets_no_cookie() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let without = fail_at_each_call(&world, &store, async |call| {
        store.fail_at(call);
        checked(cookies::sign_in(&world, "alice").await)
    })
    .await;
    let calls = "the account, three calls about its attempts, the new session, the account once more, and its sessions";
    assert_eq!(without, 7, "{calls}");
    let with = fail_at_each_call(&world, &store, async |call| {
        let old = cookies::cookie(&cookies::sign_in(&world, "alice").await);
        store.fail_at(call);
        let fields = [("sec-fetch-site", "same-origin"), ("cookie", old.as_str())];
        checked(cookies::sign_in_with(&world, "alice", &fields).await)
    })
    .await;
    assert_eq!(with, 9, "also, the old session is found and ended");
}

fn checked(answer: Answer) -> Answer {
    assert_eq!(answer.status == 200, !answer.header("set-cookie").is_empty(), "{answer:?}");
    answer
}

#[tokio::test]
async fn a_cookie_without_the_store_is_503_and_never_401() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let own = cookies::cookie(&cookies::sign_in(&world, "alice").await);
        store.fail_at(call);
        cookies::browse(&world, "GET", "/auth/me", &own).await
    })
    .await;
    assert_eq!(calls, 3, "the session, its account, and the account to show");
    let calls = fail_at_each_call(&world, &store, async |call| {
        let own = cookies::cookie(&cookies::sign_in(&world, "alice").await);
        store.fail_at(call);
        let answer = cookies::browse(&world, "POST", "/auth/logout", &own).await;
        // A client that is still signed in keeps the cookie.
        assert_eq!(answer.status == 204, !answer.header("set-cookie").is_empty(), "{answer:?}");
        answer
    })
    .await;
    assert_eq!(calls, 4, "the session, its account, whose it is, and its end");
}
