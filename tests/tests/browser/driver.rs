use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use auth_tests::program::PATIENCE;

/// A running WebDriver (W3C). Dropping the value ends the driver and its browsers.
pub(super) struct Driver {
    process: Child,
    address: SocketAddr,
    /// Kept open, because the driver ends when it cannot print.
    _stdout: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts the driver on a port that it picks.
    pub(super) fn start() -> Self {
        let mut command = Command::new(program("CHROMEDRIVER", &["chromedriver"]));
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut printed = String::new();
        while port(&printed).is_none() && stdout.read_line(&mut printed).unwrap() > 0 {}
        let Some(port) = port(&printed) else {
            let _ = process.kill();
            let _ = process.wait();
            panic!("the WebDriver did not start; it printed:\n{printed}");
        };
        Self { process, address: (Ipv4Addr::LOCALHOST, port).into(), _stdout: stdout }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends Chromedriver's own command to end its browsers and itself. A `Drop` cannot wait for a future, so this uses
    /// plain HTTP.
    fn shut_down(&self) -> io::Result<()> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "GET /shutdown HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.shut_down();
        let asked = Instant::now();
        while self.process.try_wait().is_ok_and(|ended| ended.is_none()) && asked.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns whether the environment asks to skip the browser tests. Prints the skip to standard error, because the test
/// harness hides the output of tests that pass. A skipped test must not look like a passed one.
pub(super) fn is_unwanted() -> bool {
    let is_unwanted = env::var("AUTH_TESTS_WITHOUT_BROWSER").is_ok_and(|value| value == "1");
    if is_unwanted {
        let test = thread::current().name().unwrap_or_default().to_owned();
        let _ = writeln!(io::stderr(), "{test}: skipped, since AUTH_TESTS_WITHOUT_BROWSER=1 asks for no browser");
    }
    is_unwanted
}

/// Returns the path of Chromium.
pub(super) fn chromium() -> PathBuf {
    program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])
}

/// Returns the program that the variable names, or the first of these names in the path.
fn program(variable: &str, names: &[&str]) -> PathBuf {
    if let Some(named) = env::var_os(variable) {
        return named.into();
    }
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let mut found = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    found.find(|path| path.is_file()).unwrap_or_else(|| {
        panic!(
            "`{}` is not installed: `apt-get install chromium chromium-driver` (scripts/test does that as root), or name the \
             program in {variable}, or leave the browser out with AUTH_TESTS_WITHOUT_BROWSER=1",
            names[0],
        )
    })
}

/// Parses `ChromeDriver was started successfully on port 46455.`
fn port(printed: &str) -> Option<u16> {
    let (_, port) = printed.split_once("started successfully on port ")?;
    port.trim_end().strip_suffix('.')?.parse().ok()
}
