//! The store's side.

use std::sync::atomic::{AtomicU64, Ordering};

use auth_runtime::{
    clock::UnixTime,
    store::{
        AccountKey, AccountStore as _, Admission, ApiKeyStore as _, Attempt, AttemptLimits, AttemptStore as _,
        ClientKey, ClientLabel, Fingerprint, FirstCredential, PostgresStore, Rotated, Rotation, SessionKind,
        SessionRecord, SessionStore as _,
    },
    token::TokenHash,
};

use super::rows::{LATER, NOW, hash};
use crate::Subject;

pub(crate) struct Ours {
    store: PostgresStore,
    next: AtomicU64,
}

impl Ours {
    pub(crate) fn new(store: PostgresStore) -> Self {
        Self { store, next: AtomicU64::new(0) }
    }
}

const fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

fn label() -> ClientLabel {
    let mut label = ClientLabel::default();
    label.user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned();
    label.address = "192.0.2.1".to_owned();
    label.device = "laptop".to_owned();
    label
}

impl Subject for Ours {
    async fn sign_in(&self, number: u64) {
        let (store, limits) = (&self.store, AttemptLimits::default());
        let (account, client) = (hash("account", number), hash("client", number));
        let attempt = Attempt::new(AccountKey::from_bytes(account), ClientKey::from_bytes(client));
        let account = store.find_by_login(&format!("user {number}")).await.unwrap().unwrap();
        assert!(store.is_known_client(&attempt, at(NOW)).await.unwrap());
        assert!(matches!(store.admit_attempt(&attempt, &limits, at(NOW)).await.unwrap(), Admission::Admitted));
        store.attempt_succeeded(&attempt, &limits, at(NOW)).await.unwrap();
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut session = SessionRecord::new(format!("ours {id}"), account.id, "web", SessionKind::Bearer, at(NOW));
        session.scope = "notes:read notes:write".to_owned();
        session.client = label();
        (session.idle_expires_at, session.absolute_expires_at) = (at(LATER), at(LATER));
        let first = FirstCredential::refresh_token(TokenHash::from_bytes(hash("ours", id)));
        store.begin(session, first).await.unwrap();
    }

    async fn refresh(&self, token: [u8; 32], successor: [u8; 32]) {
        let (token, successor) = (TokenHash::from_bytes(token), TokenHash::from_bytes(successor));
        let (fingerprint, label) = (Fingerprint::from_bytes([7; 32]), label());
        let mut rotation = Rotation::new(&token, &successor, &[7; 100], "web", &fingerprint, &label, at(NOW));
        rotation.grace_seconds = 20;
        rotation.idle_expires_at = at(LATER);
        assert!(matches!(self.store.rotate(rotation).await.unwrap(), Rotated::Won(_)));
    }

    async fn session(&self, number: u64) {
        assert!(self.store.find_session(&format!("session {number}")).await.unwrap().is_some());
    }

    async fn session_by_cookie(&self, number: u64) {
        let cookie = TokenHash::from_bytes(hash("cookie", number));
        assert!(self.store.find_by_cookie(&cookie).await.unwrap().is_some());
    }

    async fn key(&self, number: u64) {
        assert!(self.store.find_key(&TokenHash::from_bytes(hash("key", number))).await.unwrap().is_some());
    }

    async fn list(&self, number: u64) {
        assert!(SessionStore::list(&self.store, &format!("user {number}"), at(NOW)).await.unwrap().len() >= 5);
    }
}
