use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::binary::binary;
use crate::http::Call;

/// A running program that serves HTTP, in a folder of its own. Ends with the value.
pub struct Running {
    package: &'static str,
    child: Child,
    address: SocketAddr,
    /// What it printed before it served.
    greeting: String,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    settings: Vec<(String, String)>,
    folder: Arc<TempDir>,
}

impl Running {
    /// The program of this package, in an empty folder, with these variables and no other in its environment.
    pub fn start(package: &'static str, settings: &[(&str, &str)]) -> Self {
        Self::start_in(Arc::new(TempDir::new().unwrap()), package, owned(settings))
    }

    /// Ends it without any warning, as a crash would, and starts it again in the same folder.
    pub fn crash_and_restart(mut self) -> Self {
        self.end();
        Self::start_in(Arc::clone(&self.folder), self.package, self.settings.clone())
    }

    fn start_in(folder: Arc<TempDir>, package: &'static str, settings: Vec<(String, String)>) -> Self {
        let mut child = command(package, folder.path(), &settings).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let shared = Arc::clone(&log);
        let reader = Some(thread::spawn(move || collect(stderr, |line| shared.lock().unwrap().push_str(line))));
        let (sender, lines) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        // Goes on reading when nobody listens any more: a full pipe would stop the server.
        thread::spawn(move || collect(stdout, |line| drop(sender.send(line.to_owned()))));

        let mut greeting = String::new();
        let address = loop {
            let Ok(line) = lines.recv_timeout(PATIENCE) else {
                let _ = child.kill();
                panic!("the server did not start; it printed:\n{greeting}\n{}", log.lock().unwrap());
            };
            greeting.push_str(&line);
            if let Some(address) = line.trim().strip_prefix("Listening on http://") {
                break address.parse().unwrap();
            }
        };
        Self { package, child, address, greeting, log, reader, settings, folder }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What it printed before it served.
    pub fn greeting(&self) -> &str {
        &self.greeting
    }

    /// Ends it; all of its events. While it runs, its last ones may still be on their way.
    pub fn into_log(mut self) -> String {
        self.end();
        self.reader.take().unwrap().join().unwrap();
        self.log.lock().unwrap().clone()
    }

    /// The secret that it made for itself.
    pub fn secret(&self) -> String {
        let env = fs::read_to_string(self.folder().join(".env")).unwrap();
        env.lines().find_map(|line| line.strip_prefix("SECRET_KEY=")).unwrap().to_owned()
    }

    /// A request to it.
    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    /// A request to it.
    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    /// A request to it.
    pub fn call(&self, method: &str, path: &str) -> Call {
        Call::new(self.address, method, path)
    }

    /// Runs the program beside the server, with arguments, to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        finish(command(self.package, self.folder(), &self.settings).args(arguments).spawn().unwrap())
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs the program where it is expected to end by itself.
pub fn run_in(package: &'static str, folder: &Path, settings: &[(&str, &str)]) -> Output {
    finish(command(package, folder, &owned(settings)).spawn().unwrap())
}

fn owned(settings: &[(&str, &str)]) -> Vec<(String, String)> {
    settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// How long a slow machine may take to start the program, or to end it.
pub const PATIENCE: Duration = Duration::from_secs(60);

fn command(package: &'static str, folder: &Path, settings: &[(String, String)]) -> Command {
    let mut command = Command::new(binary(package));
    command.current_dir(folder).env_clear().env("LISTEN", "127.0.0.1:0").stdin(Stdio::null());
    command.envs(settings.iter().map(|(name, value)| (name, value)));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn finish(mut child: Child) -> Output {
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("the program was expected to end by itself");
        }
        thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

fn collect(mut stream: BufReader<impl Read>, mut take: impl FnMut(&str)) {
    let mut line = String::new();
    while stream.read_line(&mut line).is_ok_and(|length| length > 0) {
        take(&line);
        line.clear();
    }
}
