//! Measures a request that has nothing to do with 1,000 hostile connections: how long its answer takes, and how much
//! memory the server has.
//!
//! Run it with `cargo bench -p auth-runtime --features web --bench serve`. The server is a process of its own, with the
//! default limits, so its memory is counted alone (Linux only). Each kind of attack goes on while 500 requests are
//! answered, one after the other, each on a new connection. More than 1,024 files must be allowed (`ulimit -n`).
//!
//! The attackers are a process of their own, too, with the lowest priority (`nice`). An attacker on the internet takes
//! no time of the server's processor except by what it sends.
#![allow(missing_docs, reason = "a benchmark")]
#![allow(clippy::print_stdout, reason = "a benchmark's result")]

use std::{
    env,
    fs::read_to_string,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::Builder,
    task::JoinSet,
    time::sleep,
};

const CONNECTIONS: usize = 1_000;
const REQUESTS: usize = 500;

fn main() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let arguments: Vec<_> = env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, "server"] => runtime.block_on(serve()),
        [_, "attack", name, address] => runtime.block_on(attack(name, address.parse().expect("an address"))),
        _ => runtime.block_on(measure()),
    }
}

/// How many of the handlers that the attackers call have begun.
static BEGUN: AtomicU64 = AtomicU64::new(0);

async fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("{}", listener.local_addr().expect("an address"));
    let slow = async || {
        BEGUN.fetch_add(1, Ordering::Relaxed);
        sleep(Duration::MAX).await;
    };
    let begun = async || BEGUN.load(Ordering::Relaxed).to_string();
    let app = Router::new().route("/", get(async || "well")).route("/slow", get(slow)).route("/begun", get(begun));
    auth_runtime::serve(listener, app).await.expect("limits that work");
}

/// Attacks until the process is killed.
async fn attack(name: &str, address: SocketAddr) {
    let attack = ATTACKS.into_iter().find(|attack| format!("{attack:?}") == name).expect("an attack");
    let mut clients = JoinSet::new();
    for _ in 0..CONNECTIONS {
        clients.spawn(attack.run(address));
    }
    while clients.join_next().await.is_some() {}
}

async fn measure() {
    for attack in ATTACKS {
        let server = Server::start();
        let before = server.memory();
        let address = server.address;
        let attackers = (attack != Attack::None).then(|| Attackers::start(attack, address));
        sleep(Duration::from_secs(2)).await;
        let (began, begun) = (Instant::now(), begun(address).await);
        let mut most = server.memory();
        let mut times = Vec::with_capacity(REQUESTS);
        for round in 0..REQUESTS {
            let start = Instant::now();
            assert_eq!(request(address, "/").await, "well");
            times.push(start.elapsed());
            if round % 50 == 0 {
                most = most.max(server.memory());
            }
        }
        let begun = (self::begun(address).await - begun) as f64 / began.elapsed().as_secs_f64();
        drop(attackers);
        times.sort_unstable();
        println!(
            "{attack:?}: median {:?}, 99 of 100 within {:?}, slowest {:?}; memory {before} KiB before, {most} KiB at most",
            times[REQUESTS / 2],
            times[REQUESTS * 99 / 100],
            times[REQUESTS - 1],
        );
        if begun > 0.0 {
            println!("  the attackers' handlers begin {begun:.0} times a second, and are reset");
        }
    }
}

async fn begun(address: SocketAddr) -> u64 {
    request(address, "/begun").await.parse().expect("a number")
}

const ATTACKS: [Attack; 5] = [Attack::None, Attack::Silence, Attack::HalfHead, Attack::ByteASecond, Attack::Resets];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attack {
    None,
    Silence,
    HalfHead,
    ByteASecond,
    Resets,
}

impl Attack {
    /// Attacks with one connection, and with a new one whenever the server ends it.
    async fn run(self, address: SocketAddr) {
        loop {
            let Ok(mut client) = TcpStream::connect(address).await else { return };
            // However the connection ends, the next one follows.
            let _ = match self {
                Self::None => return,
                Self::Silence => wait(&mut client).await,
                Self::HalfHead => {
                    drop(client.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nx-half: ").await);
                    wait(&mut client).await
                }
                Self::ByteASecond => drop_by_drop(&mut client).await,
                Self::Resets => resets(&mut client).await,
            };
        }
    }
}

async fn wait(client: &mut TcpStream) -> std::io::Result<()> {
    client.read_to_end(&mut Vec::new()).await.map(drop)
}

async fn drop_by_drop(client: &mut TcpStream) -> std::io::Result<()> {
    client.write_all(b"GET / HTTP/1.1\r\nx-slow: ").await?;
    loop {
        client.write_all(b"a").await?;
        sleep(Duration::from_secs(1)).await;
    }
}

/// Opens and resets ten streams of HTTP/2 at a time.
async fn resets(client: &mut TcpStream) -> std::io::Result<()> {
    let frame = |kind: u8, flags: u8, stream: u32, payload: &[u8]| {
        let length = u8::try_from(payload.len()).expect("a short payload");
        [&[0, 0, length, kind, flags], &stream.to_be_bytes()[..], payload].concat()
    };
    client.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await?;
    // `GET /slow` by the static table of HPACK.
    let head = [&[0x82, 0x86, 0x04, 5][..], b"/slow", &[0x41, 1, b'a']].concat();
    for first in (1..).step_by(20) {
        let streams = (first..first + 20).step_by(2);
        client.write_all(&streams.clone().flat_map(|it| frame(1, 5, it, &head)).collect::<Vec<_>>()).await?;
        sleep(Duration::from_millis(10)).await;
        client.write_all(&streams.flat_map(|it| frame(3, 0, it, &[0, 0, 0, 8])).collect::<Vec<_>>()).await?;
    }
    Ok(())
}

/// Returns the body of an answer.
async fn request(address: SocketAddr, path: &str) -> String {
    let mut client = TcpStream::connect(address).await.expect("a connection");
    let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    client.write_all(head.as_bytes()).await.expect("a request");
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.expect("an answer");
    answer.split_once("\r\n\r\n").expect("a whole head").1.to_owned()
}

/// The process of the attackers.
struct Attackers(Child);

impl Attackers {
    fn start(attack: Attack, address: SocketAddr) -> Self {
        let program = env::current_exe().expect("this program");
        let mut attackers = Command::new("nice");
        attackers.args(["-n", "19"]).arg(program).args(["attack", &format!("{attack:?}"), &address.to_string()]);
        Self(attackers.spawn().expect("attackers"))
    }
}

impl Drop for Attackers {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start() -> Self {
        let program = env::current_exe().expect("this program");
        let mut process = Command::new(program).arg("server").stdout(Stdio::piped()).spawn().expect("a server");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("its address");
        Self { process, address: line.trim().parse().expect("an address") }
    }

    /// Returns the memory of the server, in KiB.
    fn memory(&self) -> u64 {
        let status = read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
