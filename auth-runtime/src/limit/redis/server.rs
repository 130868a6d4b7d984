//! Throw-away servers for tests. `scripts/services` says where their program is.

use std::{
    env, fs,
    io::Write,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::Duration,
};

use redis::{Client, Cmd, FromRedisValue, IntoConnectionInfo, RedisConnectionInfo, aio::MultiplexedConnection};
use tempfile::TempDir;

/// The variable with the path of the server's program.
const PROGRAM: &str = "AUTH_TESTS_REDIS_SERVER";

/// A server that ends with the test, also when the test is killed.
pub(super) struct Server {
    program: String,
    port: u16,
    process: Child,
    /// The shell around the server ends it when this pipe closes.
    alive: Option<ChildStdin>,
    options: Vec<String>,
    folder: TempDir,
}

impl Server {
    /// Starts an empty server, or returns `None` where there is no program: the test is left out then.
    pub(super) fn start(options: &[&str]) -> Option<Self> {
        Some(Self::start_program(program(PROGRAM, "tests against a Redis")?, options))
    }

    /// Starts Valkey. Where the distribution lacks it, the test is left out, also in continuous integration.
    pub(super) fn start_valkey() -> Option<Self> {
        let found = env::var("AUTH_TESTS_VALKEY_SERVER").ok();
        if found.is_none() {
            let _ = writeln!(std::io::stderr(), "LEFT OUT: tests against a Valkey, since the distribution has none");
        }
        Some(Self::start_program(found?, &[]))
    }

    fn start_program(program: String, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // A port that was free a moment ago may be taken meanwhile.
        for _ in 0..20 {
            let port = free_port();
            let options: Vec<_> = options.iter().map(|option| (*option).to_owned()).collect();
            if let Some((process, alive)) = spawn(&program, port, &options, folder.path()) {
                return Self { program, port, process, alive, options, folder };
            }
        }
        panic!("`{program}` did not start");
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Stops and continues the server's process, as a debugger or a virtual machine does: `-STOP`, `-CONT`.
    pub(super) fn signal(&self, name: &str) {
        let process = fs::read_to_string(self.folder.path().join("pid")).unwrap();
        assert!(Command::new("kill").args([name, process.trim()]).status().unwrap().success());
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Kills the server. All its counters are lost.
    pub(super) fn kill(&mut self) {
        drop(self.alive.take());
        self.process.wait().unwrap();
    }

    /// Starts the server again, empty and on the same port.
    pub(super) fn restart(&mut self) {
        self.kill();
        for _ in 0..100 {
            if let Some((process, alive)) = spawn(&self.program, self.port, &self.options, self.folder.path()) {
                (self.process, self.alive) = (process, alive);
                return;
            }
        }
        panic!("`{}` did not start again", self.program);
    }

    pub(super) async fn connect(&self) -> MultiplexedConnection {
        Client::open(self.url()).unwrap().get_multiplexed_async_connection().await.unwrap()
    }

    /// Connects and sends nothing, to a server that answers nothing.
    pub(super) async fn connect_busy(&self) -> MultiplexedConnection {
        let info = self.url().into_connection_info().unwrap();
        let info = info.set_redis_settings(RedisConnectionInfo::default().set_skip_set_lib_name());
        Client::open(info).unwrap().get_multiplexed_async_connection().await.unwrap()
    }

    /// Sends one command, by its words.
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &str) -> T {
        let mut parts = Cmd::new();
        command.split(' ').for_each(|part| {
            parts.arg(part);
        });
        parts.query_async(&mut self.connect().await).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Returns the value of a variable that `scripts/services` prints. Without it, names the tests that are left out; in
/// continuous integration that is a failure.
pub(super) fn program(variable: &str, tests: &str) -> Option<String> {
    let found = env::var(variable).ok();
    if found.is_none() {
        assert!(env::var("CI").as_deref() != Ok("true"), "{variable} is not set: `scripts/services run` sets it");
        // Not by `eprintln!`, which shows nothing in a test that passes.
        let _ = writeln!(std::io::stderr(), "LEFT OUT: {tests}, since {variable} is not set (scripts/services run)");
    }
    found
}

/// Returns the first host and port of a URL.
pub(super) fn address_of(url: &str) -> (String, u16) {
    let hosts = url.split_once("://").unwrap().1;
    let (host, port) = hosts.split([',', '/']).next().unwrap().rsplit_once(':').unwrap();
    (host.to_owned(), port.parse().unwrap())
}

pub(super) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn spawn(program: &str, port: u16, options: &[String], folder: &Path) -> Option<(Child, Option<ChildStdin>)> {
    // A file of settings stands before all options.
    let (file, options) = options.split_at(options.iter().take_while(|option| !option.starts_with('-')).count());
    let mut process = Command::new("sh")
        .args(["-c", "\"$@\" >log & server=$!; echo $server >pid; cat; kill -9 $server; wait $server", "sh", program])
        .args(file)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args(options)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let alive = process.stdin.take();
    for _ in 0..500 {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Some((process, alive));
        }
        thread::sleep(Duration::from_millis(10));
    }
    drop(alive);
    process.wait().unwrap();
    None
}
