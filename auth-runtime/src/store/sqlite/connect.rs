use core::{str::FromStr, time::Duration};
use std::sync::Arc;

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};

use super::{file::create_private, migrate::migrate};
use crate::{
    clock::{Clock, SystemClock},
    error::StoreError,
    secret::{Entropy, SystemEntropy},
};

/// All records in a SQLite database. Clones share one pool.
///
/// The framework's tables begin with `auth_`; all other names are the application's, which may use the same database
/// through [`SqliteStore::pool`].
///
/// What was reported as written is on the disk: the database runs in WAL mode with `synchronous=FULL`. With `NORMAL`
/// a power cut could take back the last commits, and a refresh token that was used already would be good again.
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
    /// Whose turn it is to write.
    pub(super) turn: Arc<Mutex<()>>,
    pub(super) patience: Duration,
}

impl SqliteStore {
    /// Opens the database at `url` with the defaults of [`SqliteStore::builder`], by the operating system's clock and source
    /// of randomness.
    ///
    /// # Errors
    /// Those of [`SqliteBuilder::open`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::builder(url).open().await
    }

    /// Like [`open`](Self::open), by a clock and a source of randomness that are handed in, as in tests.
    ///
    /// # Errors
    /// Those of [`SqliteBuilder::open`].
    pub async fn open_with(url: &str, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, StoreError> {
        Self::builder(url).open_with(clock, entropy).await
    }

    /// Say more about how to open the database at `url`: `sqlite://relative/path.db`, `sqlite:///absolute/path.db`, or
    /// `sqlite::memory:` for a database that lives as long as the store.
    pub fn builder(url: impl Into<String>) -> SqliteBuilder {
        SqliteBuilder { url: url.into(), max_connections: 8, busy_timeout: Duration::from_secs(5) }
    }

    /// The connections, for the application's own tables.
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }
}

/// How to open a SQLite database; made by [`SqliteStore::builder`].
#[derive(Clone)]
#[must_use]
pub struct SqliteBuilder {
    url: String,
    max_connections: u32,
    busy_timeout: Duration,
}

impl SqliteBuilder {
    /// How many connections, each with a thread of its own, may be open at once; 8 by default, at least 1. A database
    /// in memory always has one.
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.max_connections = connections.max(1);
        self
    }

    /// How long to wait for other writers of this process, for a connection, and for those of other processes, each in
    /// turn, before failing; 5 seconds by default.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// Opens the database and brings its tables up to date. A file that does not exist is created, readable and writable
    /// by its owner only; its directory must exist. Any number of processes may do this at once.
    ///
    /// # Errors
    /// When the URL is not one of SQLite's, the file cannot be created or opened, or its tables come from a newer
    /// version.
    pub async fn open(self) -> Result<SqliteStore, StoreError> {
        self.open_with(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new())).await
    }

    /// Like [`open`](Self::open), by a clock and a source of randomness that are handed in.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub async fn open_with(self, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<SqliteStore, StoreError> {
        let pool = self.connect().await.map_err(failed)?;
        migrate(&pool, clock.unix()).await?;
        Ok(SqliteStore { pool, clock, entropy, turn: Arc::default(), patience: self.busy_timeout })
    }

    async fn connect(&self) -> Result<SqlitePool, sqlx::Error> {
        let options = self.connect_options()?;
        let pool = SqlitePoolOptions::new().acquire_timeout(self.busy_timeout);
        if is_in_memory(&self.url) {
            // The database goes with its last connection, so that this one must stay.
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

/// Open the pool by its first connection, which puts a fresh file into WAL mode. SQLite does not wait for others while
/// it does, whatever the busy time-out: of several processes that start at once, some are told that the file is locked.
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

/// SQLITE_BUSY in any of its extended forms.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

/// `sqlite::memory:`, or any name with `mode=memory`. sqlx's options know, but do not say.
fn is_in_memory(url: &str) -> bool {
    let (database, parameters) = url.split_once('?').unwrap_or((url, ""));
    matches!(database, "sqlite::memory:" | "sqlite://:memory:")
        || parameters.split('&').any(|parameter| parameter == "mode=memory")
}

pub(super) fn failed(error: sqlx::Error) -> StoreError {
    StoreError::new("sqlite", error)
}
