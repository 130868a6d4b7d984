//! Whether there is a server at all.

use core::time::Duration;
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sqlx::postgres::PgConnectOptions;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};

/// Learns that the server's port or Unix socket refuses connections, so that calls fail at once.
///
/// The pool takes a refusal for a server that is starting, and tries again until its time is over. While a call is
/// late, this tries the port itself: with two refusals in a row, no server is there. Clones share what they learn.
#[derive(Clone)]
pub(super) struct Presence {
    address: Arc<Address>,
    state: Arc<Mutex<State>>,
}

/// Where the server listens.
enum Address {
    Tcp(String, u16),
    /// The file of a Unix socket.
    Socket(PathBuf),
}

#[derive(Default)]
struct State {
    is_trying: bool,
    refusals: u32,
    tried_at: Option<Instant>,
}

/// How late a call is when the port is tried for it.
pub(super) const LATE: Duration = Duration::from_millis(150);

/// The pause after a refusal.
const PAUSE: Duration = Duration::from_millis(100);

/// The pause after any other outcome. A connection costs the server a process, and the server is there.
const LONG_PAUSE: Duration = Duration::from_secs(1);

const PATIENCE: Duration = Duration::from_secs(2);

impl Presence {
    pub(super) fn of(options: &PgConnectOptions) -> Self {
        Self { address: Arc::new(Address::of(options)), state: Arc::default() }
    }

    /// Returns the refusal if the port has refused twice in a row and just now, and tries it again if that is due.
    pub(super) fn refusal(&self) -> Option<io::Error> {
        let mut state = self.state();
        let pause = if state.refusals > 0 { PAUSE } else { LONG_PAUSE };
        if !state.is_trying && state.tried_at.is_none_or(|tried_at| tried_at.elapsed() >= pause) {
            state.is_trying = true;
            let (this, address) = (self.clone(), Arc::clone(&self.address));
            tokio::spawn(async move {
                let trying = Trying(this);
                let connected = timeout(PATIENCE, address.connect()).await;
                trying.end(matches!(connected, Ok(Err(error)) if address.is_refusal(&error)));
            });
        }
        let is_recent = state.tried_at.is_some_and(|tried_at| tried_at.elapsed() < LONG_PAUSE);
        (state.refusals > 1 && is_recent).then(|| io::ErrorKind::ConnectionRefused.into())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the folder of the server's Unix socket, or `None` for TCP.
fn socket_folder(options: &PgConnectOptions) -> Option<&Path> {
    let host = options.get_host();
    options.get_socket().map(PathBuf::as_path).or_else(|| host.starts_with('/').then(|| host.as_ref()))
}

pub(super) fn is_on_socket(options: &PgConnectOptions) -> bool {
    socket_folder(options).is_some()
}

impl Address {
    fn of(options: &PgConnectOptions) -> Self {
        match socket_folder(options) {
            Some(folder) => Self::Socket(folder.join(format!(".s.PGSQL.{}", options.get_port()))),
            None => Self::Tcp(options.get_host().to_owned(), options.get_port()),
        }
    }

    async fn connect(&self) -> io::Result<()> {
        match self {
            Self::Tcp(host, port) => TcpStream::connect((&**host, *port)).await.map(drop),
            #[cfg(unix)]
            Self::Socket(file) => UnixStream::connect(file).await.map(drop),
            #[cfg(not(unix))]
            Self::Socket(_) => Ok(()),
        }
    }

    /// A server that ended in order has removed its socket.
    fn is_refusal(&self, error: &io::Error) -> bool {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => true,
            io::ErrorKind::NotFound => matches!(self, Self::Socket(_)),
            _ => false,
        }
    }
}

/// An attempt. Dropped with its runtime, it makes room for another one.
struct Trying(Presence);

impl Trying {
    fn end(self, is_refused: bool) {
        let mut state = self.0.state();
        state.tried_at = Some(Instant::now());
        state.refusals = if is_refused { state.refusals.saturating_add(1) } else { 0 };
    }
}

impl Drop for Trying {
    fn drop(&mut self) {
        self.0.state().is_trying = false;
    }
}
