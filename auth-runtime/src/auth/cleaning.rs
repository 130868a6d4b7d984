use core::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use std::sync::{Arc, Weak};

use tokio::time::sleep;

use super::{Auth, auth::Engine};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{Accounts, BoxFuture},
};

/// Removes expired rows from the stores, in the background and in small batches, so that no request waits for it.
#[derive(Debug, Default)]
pub(super) struct Cleaning {
    has_begun: AtomicBool,
}

/// The time between two rounds.
const PAUSE: Duration = Duration::from_secs(60);

/// How long ended API keys stay in lists, in seconds, so that their owners see which keys ended, and when.
const ENDED_KEYS_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The number of rows of a kind that are removed in one step.
const BATCH: u32 = 500;

impl Auth {
    /// Starts to remove expired rows, unless this engine already does. The task ends with the last handle to the
    /// engine.
    ///
    /// Called where rows are created, inside a tokio runtime.
    pub(crate) fn keep_clean(&self) {
        let is_first = !self.0.cleaning.has_begun.load(Ordering::Relaxed)
            && !self.0.cleaning.has_begun.swap(true, Ordering::Relaxed);
        if is_first {
            tokio::spawn(clean(Arc::downgrade(&self.0)));
        }
    }
}

async fn clean(engine: Weak<Engine>) {
    loop {
        sleep(PAUSE).await;
        let Some(engine) = engine.upgrade() else { return };
        let Some(accounts) = &engine.accounts else { return };
        remove_expired(accounts, engine.clock.unix()).await;
    }
}

/// Removes each kind separately, so that a store that fails does not stop the others.
async fn remove_expired(accounts: &Accounts, now: UnixTime) {
    let (sessions, attempts, tokens) = (accounts.sessions(), accounts.attempts(), accounts.one_time_tokens());
    let long_ago = now.plus_seconds(-ENDED_KEYS_SECONDS);
    in_batches(|| sessions.remove_expired(now, BATCH)).await;
    in_batches(|| attempts.remove_expired_attempts(now, BATCH)).await;
    in_batches(|| tokens.remove_expired_one_time(now, BATCH)).await;
    in_batches(|| accounts.api_keys().remove_expired_keys(long_ago, BATCH)).await;
}

async fn in_batches<'a>(remove: impl Fn() -> BoxFuture<'a, Result<u64, StoreError>>) {
    loop {
        match remove().await {
            Ok(removed) if removed >= u64::from(BATCH) => tokio::task::yield_now().await,
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(
                    target: "auth_runtime::session", store = error.store(), error = &error as &dyn core::error::Error,
                    "expired rows cannot be removed",
                );
                return;
            }
        }
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        clock::{Clock, SystemClock},
        limit::AddressKey,
        secret::SystemEntropy,
        store::{
            Admission, ApiKeyRecord, Attempt, AttemptLimits, FirstCredential, MemoryStore, OneTimeRecord, Purpose,
            SessionKind, SessionRecord,
        },
        token::{KeyRing, SigningKey, TokenHash},
    };

    fn clean(accounts: &Accounts) -> Auth {
        let key = SigningKey::from_secret(&"only-for-tests:Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA".into()).unwrap();
        let keys = KeyRing::builder().sign_with(key).build().unwrap();
        let auth = Auth::builder().keys(keys).issuer("i").audience("a").accounts(accounts).build().unwrap();
        auth.keep_clean();
        auth.keep_clean();
        auth
    }

    async fn old_session(store: &Accounts, number: u32, over_at: UnixTime) {
        let session = SessionRecord::new(number.to_string(), "user", "", SessionKind::Cookie, over_at);
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        let cookie = FirstCredential::cookie(TokenHash::from_bytes(hash));
        store.sessions().begin(session, cookie).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_expired_is_removed_within_a_minute() {
        let accounts = Accounts::new(MemoryStore::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new())));
        let now = SystemClock::new().unix();
        for number in 0..1_200 {
            old_session(&accounts, number, now.plus_seconds(-1)).await;
        }
        old_session(&accounts, 9_999, now.plus_seconds(3_600)).await;
        let _auth = clean(&accounts);
        sleep(PAUSE + Duration::from_secs(1)).await;
        for number in 0..1_200 {
            assert!(accounts.sessions().find_session(&number.to_string()).await.unwrap().is_none(), "{number}");
        }
        assert!(accounts.sessions().find_session("9999").await.unwrap().is_some());
    }

    fn key(id: &str, ended_at: UnixTime) -> ApiKeyRecord {
        let hash = TokenHash::from_bytes([id.len().try_into().unwrap(); 32]);
        ApiKeyRecord::new(id, "user", hash, ended_at, Some(ended_at))
    }

    #[tokio::test(start_paused = true)]
    async fn every_kind_is_removed_and_an_api_key_a_month_after_its_end() {
        const DAY: i64 = 24 * 60 * 60;
        let accounts = Accounts::new(MemoryStore::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new())));
        let now = SystemClock::new().unix();
        for (id, days) in [("a", 29), ("bc", 31)] {
            accounts.api_keys().create_key(key(id, now.plus_seconds(-days * DAY)), 9).await.unwrap();
        }
        let attempt = Attempt::on_account("user", AddressKey::V4(1));
        let long_ago = now.plus_seconds(-2 * DAY);
        let limits = AttemptLimits { most: 1, ..AttemptLimits::default() };
        let admitted = accounts.attempts().admit_attempt(&attempt, &limits, long_ago).await.unwrap();
        assert_eq!(admitted, Admission::Admitted);
        let (hash, purpose) = (TokenHash::from_bytes([1; 32]), Purpose::PasswordReset);
        let token = OneTimeRecord::new(hash, purpose, "user", "", now.plus_seconds(-1));
        accounts.one_time_tokens().issue_one_time(token).await.unwrap();
        let _auth = clean(&accounts);
        sleep(PAUSE + Duration::from_secs(1)).await;
        let kept = accounts.api_keys().list_keys("user").await.unwrap();
        assert_eq!(kept.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), ["a"]);
        let still = accounts.one_time_tokens().find_one_time(&hash, purpose, long_ago).await.unwrap();
        assert!(still.is_none(), "it was valid at that time");
        let admitted = accounts.attempts().admit_attempt(&attempt, &limits, long_ago).await.unwrap();
        assert_eq!(admitted, Admission::Admitted, "it would have been refused at that time");
    }
}
