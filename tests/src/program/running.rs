use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::binary::binary;
use crate::http::Call;

/// A running program that serves HTTP, in its own folder. Dropping the value ends the program.
#[derive(Debug)]
pub struct Running {
    program: PathBuf,
    child: Child,
    address: SocketAddr,
    /// The output before it served.
    greeting: String,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    settings: Vec<(String, String)>,
    folder: Arc<TempDir>,
}

impl Running {
    /// Starts the package's program in an empty folder. Its environment has only these variables.
    pub fn start(package: &'static str, settings: &[(&str, &str)]) -> Self {
        Self::start_program(binary(package), settings)
    }

    /// Starts a program of another build in an empty folder. Its environment has only these variables.
    pub fn start_program(program: PathBuf, settings: &[(&str, &str)]) -> Self {
        Self::start_in(Arc::new(TempDir::new().unwrap()), program, owned(settings))
    }

    /// Kills the program without a warning, as a crash would, and starts it again in the same folder.
    pub fn crash_and_restart(mut self) -> Self {
        self.end();
        Self::start_in(Arc::clone(&self.folder), self.program.clone(), self.settings.clone())
    }

    fn start_in(folder: Arc<TempDir>, program: PathBuf, settings: Vec<(String, String)>) -> Self {
        let mut child = command(&program, folder.path(), &settings).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let shared = Arc::clone(&log);
        let reader = Some(thread::spawn(move || collect(stderr, |line| shared.lock().unwrap().push_str(line))));
        let (sender, lines) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        // Keeps reading after the receiver is dropped: a full pipe would stop the server.
        thread::spawn(move || collect(stdout, |line| drop(sender.send(line.to_owned()))));

        let mut greeting = String::new();
        let address = loop {
            let Ok(line) = lines.recv_timeout(PATIENCE) else {
                let _ = child.kill();
                panic!("the server did not start; it printed:\n{greeting}\n{}", log.lock().unwrap());
            };
            greeting.push_str(&line);
            let address = line.trim().strip_prefix("Listening on ").and_then(|address| address.split_once("://"));
            if let Some((_, address)) = address {
                break address.parse().unwrap();
            }
        };
        Self { program, child, address, greeting, log, reader, settings, folder }
    }

    /// Returns the address on which the program listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the folder in which the program runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the output before it served.
    pub fn greeting(&self) -> &str {
        &self.greeting
    }

    /// Ends the program and returns all of its events. Before the end, its last events may still be on their way.
    pub fn into_log(mut self) -> String {
        self.end();
        self.reader.take().unwrap().join().unwrap();
        self.log.lock().unwrap().clone()
    }

    /// Returns the secret that the program generated for itself.
    pub fn secret(&self) -> String {
        let env = fs::read_to_string(self.folder().join(".env")).unwrap();
        env.lines().find_map(|line| line.strip_prefix("SECRET_KEY=")).unwrap().to_owned()
    }

    /// Creates a GET request to the program.
    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    /// Creates a POST request to the program.
    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    /// Creates a request to the program.
    pub fn call(&self, method: &str, path: &str) -> Call {
        Call::new(self.address, method, path)
    }

    /// Runs the program with arguments, beside the server, and waits for its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        finish(command(&self.program, self.folder(), &self.settings).args(arguments).spawn().unwrap())
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

/// Runs the program, which is expected to exit on its own.
pub fn run_in(package: &'static str, folder: &Path, settings: &[(&str, &str)]) -> Output {
    finish(command(&binary(package), folder, &owned(settings)).spawn().unwrap())
}

fn owned(settings: &[(&str, &str)]) -> Vec<(String, String)> {
    settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The time that a slow machine may take to start or to end the program.
pub const PATIENCE: Duration = Duration::from_secs(60);

fn command(program: &Path, folder: &Path, settings: &[(String, String)]) -> Command {
    let mut command = Command::new(program);
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
            panic!("the program was expected to exit on its own");
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
