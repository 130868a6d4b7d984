//! A server of a test's own, which the test may kill, pause and restart.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::fs::{PermissionsExt as _, chown},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::servers::server;

/// The variable with the folder of the server's programs.
const PROGRAMS: &str = "AUTH_TESTS_POSTGRES_PROGRAMS";

/// A server that ends with the test, also when the test is killed.
pub(crate) struct OwnServer {
    programs: String,
    port: u16,
    options: Vec<String>,
    shell: Child,
    /// The shell around the server ends it when this pipe closes.
    alive: Option<ChildStdin>,
    process: u32,
    folder: TempDir,
}

impl OwnServer {
    /// Starts a server with these settings, or returns `None` where there is no program: the test is left out then.
    pub(crate) fn start(settings: &[&str]) -> Option<Self> {
        Self::start_in(&env::temp_dir(), settings)
    }

    /// Starts a server with its files in this folder.
    pub(crate) fn start_in(place: &Path, settings: &[&str]) -> Option<Self> {
        server()?;
        let programs = env::var(PROGRAMS).unwrap();
        let folder = folder_in(place);
        run(&programs, "initdb", &["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], folder.path());
        let options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "shared_buffers=16MB"];
        let options: Vec<_> = options.iter().chain(settings).map(|one| (*one).to_owned()).collect();
        Some(Self::over(programs, folder, options))
    }

    /// Starts a replica that follows this server.
    pub(crate) fn follower(&self) -> Self {
        let folder = folder_in(&env::temp_dir());
        let port = self.port.to_string();
        let how = ["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "--checkpoint=fast", "--no-sync", "-R"];
        run(&self.programs, "pg_basebackup", &how, folder.path());
        Self::over(self.programs.clone(), folder, self.options.clone())
    }

    fn over(programs: String, folder: TempDir, options: Vec<String>) -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let (shell, alive, process) = spawn(&programs, folder.path(), port, &options);
        Self { programs, port, options, shell, alive: Some(alive), process, folder }
    }

    pub(crate) fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Creates a folder in which the server's user may create sockets.
    pub(crate) fn folder_for_sockets() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        folder
    }

    pub(crate) fn url_on_socket(&self, folder: &Path) -> String {
        format!("postgresql://postgres@/postgres?host={}&port={}", folder.display(), self.port)
    }

    /// Kills the server with all its processes, as a crash would.
    pub(crate) fn kill(&mut self) {
        // A server that stands still starts no other process meanwhile.
        signal("-STOP", [self.process.to_string()]);
        self.signal("-KILL");
        drop(self.alive.take());
        self.shell.wait().unwrap();
    }

    /// Starts the server again, on the same port and with its data.
    pub(crate) fn restart(&mut self) {
        let (shell, alive, process) = spawn(&self.programs, self.folder.path(), self.port, &self.options);
        (self.shell, self.alive, self.process) = (shell, Some(alive), process);
    }

    /// Lets the server ask for passwords from its next start on, and restarts it.
    pub(crate) fn ask_for_passwords(&mut self) {
        self.kill();
        let rules = self.folder.path().join("data/pg_hba.conf");
        fs::write(rules, "host all all 127.0.0.1/32 scram-sha-256\n").unwrap();
        self.restart();
    }

    /// Lets all processes of the server stand still, or go on.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, name: &str) {
        let children = format!("/proc/{0}/task/{0}/children", self.process);
        // A server that has ended itself has no children.
        let children = fs::read_to_string(children).unwrap_or_default();
        signal(name, children.split_whitespace().map(str::to_owned).chain([self.process.to_string()]));
    }
}

fn signal(name: &str, processes: impl IntoIterator<Item = String>) {
    // One may have ended in the meantime.
    Command::new("kill").arg(name).args(processes).stderr(Stdio::null()).status().unwrap();
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if self.alive.is_some() {
            self.resume();
        }
        drop(self.alive.take());
        let _ = self.shell.wait();
    }
}

/// Creates a folder with an empty folder `data`, which the server's user owns.
fn folder_in(place: &Path) -> TempDir {
    let folder = tempfile::tempdir_in(place).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    if let Some((user, group)) = user() {
        chown(&data, Some(user), Some(group)).unwrap();
    }
    fs::set_permissions(data, fs::Permissions::from_mode(0o700)).unwrap();
    folder
}

/// Runs a program of the server that writes the folder `data`.
fn run(programs: &str, program: &str, arguments: &[&str], folder: &Path) {
    let mut program = as_user(&format!("{programs}/{program}"));
    let ran = program.args(arguments).arg("-D").arg(folder.join("data")).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
}

/// Starts the server until it accepts connections. It refuses to start while a process of a killed one is still there.
fn spawn(programs: &str, folder: &Path, port: u16, options: &[String]) -> (Child, ChildStdin, u32) {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let (mut shell, alive, process) = spawn_once(programs, folder, port, options);
        while !has_ended(process) {
            assert!(Instant::now() < end, "the server did not start");
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return (shell, alive, process);
            }
            thread::sleep(Duration::from_millis(20));
        }
        assert!(Instant::now() < end, "{}", fs::read_to_string(folder.join("data/log.txt")).unwrap());
        drop(alive);
        shell.wait().unwrap();
        thread::sleep(Duration::from_millis(50));
    }
}

fn spawn_once(programs: &str, folder: &Path, port: u16, options: &[String]) -> (Child, ChildStdin, u32) {
    let mut shell = as_user("sh");
    shell.args(["-c", "\"$@\" >log.txt 2>&1 </dev/null & echo $!; cat; kill -QUIT $!; wait", "sh"]);
    shell.arg(format!("{programs}/postgres")).args(["-D", ".", "-p", &port.to_string()]);
    shell.args(options.iter().flat_map(|option| ["-c", option]));
    shell.current_dir(folder.join("data")).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut shell = shell.spawn().unwrap();
    let alive = shell.stdin.take().unwrap();
    let mut process = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut process).unwrap();
    (shell, alive, process.trim().parse().unwrap())
}

/// Returns whether only the process's status is left, for the shell that started it.
fn has_ended(process: u32) -> bool {
    fs::read_to_string(format!("/proc/{process}/stat")).map_or(true, |stat| stat.contains(") Z"))
}

/// PostgreSQL does not run as root. Root starts it as another user.
fn as_user(program: &str) -> Command {
    let Some((user, group)) = user() else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &user.to_string(), "--regid", &group.to_string(), "--clear-groups", program]);
    command
}

/// Returns the numbers of the user `postgres`, or of `nobody`; `None` if this process is not root.
fn user() -> Option<(u32, u32)> {
    let number = |arguments: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse().ok()
    };
    (number(&["-u"]) == Some(0)).then(|| {
        let of = |user| Some((number(&["-u", user])?, number(&["-g", user])?));
        of("postgres").or_else(|| of("nobody")).unwrap()
    })
}
