//! The first connection to a server, which may start together with its clients.

use core::{error::Error, fmt, time::Duration};
use std::io;

use sqlx::{
    Connection as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::{Instant, sleep, timeout};

use super::presence::is_on_socket;

const PAUSE: Duration = Duration::from_millis(100);

/// Opens the pool, and tries again while the server may be starting. The pool itself does so where the port refuses,
/// and where the server says that it starts.
pub(super) async fn pool(
    options: PgPoolOptions,
    server: &PgConnectOptions,
    wait: Duration,
) -> Result<PgPool, sqlx::Error> {
    let start = Instant::now();
    loop {
        let error = match options.clone().connect_with(server.clone()).await {
            Err(sqlx::Error::PoolTimedOut) => return Err(cause(server, wait).await),
            Err(error) => error,
            opened => return opened,
        };
        if !may_be_starting(&error, server) || start.elapsed() >= wait {
            return Err(in_words(error, server));
        }
        sleep(PAUSE).await;
    }
}

/// Returns why no connection could be made. The pool tries until its time is over, and then tells the time-out alone.
pub(super) async fn cause(server: &PgConnectOptions, wait: Duration) -> sqlx::Error {
    match timeout(wait, PgConnection::connect_with(server)).await {
        Ok(Err(error)) => in_words(error, server),
        Ok(Ok(_)) | Err(_) => sqlx::Error::PoolTimedOut,
    }
}

/// A proxy before a server that is starting closes connections. A server that is starting has no socket yet.
fn may_be_starting(error: &sqlx::Error, server: &PgConnectOptions) -> bool {
    let is_missing = matches!(error, sqlx::Error::Io(error) if error.kind() == io::ErrorKind::NotFound);
    is_closed_at_once(error) || (is_missing && is_on_socket(server))
}

/// Returns whether the other side closed the connection before it answered.
///
/// The client learns it as a reset or as an end, which depends on whether its first message arrived before. sqlx
/// takes the end for an unknown answer to that message.
fn is_closed_at_once(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Protocol(words) => words.contains("response from SSLRequest: 0x00"),
        sqlx::Error::Io(error) => matches!(
            error.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof
        ),
        _ => false,
    }
}

/// sqlx does not say which file is missing.
fn in_words(error: sqlx::Error, server: &PgConnectOptions) -> sqlx::Error {
    let missing = match error {
        error if is_closed_at_once(&error) => {
            let words = "the server closes connections before it answers; is it PostgreSQL?";
            return sqlx::Error::Io(io::Error::new(io::ErrorKind::ConnectionAborted, words));
        }
        sqlx::Error::Io(error) if error.kind() == io::ErrorKind::NotFound => error,
        other => return other,
    };
    let words = if is_on_socket(server) {
        "the server has no Unix socket in the folder that the database URL names, for the port there"
    } else {
        "a file that the database URL names in `sslrootcert`, `sslcert` or `sslkey` does not exist"
    };
    sqlx::Error::Io(io::Error::new(missing.kind(), MissingFile { words, missing }))
}

#[derive(Debug)]
struct MissingFile {
    words: &'static str,
    missing: io::Error,
}

impl fmt::Display for MissingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words)
    }
}

impl Error for MissingFile {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.missing)
    }
}
