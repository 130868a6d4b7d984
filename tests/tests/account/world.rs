use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use auth_runtime::{
    account::{self, AccountRoutes, Administration, Part},
    auth::{Auth, AuthBuilder},
    password::{Cost, Passwords},
    prelude::{GuardedRouter, get, protected},
    router::MatrixRow,
    secret::SystemEntropy,
    store::{Account, AccountChange, Accounts, MemoryStore, SqliteStore},
    testing::{ManualClock, TestAuth},
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, FromRef},
    http::{HeaderValue, Request, request::Builder},
    middleware::map_response,
    response::Response,
};
use serde_json::{Value, json};
use tower::ServiceExt;
use tracing::Level;

use super::{
    administration::staff::{Rank, Staff},
    answers::Answer,
};

/// The time at which every world begins, in seconds since 1970.
pub(super) const START: i64 = 1_800_000_000;

/// An application that consists of the account endpoints only.
pub(super) struct World {
    pub(super) auth: Auth,
    pub(super) accounts: Accounts,
    pub(super) clock: ManualClock,
    router: Router,
}

#[derive(Clone, FromRef)]
pub(super) struct App {
    auth: Auth,
    accounts: Accounts,
}

/// Runs a scenario on every store, with the password grant turned on.
pub(super) async fn every_store(scenario: impl AsyncFn(World)) {
    scenario(World::in_memory(defaults)).await;
    scenario(World::on_sqlite("sqlite::memory:").await).await;
}

/// Turns the password grant on, and makes hashes cheap.
pub(super) fn defaults(builder: AuthBuilder) -> AuthBuilder {
    let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).cost(Cost::weak_for_testing()).build();
    builder.passwords(passwords).allow_password_grant(true)
}

impl World {
    pub(super) fn in_memory(change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Self {
        Self::over(change, |clock| Accounts::new(MemoryStore::new(Arc::new(clock), Arc::new(SystemEntropy::new()))))
    }

    pub(super) async fn on_sqlite(url: &str) -> Self {
        Self::on_sqlite_with(url, defaults).await
    }

    pub(super) async fn on_sqlite_with(url: &str, change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Self {
        let clock = ManualClock::at(START);
        let store = SqliteStore::open_with(url, Arc::new(clock.clone()), Arc::new(SystemEntropy::new())).await.unwrap();
        Self::new(change, clock, Accounts::new(store))
    }

    /// Creates a world on a store that uses the world's clock.
    pub(super) fn over(
        change: impl FnOnce(AuthBuilder) -> AuthBuilder,
        accounts: impl FnOnce(ManualClock) -> Accounts,
    ) -> Self {
        let clock = ManualClock::at(START);
        let accounts = accounts(clock.clone());
        Self::new(change, clock, accounts)
    }

    /// Creates a world with other account endpoints, in memory.
    pub(super) fn with_routes(routes: AccountRoutes, change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Self {
        let clock = ManualClock::at(START);
        let accounts = Accounts::new(MemoryStore::new(Arc::new(clock.clone()), Arc::new(SystemEntropy::new())));
        Self::of(routes, change, clock, accounts)
    }

    pub(super) fn new(change: impl FnOnce(AuthBuilder) -> AuthBuilder, clock: ManualClock, accounts: Accounts) -> Self {
        let routes = AccountRoutes::new().with(Part::EmailChange).with(Part::AccountDeletion);
        Self::of(routes, change, clock, accounts)
    }

    pub(super) fn of(
        routes: AccountRoutes,
        change: impl FnOnce(AuthBuilder) -> AuthBuilder,
        clock: ManualClock,
        accounts: Accounts,
    ) -> Self {
        LazyLock::force(&EVENTS);
        let TestAuth { auth, clock, .. } = TestAuth::with_clock(clock, |builder| {
            // Every request has a peer address, except in tests of requests without one.
            change(builder.accounts(&accounts).peer_when_absent(None))
        });
        let app = App { auth: auth.clone(), accounts: accounts.clone() };
        // These handlers get `no-store` from a layer. The account endpoints must set it themselves.
        let own = GuardedRouter::new().route("/fresh", get(fresh)).route("/plain", get(plain));
        let own = own.merge(super::recognised_app::routes());
        let own = own.route_layer(map_response(no_store));
        let administration = account::administration::<Staff>().roles::<Rank>();
        let own_routes: GuardedRouter<App> = routes.into_router();
        // Where nobody can register, nobody could accept an invitation.
        let registers = |row: &MatrixRow| row.handler == "auth_runtime::account::register";
        let administration = match own_routes.access_matrix().rows().iter().any(registers) {
            true => administration,
            false => administration.without_invitations(),
        };
        let router = own_routes.merge(administration.into_router()).merge(own);
        Self { auth, accounts, clock, router: router.with_state(app).into_router() }
    }

    /// Starts another process on the same stores.
    pub(super) fn beside(&self) -> Self {
        self.beside_with(defaults, self.clock.clone())
    }

    /// Starts another process on the same stores, with its own settings and clock.
    pub(super) fn beside_with(&self, change: impl FnOnce(AuthBuilder) -> AuthBuilder, clock: ManualClock) -> Self {
        Self::new(change, clock, self.accounts.clone())
    }

    /// Removes from the store of sessions the rows that have expired by this process's clock.
    pub(super) async fn tidy_up(&self) {
        while self.accounts.sessions().remove_expired(self.auth.clock().unix(), 10).await.unwrap() > 0 {}
    }

    pub(super) fn administration(&self) -> Administration {
        Administration::new(&self.auth).unwrap()
    }

    pub(super) async fn json(&self, path: &str, body: &Value) -> Answer {
        self.send(post(path, "application/json"), body.to_string()).await
    }

    /// Posts a form to the token endpoint.
    pub(super) async fn token(&self, form: &str) -> Answer {
        self.send(post("/auth/token", "application/x-www-form-urlencoded"), form.to_owned()).await
    }

    pub(super) async fn form(&self, path: &str, form: &str) -> Answer {
        self.send(post(path, "application/x-www-form-urlencoded"), form.to_owned()).await
    }

    /// Introspects `token` as the holder of the token `caller`.
    pub(super) async fn introspect(&self, caller: &str, token: &str) -> Answer {
        let request = as_bearer("POST", "/auth/introspect", caller);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.send(request, format!("token={token}")).await
    }

    /// Sends a request with an access token.
    pub(super) async fn call(&self, method: &str, path: &str, token: &str) -> Answer {
        self.send(as_bearer(method, path, token), "").await
    }

    pub(super) async fn me(&self, token: &str) -> Answer {
        self.send(Request::get("/auth/me").header("authorization", format!("Bearer {token}")), "").await
    }

    pub(super) async fn send(&self, request: Builder, body: impl Into<Body>) -> Answer {
        self.send_from(fresh_address(), request, body).await
    }

    pub(super) async fn send_from(&self, peer: SocketAddr, request: Builder, body: impl Into<Body>) -> Answer {
        self.send_from_nowhere(request.extension(ConnectInfo(peer)), body).await
    }

    /// Sends a request without a peer address, as in a server that is set up wrongly.
    pub(super) async fn send_from_nowhere(&self, request: Builder, body: impl Into<Body>) -> Answer {
        Answer::read(self.raw(request, body).await).await
    }

    /// Returns the raw response, for tests of answers that may be cached.
    pub(super) async fn raw(&self, request: Builder, body: impl Into<Body>) -> Response {
        self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap()
    }

    pub(super) async fn register(&self, name: &str, password: &str) -> Answer {
        let body = json!({ "username": name, "email": format!("{name}@example.org"), "password": password });
        self.json("/auth/register", &body).await
    }

    /// Registers an account that may be given these scopes.
    pub(super) async fn join(&self, name: &str, scopes: &[&str]) -> Account {
        assert_eq!(self.register(name, PASSWORD).await.status, 201);
        let account = self.account(name).await;
        let scopes: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        assert!(self.accounts.accounts().set_scopes(&account.id, &scopes).await.unwrap());
        self.account(name).await
    }

    pub(super) async fn account(&self, login: &str) -> Account {
        self.accounts.accounts().find_by_login(login).await.unwrap().expect("the account exists")
    }

    /// Activates or deactivates an account in the store alone.
    pub(super) async fn set_active(&self, id: &str, active: bool) {
        assert_eq!(self.accounts.accounts().set_active(id, active).await.unwrap(), AccountChange::Done);
    }

    pub(super) async fn login(&self, name: &str, password: &str) -> Answer {
        self.json("/auth/login", &json!({ "username": name, "password": password })).await
    }

    pub(super) async fn login_from(&self, peer: SocketAddr, name: &str, password: &str) -> Answer {
        let body = json!({ "username": name, "password": password }).to_string();
        self.send_from(peer, post("/auth/login", "application/json"), body).await
    }

    /// Sends a request with a body and an access token.
    pub(super) async fn json_as(&self, token: &str, path: &str, body: &Value) -> Answer {
        let request = post(path, "application/json").header("authorization", format!("Bearer {token}"));
        self.send(request, body.to_string()).await
    }

    pub(super) async fn refresh(&self, token: &str) -> Answer {
        self.json("/auth/refresh", &json!({ "refresh_token": token })).await
    }
}

pub(super) const PASSWORD: &str = "correct horse battery";

/// Returns the events of all tests so far, at `TRACE`.
pub(super) fn events() -> String {
    String::from_utf8_lossy(&EVENTS.0.lock().unwrap()).into_owned()
}

/// Collects events for the whole process, so that it misses no thread's events.
static EVENTS: LazyLock<Capture> = LazyLock::new(|| {
    let capture = Capture::default();
    let writer = capture.clone();
    tracing_subscriber::fmt().with_max_level(Level::TRACE).with_ansi(false).with_writer(move || writer.clone()).init();
    capture
});

#[derive(Clone, Default)]
struct Capture(Arc<Mutex<Vec<u8>>>);

impl io::Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Requires a recent authentication.
#[protected(fresh = 5 min)]
async fn fresh() {}

/// Requires a caller of any kind.
#[protected]
async fn plain() {}

/// Adds `no-store`, which tests expect on every answer, to these handlers' answers.
async fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert("cache-control", HeaderValue::from_static("no-store"));
    response
}

pub(super) fn as_bearer(method: &str, path: &str, token: &str) -> Builder {
    Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"))
}

pub(super) fn post(path: &str, media_type: &str) -> Builder {
    Request::post(path).header("content-type", media_type)
}

/// Returns a new address for each request, so that limits by address do not interfere.
pub(super) fn fresh_address() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(0x0a00_0001);
    SocketAddr::from((NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes(), 1))
}
