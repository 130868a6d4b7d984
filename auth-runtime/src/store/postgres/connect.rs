use core::{fmt, time::Duration};
use std::sync::Arc;

use sqlx::{AssertSqlSafe, PgPool, SqlSafeStr as _, SqlStr, postgres::PgConnectOptions};
use tokio::time::timeout;

use super::{
    availability::Availability,
    error::{failed, silent},
    listener::{ListenedTo, Listener},
    migrate::migrate,
    pool::{Interruptions, options, pool, pool_for_limits},
    presence::Presence,
    server::check,
    starting,
    url::connect_options,
};
use crate::{
    clock::{Clock, SystemClock},
    error::StoreError,
    secret::{Entropy, SystemEntropy},
};

/// A store of all records in a PostgreSQL database, version 13 or later. Clones share one pool.
///
/// Any number of processes may share the database. The names of the framework's tables begin with `auth_`. All other
/// names are free for the application, which can use the same database through [`PostgresStore::pool`].
///
/// Everything that a method reported as written is on the server's disk. A server with `synchronous_commit=off` is
/// refused: a crash could undo the last commits, and a used refresh token would become valid again.
///
/// ```no_run
/// use auth_runtime::store::{Accounts, PostgresStore};
///
/// # async fn start() -> Result<(), auth_runtime::error::StoreError> {
/// let store = PostgresStore::open("postgresql://app@localhost/notes").await?;
/// let pool = store.pool().clone(); // for the application's own tables
/// let accounts = Accounts::new(store);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresStore {
    pub(super) pool: PgPool,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    /// How long a method may take in all.
    pub(super) patience: Duration,
    /// Begins a transaction and sets its time-outs.
    pub(super) begin_statement: SqlStr,
    /// Ends with the last clone of the store.
    pub(super) listener: Arc<Listener>,
    pub(super) presence: Presence,
    pub(super) availability: Availability,
    pub(super) interruptions: Interruptions,
    /// The connections of all counters of limits.
    pub(super) limits_pool: PgPool,
}

impl PostgresStore {
    /// Opens the database at `url` with the defaults of [`PostgresStore::builder`], the operating system's clock and
    /// its source of randomness.
    ///
    /// # Errors
    /// Returns the errors of [`PostgresBuilder::open`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::builder(url).open().await
    }

    /// Opens the database like [`open`](Self::open), with the given clock and source of randomness, as tests need it.
    ///
    /// # Errors
    /// Returns the errors of [`PostgresBuilder::open`].
    pub async fn open_with(url: &str, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, StoreError> {
        Self::builder(url).open_with(clock, entropy).await
    }

    /// Starts to configure the database at `url`: `postgresql://user:password@host:port/database`, or `postgres://…`.
    pub fn builder(url: impl Into<String>) -> PostgresBuilder {
        PostgresBuilder { url: url.into(), direct_url: None, max_connections: 10, timeout: Duration::from_secs(5) }
    }

    /// Returns the connection pool, for the application's own tables.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}

/// Prints no URL and no record.
impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("connections", &self.pool.size()).finish_non_exhaustive()
    }
}

const SHORTEST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// The pool reserves room for every connection at once.
const MOST_CONNECTIONS: u32 = 1_000;

/// The configuration of a PostgreSQL database; created by [`PostgresStore::builder`].
#[derive(Clone)]
#[must_use]
pub struct PostgresBuilder {
    url: String,
    direct_url: Option<String>,
    max_connections: u32,
    timeout: Duration,
}

/// Prints no URL, which may hold a password.
impl fmt::Debug for PostgresBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresBuilder")
            .field("max_connections", &self.max_connections)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl PostgresBuilder {
    /// Sets the address of the server itself, where `url` is a pooler's: a pooler in transaction mode passes no
    /// notifications on. One connection to it hears of revocations by other processes. By default it goes to `url`.
    pub fn direct_url(mut self, url: impl Into<String>) -> Self {
        self.direct_url = Some(url.into());
        self
    }

    /// Sets how many connections may be open at once: 10 by default. The connection that hears of revocations is not
    /// counted. A number outside of 1 to 1,000 counts as the nearest of the two. The counters of
    /// [`PostgresStore::limits`] share as many. All processes together must leave the server some of its
    /// `max_connections`.
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.max_connections = connections.clamp(1, MOST_CONNECTIONS);
        self
    }

    /// Sets how long to wait before failing; 5 seconds by default. A server that refuses connections fails calls in
    /// half a second. The limit applies separately to the wait for a connection, for a lock, and for a statement. A
    /// method of the store takes at most twice as long in all, also when the server stands still.
    ///
    /// A time below 50 milliseconds counts as 50 milliseconds, and a time above an hour as an hour.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.clamp(SHORTEST_WAIT, LONGEST_WAIT);
        self
    }

    /// Opens the database and brings its tables up to date. Any number of processes may do this at once.
    ///
    /// # Errors
    /// Returns [`StoreError`] in each of these cases:
    ///
    /// - A URL is not a PostgreSQL URL, or asks for TLS or a schema by an unknown parameter.
    /// - The server refuses the connection, or is not there within the time of [`timeout`](Self::timeout).
    /// - There is no schema for the tables.
    /// - The server is older than version 13, read-only, not in UTF-8, or does not wait for its disk.
    /// - Its transactions have another default isolation than READ COMMITTED.
    /// - A newer release has changed the tables in a way that excludes this one.
    pub async fn open(self) -> Result<PostgresStore, StoreError> {
        self.open_with(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new())).await
    }

    /// Opens the database like [`open`](Self::open), with the given clock and source of randomness.
    ///
    /// # Errors
    /// Returns the errors of [`open`](Self::open).
    pub async fn open_with(
        self,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<PostgresStore, StoreError> {
        let server = connect_options("the database URL", &self.url)?;
        let direct =
            self.direct_url.as_deref().map(|url| connect_options("the direct database URL", url)).transpose()?;
        let patience = self.timeout.saturating_mul(2);
        self.check(&server, patience).await?;

        let interruptions = Interruptions::default();
        let options = options(self.max_connections, self.timeout);
        let pool = pool(options, server.clone(), self.timeout, interruptions.clone());
        let listened = ListenedTo { is_named: direct.is_some(), options: direct.unwrap_or_else(|| server.clone()) };
        let listener = Arc::new(Listener::new(listened, pool.clone(), Arc::clone(&entropy), self.timeout));
        let begin_statement = begin_statement(self.timeout);
        let (presence, limits_pool) = (Presence::of(&server), pool_for_limits(&pool));
        let store = PostgresStore {
            pool,
            clock,
            entropy,
            patience,
            begin_statement,
            listener,
            presence,
            availability: Availability::default(),
            interruptions,
            limits_pool,
        };
        migrate(store.begin().await.map_err(failed)?, store.clock.unix()).await?;
        Ok(store)
    }

    /// Waits for the server and checks it, on connections of its own. The store's pool would refuse a replica without
    /// saying why.
    async fn check(&self, server: &PgConnectOptions, patience: Duration) -> Result<(), StoreError> {
        let pool = starting::pool(options(1, self.timeout), server, self.timeout).await.map_err(failed)?;
        let checked = timeout(patience, check(&pool)).await;
        checked.unwrap_or_else(|_| Err(silent()))
    }
}

/// The isolation is said, because the server's default may be another one. What must not change between two statements
/// is locked.
fn begin_statement(timeout: Duration) -> SqlStr {
    let millis = timeout.as_millis();
    // The number is the only part that varies.
    let statement = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = {millis}; SET LOCAL lock_timeout = {millis}; \
         SET LOCAL idle_in_transaction_session_timeout = {millis}"
    );
    AssertSqlSafe(Arc::<str>::from(statement)).into_sql_str()
}
