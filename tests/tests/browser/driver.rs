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

/// A running WebDriver (W3C). Ends with the value, and ends its browsers.
pub(super) struct Driver {
    process: Child,
    address: SocketAddr,
    /// Kept open: a driver that cannot print any more ends.
    _stdout: BufReader<ChildStdout>,
}

impl Driver {
    /// On a port that it picks itself.
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

    /// Chromedriver's own command to end its browsers and itself. A `Drop` cannot wait for a future, so this is plain HTTP.
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

/// Whether the tests are to do without a browser, because somebody asked for it. Says so past the test harness, which
/// shows nothing of tests that pass: one that was not run must not look like one that passed.
pub(super) fn is_unwanted() -> bool {
    let is_unwanted = env::var("AUTH_TESTS_WITHOUT_BROWSER").is_ok_and(|value| value == "1");
    if is_unwanted {
        let test = thread::current().name().unwrap_or_default().to_owned();
        let _ = writeln!(io::stderr(), "{test}: skipped, since AUTH_TESTS_WITHOUT_BROWSER=1 asks for no browser");
    }
    is_unwanted
}

/// Where Chromium is.
pub(super) fn chromium() -> PathBuf {
    program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])
}

/// The program that a variable names, or the first of these in the path.
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

/// `ChromeDriver was started successfully on port 46455.`
fn port(printed: &str) -> Option<u16> {
    let (_, port) = printed.split_once("started successfully on port ")?;
    port.trim_end().strip_suffix('.')?.parse().ok()
}
