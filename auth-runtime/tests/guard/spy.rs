use std::sync::{Arc, Mutex};

use auth_runtime::{
    clock::UnixTime,
    error::StoreError,
    store::{
        ApiKeyError, ApiKeyRecord, ApiKeyStore, BoxFuture, ClientLabel, CookieSwap, Ending, FirstCredential,
        FoundToken, MemoryStore, Reissued, Revocation, Rotated, Rotation, SessionRecord, SessionStore, Touch,
    },
    token::TokenHash,
};

/// Sessions and API keys in memory. Records the calls, and fails where a test wants a failure.
#[derive(Clone)]
pub(crate) struct Spy(Arc<Inner>);

struct Inner {
    store: Arc<MemoryStore>,
    calls: Mutex<Vec<&'static str>>,
    failing: Mutex<&'static str>,
    losing: Mutex<bool>,
    label: Mutex<Option<ClientLabel>>,
}

type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

impl Spy {
    pub(crate) fn new(store: Arc<MemoryStore>) -> Self {
        let (calls, failing, losing, label) = Default::default();
        Self(Arc::new(Inner { store, calls, failing, losing, label }))
    }

    /// Returns the calls since this was last asked.
    pub(crate) fn calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.0.calls.lock().unwrap())
    }

    /// Makes every further call of this method fail. With `""`, no method fails.
    pub(crate) fn fail(&self, method: &'static str) {
        *self.0.failing.lock().unwrap() = method;
    }

    /// Ends the session before its use is recorded.
    pub(crate) fn lose(&self) {
        *self.0.losing.lock().unwrap() = true;
    }

    /// Returns the client that last used the session.
    pub(crate) fn label(&self) -> ClientLabel {
        self.0.label.lock().unwrap().clone().unwrap_or_default()
    }

    fn ask<'a, T: 'a>(&self, method: &'static str, answer: Answer<'a, T>) -> Answer<'a, T> {
        self.0.calls.lock().unwrap().push(method);
        if *self.0.failing.lock().unwrap() == method {
            return Box::pin(async { Err(StoreError::new("sessions", "no connection to 10.0.0.7")) });
        }
        answer
    }
}

impl SessionStore for Spy {
    fn begin(&self, session: SessionRecord, credential: FirstCredential) -> Answer<'_, ()> {
        self.ask("begin", self.0.store.begin(session, credential))
    }

    fn find_session<'a>(&'a self, id: &'a str) -> Answer<'a, Option<SessionRecord>> {
        self.ask("find", self.0.store.find_session(id))
    }

    fn find_by_token<'a>(&'a self, hash: &'a TokenHash) -> Answer<'a, Option<FoundToken>> {
        self.ask("find_by_token", self.0.store.find_by_token(hash))
    }

    fn find_by_cookie<'a>(&'a self, hash: &'a TokenHash) -> Answer<'a, Option<SessionRecord>> {
        self.ask("find_by_cookie", self.0.store.find_by_cookie(hash))
    }

    fn list<'a>(&'a self, user_id: &'a str, now: UnixTime) -> Answer<'a, Vec<SessionRecord>> {
        self.ask("list", SessionStore::list(&*self.0.store, user_id, now))
    }

    fn rotate<'a>(&'a self, rotation: Rotation<'a>) -> Answer<'a, Rotated> {
        self.ask("rotate", self.0.store.rotate(rotation))
    }

    fn touch<'a>(&'a self, touch: Touch<'a>) -> Answer<'a, bool> {
        *self.0.label.lock().unwrap() = Some(touch.client.clone());
        if *self.0.losing.lock().unwrap() {
            return Box::pin(async { Ok(false) });
        }
        self.ask("touch", self.0.store.touch(touch))
    }

    fn reauthenticated<'a>(&'a self, id: &'a str, cookie: Option<CookieSwap>, at: UnixTime) -> Answer<'a, bool> {
        self.ask("reauthenticated", self.0.store.reauthenticated(id, cookie, at))
    }

    fn end<'a>(&'a self, id: &'a str, user_id: &'a str, ending: Ending) -> Answer<'a, bool> {
        self.ask("end", self.0.store.end(id, user_id, ending))
    }

    fn end_all<'a>(&'a self, user_id: &'a str, except: Option<&'a str>, ending: Ending) -> Answer<'a, Vec<String>> {
        self.ask("end_all", self.0.store.end_all(user_id, except, ending))
    }

    fn remove_all<'a>(&'a self, user_id: &'a str, ending: Ending) -> Answer<'a, Vec<String>> {
        self.ask("remove_all", self.0.store.remove_all(user_id, ending))
    }

    fn reissue<'a>(&'a self, user_id: &'a str, remember_until: UnixTime) -> Answer<'a, Vec<Reissued>> {
        self.ask("reissue", self.0.store.reissue(user_id, remember_until))
    }

    fn revoke_token<'a>(&'a self, token_id: &'a str, remember_until: UnixTime) -> Answer<'a, ()> {
        self.ask("revoke_token", self.0.store.revoke_token(token_id, remember_until))
    }

    fn revocations(&self, after: u64) -> Answer<'_, Vec<Revocation>> {
        self.ask("revocations", self.0.store.revocations(after))
    }

    fn remove_expired(&self, now: UnixTime, limit: u32) -> Answer<'_, u64> {
        self.ask("remove_expired", SessionStore::remove_expired(&*self.0.store, now, limit))
    }
}

/// Records the calls of guards, but not the calls by which a test creates keys.
impl ApiKeyStore for Spy {
    fn create_key(&self, key: ApiKeyRecord, max_keys: u32) -> BoxFuture<'_, Result<(), ApiKeyError>> {
        self.0.store.create_key(key, max_keys)
    }

    fn find_key<'a>(&'a self, hash: &'a TokenHash) -> Answer<'a, Option<ApiKeyRecord>> {
        self.ask("find_key", self.0.store.find_key(hash))
    }

    fn list_keys<'a>(&'a self, user_id: &'a str) -> Answer<'a, Vec<ApiKeyRecord>> {
        self.0.store.list_keys(user_id)
    }

    fn revoke_key<'a>(&'a self, user_id: &'a str, id: &'a str, now: UnixTime) -> Answer<'a, bool> {
        self.0.store.revoke_key(user_id, id, now)
    }

    fn revoke_all_keys<'a>(&'a self, user_id: &'a str, now: UnixTime) -> Answer<'a, u64> {
        self.0.store.revoke_all_keys(user_id, now)
    }

    fn remove_all_keys<'a>(&'a self, user_id: &'a str) -> Answer<'a, u64> {
        self.0.store.remove_all_keys(user_id)
    }

    fn rotate_key<'a>(
        &'a self,
        old: &'a str,
        key: ApiKeyRecord,
        until: UnixTime,
        max_keys: u32,
    ) -> BoxFuture<'a, Result<(), ApiKeyError>> {
        self.0.store.rotate_key(old, key, until, max_keys)
    }

    fn key_used<'a>(&'a self, id: &'a str, now: UnixTime) -> Answer<'a, ()> {
        self.ask("key_used", self.0.store.key_used(id, now))
    }

    fn remove_expired_keys(&self, now: UnixTime, limit: u32) -> Answer<'_, u64> {
        self.0.store.remove_expired_keys(now, limit)
    }
}
