//! P2 over HTTP: how long a plain request takes during sign-ins, in one process with two async workers.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use auth_runtime::{
    Auth, account,
    clock::SystemClock,
    limit::{ForwardedHeader, TrustedProxies},
    secret::SystemEntropy,
    store::{Accounts, MemoryStore},
    token::{KeyRing, SigningKey},
};
use axum::{Router, extract::FromRef, routing::get};
use tokio::{net::TcpListener, runtime::Runtime};

#[derive(Clone)]
struct App {
    auth: Auth,
    accounts: Accounts,
}

impl FromRef<App> for Auth {
    fn from_ref(app: &App) -> Self {
        app.auth.clone()
    }
}

impl FromRef<App> for Accounts {
    fn from_ref(app: &App) -> Self {
        app.accounts.clone()
    }
}

/// Returns the 99th percentile of the plain request's time, idle and with `logins` sign-ins in flight. Also returns how
/// many sign-ins were answered in that time.
pub(crate) fn at_p99(runtime: &Runtime, requests: usize, logins: usize) -> (Duration, Duration, u64) {
    let address = serve(runtime);
    let idle = plain_requests(address, requests);
    let (stop, answered) = (AtomicBool::new(false), AtomicU64::new(0));
    let busy = thread::scope(|scope| {
        for login in 0..logins {
            let (stop, answered) = (&stop, &answered);
            scope.spawn(move || sign_in_until(address, login, stop, answered));
        }
        let busy = plain_requests(address, requests);
        stop.store(true, Ordering::Relaxed);
        busy
    });
    (idle, busy, answered.into_inner())
}

fn serve(runtime: &Runtime) -> SocketAddr {
    let key = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into()).expect("a good secret");
    let store = MemoryStore::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new()));
    let accounts = Accounts::new(store);
    let auth = Auth::builder()
        .keys(KeyRing::builder().sign_with(key).build().expect("one key"))
        .issuer("https://id.example.com")
        .audience("notes-api")
        // Each sign-in has another client address, so that no limit by address ends the run.
        .trusted_proxies(TrustedProxies::hops(core::num::NonZeroU8::MIN, ForwardedHeader::XForwardedFor))
        .accounts(&accounts)
        .build()
        .expect("good settings");
    let app = App { auth, accounts };
    let router: Router = account::routes().with_state(app).into_router().route("/plain", get(async || "hello"));
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = listener.local_addr().expect("an address");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    runtime.spawn(async { axum::serve(listener, service).await.expect("a server") });
    address
}

fn plain_requests(address: SocketAddr, count: usize) -> Duration {
    let mut connection = Connection::open(address);
    let mut times: Vec<_> = (0..count)
        .map(|_| {
            thread::sleep(Duration::from_millis(1));
            let asked = Instant::now();
            connection.ask("GET /plain HTTP/1.1\r\nhost: bench\r\n\r\n", "200");
            asked.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

/// Signs in with names that have no account. This costs the same as a wrong password.
fn sign_in_until(address: SocketAddr, login: usize, stop: &AtomicBool, answered: &AtomicU64) {
    let mut connection = Connection::open(address);
    for attempt in 0_u32.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let body = format!(r#"{{"username":"nobody_{login}_{attempt}","password":"correct horse battery staple"}}"#);
        let client = core::net::Ipv4Addr::from(0x0a00_0000 | ((login as u32) << 16) | (attempt & 0xffff));
        let head = format!(
            "POST /auth/login HTTP/1.1\r\nhost: bench\r\nx-forwarded-for: {client}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        connection.ask(&(head + &body), "401");
        answered.fetch_add(1, Ordering::Relaxed);
    }
}

struct Connection(TcpStream);

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("an option");
        Self(stream)
    }

    /// Sends a request and checks the status of the answer. The answers are small enough to arrive in one piece.
    fn ask(&mut self, request: &str, status: &str) {
        self.0.write_all(request.as_bytes()).expect("a request");
        let mut answer = [0; 4096];
        let length = self.0.read(&mut answer).expect("an answer");
        let head = String::from_utf8_lossy(&answer[..length]);
        assert_eq!(head.get(9..12), Some(status), "{head}");
    }
}
