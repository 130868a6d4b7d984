use core::{fmt, str::FromStr, time::Duration};
use std::sync::Arc;

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};

use super::{error::failed, file::create_private, migrate::migrate};
use crate::{
    clock::{Clock, SystemClock},
    error::StoreError,
    secret::{Entropy, SystemEntropy},
};

/// A store of all records in a SQLite database. Clones share one pool.
///
/// The names of the framework's tables begin with `auth_`. All other names are free for the application, which can use
/// the same database through [`SqliteStore::pool`].
///
/// Everything that a method reported as written is on the disk: the database runs in WAL mode with `synchronous=FULL`.
/// With `NORMAL`, a power cut could undo the last commits, and a used refresh token would become valid again.
///
/// ```no_run
/// use auth_runtime::store::{Accounts, SqliteStore};
///
/// # async fn start() -> Result<(), auth_runtime::error::StoreError> {
/// let store = SqliteStore::open("sqlite://notes.db").await?;
/// let pool = store.pool().clone(); // for the application's own tables
/// let accounts = Accounts::new(store);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SqliteStore {
    pub(super) pool: SqlitePool,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    /// Held by the task that may write.
    pub(super) turn: Arc<Mutex<()>>,
    pub(super) patience: Duration,
}

impl SqliteStore {
    /// Opens the database at `url` with the defaults of [`SqliteStore::builder`], the operating system's clock and its
    /// source of randomness.
    ///
    /// # Errors
    /// Returns the errors of [`SqliteBuilder::open`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::builder(url).open().await
    }

    /// Opens the database like [`open`](Self::open), with the given clock and source of randomness, as tests need it.
    ///
    /// # Errors
    /// Returns the errors of [`SqliteBuilder::open`].
    pub async fn open_with(url: &str, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, StoreError> {
        Self::builder(url).open_with(clock, entropy).await
    }

    /// Starts to configure the database at `url`: `sqlite://relative/path.db`, `sqlite:///absolute/path.db`, or
    /// `sqlite::memory:` for a database that lives as long as the store.
    pub fn builder(url: impl Into<String>) -> SqliteBuilder {
        SqliteBuilder { url: url.into(), max_connections: 8, busy_timeout: Duration::from_secs(5) }
    }

    /// Returns the connection pool, for the application's own tables.
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }
}

/// Prints no path and no record.
impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("patience", &self.patience).finish_non_exhaustive()
    }
}

const SHORTEST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// The pool reserves room for every connection at once.
const MOST_CONNECTIONS: u32 = 1_000;

/// The configuration of a SQLite database; created by [`SqliteStore::builder`].
#[derive(Clone)]
#[must_use]
pub struct SqliteBuilder {
    url: String,
    max_connections: u32,
    busy_timeout: Duration,
}

/// Prints no URL, which may hold the key of an encrypted database.
impl fmt::Debug for SqliteBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteBuilder")
            .field("max_connections", &self.max_connections)
            .field("busy_timeout", &self.busy_timeout)
            .finish_non_exhaustive()
    }
}

impl SqliteBuilder {
    /// Sets how many connections may be open at once; 8 by default. A number outside of 1 to 1,000 counts as the
    /// nearest of the two. Each connection has its own thread. A database in memory always has exactly one.
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.max_connections = connections.clamp(1, MOST_CONNECTIONS);
        self
    }

    /// Sets how long to wait before failing; 5 seconds by default. The limit applies separately to each of three waits:
    /// for other writers of this process, for a connection, and for writers of other processes.
    ///
    /// A time below 50 milliseconds counts as 50 milliseconds, which a connection may need to open. A time above an
    /// hour counts as an hour.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout.clamp(SHORTEST_WAIT, LONGEST_WAIT);
        self
    }

    /// Opens the database and brings its tables up to date. Creates a missing file, readable and writable only by its
    /// owner; its directory must exist. Any number of processes may do this at once.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the URL is not a SQLite URL, the file cannot be created or opened, or a newer
    /// version of this crate wrote its tables.
    pub async fn open(self) -> Result<SqliteStore, StoreError> {
        self.open_with(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new())).await
    }

    /// Opens the database like [`open`](Self::open), with the given clock and source of randomness.
    ///
    /// # Errors
    /// Returns the errors of [`open`](Self::open).
    pub async fn open_with(self, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<SqliteStore, StoreError> {
        let pool = self.connect().await.map_err(failed)?;
        migrate(&pool, clock.unix()).await?;
        Ok(SqliteStore { pool, clock, entropy, turn: Arc::default(), patience: self.busy_timeout })
    }

    async fn connect(&self) -> Result<SqlitePool, sqlx::Error> {
        let options = self.connect_options()?;
        let pool = SqlitePoolOptions::new().acquire_timeout(self.busy_timeout);
        if is_in_memory(&self.url) {
            // SQLite drops a database in memory with its last connection, so this connection must stay open.
            let pool = pool.max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None);
            return pool.connect_with(options).await;
        }
        create_private(options.get_filename())?;
        connect_patiently(pool.max_connections(self.max_connections), options, self.busy_timeout).await
    }

    fn connect_options(&self) -> Result<SqliteConnectOptions, sqlx::Error> {
        if !self.url.starts_with("sqlite:") {
            return Err(sqlx::Error::Configuration("the database URL does not start with `sqlite:`".into()));
        }
        let options = SqliteConnectOptions::from_str(&self.url)?;
        Ok(options
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(self.busy_timeout))
    }
}

/// Opens the pool by its first connection, which switches a fresh file to WAL mode. During the switch, SQLite ignores
/// the busy time-out and does not wait for other connections. When several processes start at once, some see a locked
/// file and must retry.
async fn connect_patiently(
    pool: SqlitePoolOptions,
    options: SqliteConnectOptions,
    patience: Duration,
) -> Result<SqlitePool, sqlx::Error> {
    const PAUSE: Duration = Duration::from_millis(10);
    let started = Instant::now();
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && started.elapsed() < patience => sleep(PAUSE).await,
            outcome => return outcome,
        }
    }
}

/// Returns whether the error is SQLITE_BUSY in any of its extended forms.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

/// Returns whether the URL is `sqlite::memory:`, or any name with `mode=memory`. sqlx's options do not expose this.
fn is_in_memory(url: &str) -> bool {
    let (database, parameters) = url.split_once('?').unwrap_or((url, ""));
    matches!(database, "sqlite::memory:" | "sqlite://:memory:")
        || parameters.split('&').any(|parameter| parameter == "mode=memory")
}
