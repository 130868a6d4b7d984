use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use auth_runtime::{
    Auth, account,
    clock::SystemClock,
    password::Passwords,
    secret::SystemEntropy,
    store::{Accounts, NewAccount, SqliteStore},
    testing::TestAuth,
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, FromRef},
    http::Request,
};
use secrecy::SecretString;
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// The account endpoints over a database in a file.
pub(crate) struct App {
    router: Router,
    _folder: TempDir,
}

#[derive(Clone)]
struct Parts {
    auth: Auth,
    accounts: Accounts,
}

impl FromRef<Parts> for Auth {
    fn from_ref(parts: &Parts) -> Self {
        parts.auth.clone()
    }
}

impl FromRef<Parts> for Accounts {
    fn from_ref(parts: &Parts) -> Self {
        parts.accounts.clone()
    }
}

impl App {
    /// Creates this many accounts, `known0` and so on, which all have [`PASSWORD`].
    pub(crate) async fn with(passwords: Passwords, count: usize) -> Self {
        let folder = TempDir::new().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("bench.db").display());
        let store = SqliteStore::open_with(&url, Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new())).await;
        let accounts = Accounts::new(store.expect("a database"));
        let hash = SecretString::from(passwords.hash(&PASSWORD.into()).await.expect("a hash"));
        for number in 0..count {
            let name = format!("known{number}");
            let new = NewAccount::new(name.clone(), format!("{name}@example.org"), hash.clone());
            accounts.accounts().create(new).await.expect("an account");
        }
        let TestAuth { auth, .. } = TestAuth::with(|builder| builder.accounts(&accounts).passwords(passwords));
        let router = account::routes().with_state(Parts { auth, accounts }).into_router();
        Self { router, _folder: folder }
    }

    /// Signs in from an address that was never used before, and returns the status.
    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> u16 {
        static NEXT: AtomicU32 = AtomicU32::new(0x0a00_0001);
        let peer = SocketAddr::from((NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes(), 1));
        let body = format!(r#"{{"username":"{name}","password":"{password}"}}"#);
        let request = Request::post("/auth/login").header("content-type", "application/json");
        let mut request = request.body(Body::from(body)).expect("a request");
        request.extensions_mut().insert(ConnectInfo(peer));
        self.router.clone().oneshot(request).await.expect("an answer").status().as_u16()
    }
}
