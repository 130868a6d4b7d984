//! Compares the cost of an API key per request with that of an access token on the same handler, in one run.
//!
//! The requests go through a router in this process, without a network. Cases take turns, so that a busy machine slows
//! all of them alike. Each figure is the median of the rounds. With SQLite, a request waits for the reading thread
//! twice: for the key and for its owner.
#![expect(clippy::print_stdout, reason = "a program that prints a table")]

use std::{sync::Arc, time::Instant};

use auth_runtime::{
    Auth, Guard, GuardedRouter, HasPolicy, Policy,
    clock::SystemClock,
    routing::get,
    secret::SystemEntropy,
    store::{Account, Accounts, ApiKeyRecord, MemoryStore, NewAccount, SqliteStore},
    token::{ApiKeyFormat, KeyEnvironment, KeyRing, NewAccessToken, SigningKey},
};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use tower::ServiceExt as _;

struct AnyCaller;

impl HasPolicy for AnyCaller {
    const POLICY: Policy = Policy::protected("any_caller");
    type Checks = ();
}

async fn plain() -> &'static str {
    "hello"
}

async fn guarded(_: Guard<AnyCaller>) -> &'static str {
    "hello"
}

struct Case {
    name: &'static str,
    app: Router,
    field: (&'static str, String),
    expected: StatusCode,
}

const PLAIN: &str = "plain handler";
const BEARER: &str = "access token, HS256";

impl Case {
    async fn call(&self) -> StatusCode {
        let request = Request::get("/").header(self.field.0, &self.field.1).body(Body::empty()).expect("a request");
        match self.app.clone().oneshot(request).await {
            Ok(response) => response.status(),
            Err(never) => match never {},
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // `cargo test --benches` runs this too. One short round shows that it works.
    let quick = std::env::args().any(|argument| argument == "--test");
    let (rounds, calls) = if quick { (1, 10) } else { (31, 2_000) };
    let folder = tempfile::tempdir().expect("a folder");
    let cases = cases(&format!("sqlite://{}", folder.path().join("keys.db").display())).await;
    let mut times = vec![Vec::with_capacity(rounds); cases.len()];
    for _ in 0..rounds {
        for (case, times) in cases.iter().zip(&mut times) {
            assert_eq!(case.call().await, case.expected, "{}", case.name);
            let started = Instant::now();
            for _ in 0..calls {
                std::hint::black_box(case.call().await);
            }
            times.push(started.elapsed().as_nanos() as f64 / f64::from(calls));
        }
    }
    report(&cases, times);
}

fn report(cases: &[Case], times: Vec<Vec<f64>>) {
    let medians: Vec<f64> = times
        .into_iter()
        .map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
        .collect();
    let of = |name: &str| medians[cases.iter().position(|case| case.name == name).expect("a case of this name")];
    let (plain, bearer) = (of(PLAIN), of(BEARER));
    println!("{:<44} {:>9} {:>9} {:>10}", "case", "ns", "added", "of a token");
    for (case, nanos) in cases.iter().zip(&medians) {
        let added = nanos - plain;
        println!("{:<44} {nanos:>9.0} {added:>9.0} {:>9.2}x", case.name, added / (bearer - plain));
    }
}

async fn cases(sqlite: &str) -> Vec<Case> {
    let (clock, entropy) = (Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new()));
    let in_memory = Accounts::new(MemoryStore::new(clock.clone(), entropy.clone()));
    let on_sqlite = Accounts::new(SqliteStore::open_with(sqlite, clock, entropy).await.expect("a database"));
    let (memory, key) = service(&in_memory).await;
    let (file, key_on_file) = service(&on_sqlite).await;
    let account = account(&in_memory).await;
    let claims = NewAccessToken::new(&account.id, "web").scope("notes:read notes:write");
    let token = memory.tokens().issue(&claims, memory.clock().unix(), memory.entropy()).expect("a token");
    let wrong = format!("{}{}", &key[..key.len() - 1], if key.ends_with('0') { '1' } else { '0' });
    let unknown = format().mint(memory.entropy()).expect("a key").expose().to_owned();

    let plain = Router::new().route("/", axum::routing::get(plain)).with_state(memory.clone());
    let guarded = |auth: Auth| GuardedRouter::new().route("/", get(guarded)).with_state(auth).into_router();
    let bearer = |credential: &str| ("authorization", format!("Bearer {credential}"));
    let case = |name, app: &Router, field, expected| Case { name, app: app.clone(), field, expected };
    let (memory, file) = (guarded(memory), guarded(file));
    let (ok, refused) = (StatusCode::OK, StatusCode::UNAUTHORIZED);
    vec![
        case(PLAIN, &plain, bearer(token.expose()), ok),
        case(BEARER, &memory, bearer(token.expose()), ok),
        case("API key in memory, as bearer", &memory, bearer(&key), ok),
        case("API key in memory, X-API-Key", &memory, ("x-api-key", key), ok),
        case("API key on SQLite, as bearer", &file, bearer(&key_on_file), ok),
        case("wrong checksum: 401", &memory, bearer(&wrong), refused),
        case("unknown key in memory: 401", &memory, bearer(&unknown), refused),
    ]
}

fn format() -> ApiKeyFormat {
    ApiKeyFormat::new("ak", KeyEnvironment::Live).expect("a prefix")
}

/// Builds an engine over these accounts, and creates a key for one of them.
async fn service(accounts: &Accounts) -> (Auth, String) {
    let secret = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into()).expect("a good secret");
    let keys = KeyRing::builder().sign_with(secret).build().expect("one key");
    let builder = Auth::builder().keys(keys).issuer("https://id.example.com").audience("notes-api");
    let auth = builder.accounts(accounts).build().expect("good settings");

    let mut new = NewAccount::new("alice", "alice@example.org", "no password".into());
    new.scopes = vec!["notes:read".to_owned(), "notes:write".to_owned()];
    let account = accounts.accounts().create(new).await.expect("an account");
    let key = format().mint(auth.entropy()).expect("a key");
    let now = auth.clock().unix();
    let (id, expires_at) = ("01a20942-1f10-74e6-916d-7e29aa74addd", now.plus_seconds(90 * 24 * 60 * 60));
    let mut record = ApiKeyRecord::new(id, account.id, key.hash(), now, Some(expires_at));
    record.name = "deploy".to_owned();
    record.display = key.display().to_owned();
    record.scopes = account.scopes;
    accounts.api_keys().create_key(record, 10).await.expect("a stored key");
    (auth, key.expose().to_owned())
}

async fn account(accounts: &Accounts) -> Account {
    accounts.accounts().find_by_login("alice").await.expect("an answer").expect("an account")
}
