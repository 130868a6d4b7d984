//! The store that a database URL names.

use core::{error::Error, fmt, time::Duration};

use super::Accounts;
#[cfg(feature = "postgres")]
use super::{PostgresBuilder, PostgresStore};
#[cfg(feature = "sqlite")]
use super::{SqliteBuilder, SqliteStore};
use crate::error::StoreError;

/// Opens the store that the URL names: `sqlite://…`, `postgresql://…` or `postgres://…`. So one setting chooses the
/// database.
///
/// A driver after the scheme, as in `postgresql+asyncpg://…`, is left out: SQLAlchemy's settings work as they are.
///
/// [`Settings::open_database`](crate::auth::Settings::open_database) reads the URL from the settings, with what belongs
/// to it. [`Database::builder`] sets the same by hand.
///
/// ```no_run
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// let database = auth_runtime::store::connect("sqlite://notes.db").await?;
/// let accounts = database.accounts();
/// # Ok(()) }
/// ```
///
/// # Errors
/// Returns [`StoreError`] when the URL names no database of these, or the database's feature is off, and the errors of
/// [`SqliteBuilder::open`](super::SqliteBuilder::open) and [`PostgresBuilder::open`](super::PostgresBuilder::open).
pub async fn connect(url: &str) -> Result<Database, StoreError> {
    Database::builder(url).open().await
}

/// A database with all stores; returned by [`connect`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Database {
    /// A SQLite file.
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteStore),
    /// A PostgreSQL database.
    #[cfg(feature = "postgres")]
    Postgres(PostgresStore),
}

impl Database {
    /// Starts the configuration of the database that the URL names, as [`connect`] reads it.
    pub fn builder(url: impl Into<String>) -> DatabaseBuilder {
        DatabaseBuilder { url: url.into(), direct_url: None, max_connections: None, timeout: None }
    }

    /// Returns the handle to all kinds of records in this database.
    ///
    /// Several processes may share a PostgreSQL database. Limits are counted there, too, unless the setting `REDIS_URL`
    /// or the builder names another place.
    pub fn accounts(&self) -> Accounts {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(store) => Accounts::new(store.clone()),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => Accounts::new(store.clone()).with_limits(store.limits()),
        }
    }
}

/// The configuration of a database of either kind; created by [`Database::builder`].
#[derive(Clone)]
#[must_use]
pub struct DatabaseBuilder {
    url: String,
    direct_url: Option<String>,
    max_connections: Option<u32>,
    timeout: Option<Duration>,
}

/// Prints no URL, which may hold a password.
impl fmt::Debug for DatabaseBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseBuilder")
            .field("max_connections", &self.max_connections)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl DatabaseBuilder {
    /// Sets the address of the PostgreSQL server itself, where the URL names a pooler, as in
    /// [`PostgresBuilder::direct_url`](super::PostgresBuilder::direct_url).
    pub fn direct_url(mut self, url: impl Into<String>) -> Self {
        self.direct_url = Some(url.into());
        self
    }

    /// Sets how many connections may be open at once, as in
    /// [`PostgresBuilder::max_connections`](super::PostgresBuilder::max_connections) and
    /// [`SqliteBuilder::max_connections`](super::SqliteBuilder::max_connections).
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.max_connections = Some(connections);
        self
    }

    /// Sets how long to wait before failing, as in [`PostgresBuilder::timeout`](super::PostgresBuilder::timeout) and
    /// [`SqliteBuilder::busy_timeout`](super::SqliteBuilder::busy_timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// Returns the errors of [`connect`]. A direct URL beside SQLite is refused, since one of the two is not meant.
    pub async fn open(self) -> Result<Database, StoreError> {
        let kind = Kind::of(&self.url).map_err(|fault| StoreError::new("database", fault))?;
        if kind == Kind::Sqlite && self.direct_url.is_some() {
            return Err(StoreError::new("database", UnknownDatabase::DirectOfSqlite));
        }
        match kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite => self.sqlite().open().await.map(Database::Sqlite),
            #[cfg(feature = "postgres")]
            Kind::Postgres { rest } => self.postgres(rest)?.open().await.map(Database::Postgres),
            #[cfg(not(all(feature = "sqlite", feature = "postgres")))]
            kind => Err(StoreError::new("database", kind.without_feature())),
        }
    }

    #[cfg(feature = "sqlite")]
    fn sqlite(&self) -> SqliteBuilder {
        let builder = SqliteStore::builder(&self.url);
        let builder = self.max_connections.into_iter().fold(builder, SqliteBuilder::max_connections);
        self.timeout.into_iter().fold(builder, SqliteBuilder::busy_timeout)
    }

    #[cfg(feature = "postgres")]
    fn postgres(&self, rest: &str) -> Result<PostgresBuilder, StoreError> {
        let builder = PostgresStore::builder(format!("postgresql://{rest}"));
        let builder = self.max_connections.into_iter().fold(builder, PostgresBuilder::max_connections);
        let builder = self.timeout.into_iter().fold(builder, PostgresBuilder::timeout);
        match self.direct_url.as_deref().map(Kind::of) {
            None => Ok(builder),
            Some(Ok(Kind::Postgres { rest })) => Ok(builder.direct_url(format!("postgresql://{rest}"))),
            Some(_) => Err(StoreError::new("database", UnknownDatabase::Direct)),
        }
    }
}

/// The database that a URL names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind<'u> {
    Sqlite,
    /// With everything after the scheme.
    Postgres {
        rest: &'u str,
    },
}

impl<'u> Kind<'u> {
    fn of(url: &'u str) -> Result<Self, UnknownDatabase> {
        if url.starts_with(|first: char| first.is_whitespace() || matches!(first, '"' | '\'')) {
            return Err(UnknownDatabase::Quoted);
        }
        let (scheme, rest) = url.split_once(':').ok_or(UnknownDatabase::NotSaid)?;
        let (name, driver) = scheme.split_once('+').map_or((scheme, None), |(name, driver)| (name, Some(driver)));
        match (name, driver, rest.strip_prefix("//")) {
            ("sqlite", None, _) => Ok(Self::Sqlite),
            // There, three slashes begin a relative path. Here they begin an absolute one.
            ("sqlite", Some(_), _) => Err(UnknownDatabase::SqliteDriver),
            ("postgres" | "postgresql", _, Some(rest)) => Ok(Self::Postgres { rest }),
            _ => Err(UnknownDatabase::NotSaid),
        }
    }

    #[cfg(not(all(feature = "sqlite", feature = "postgres")))]
    const fn without_feature(self) -> UnknownDatabase {
        UnknownDatabase::WithoutFeature(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres { .. } => "postgres",
        })
    }
}

/// The error for a URL by which no database can be opened. It never shows the URL, which may hold a password.
#[derive(Debug, PartialEq, Eq)]
enum UnknownDatabase {
    NotSaid,
    Quoted,
    SqliteDriver,
    DirectOfSqlite,
    #[cfg(feature = "postgres")]
    Direct,
    #[cfg(not(all(feature = "sqlite", feature = "postgres")))]
    WithoutFeature(&'static str),
}

impl fmt::Display for UnknownDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSaid => f.write_str("the database URL begins with neither `sqlite:` nor `postgresql://`"),
            Self::Quoted => f.write_str("the database URL begins with a quotation mark or a space; write it without"),
            Self::DirectOfSqlite => f.write_str(
                "the direct database URL is for PostgreSQL, and the database URL names SQLite or is not set",
            ),
            Self::SqliteDriver => f.write_str(
                "the database URL names a driver of SQLAlchemy; write `sqlite://path.db`, or `sqlite:///path.db` for an \
                 absolute path",
            ),
            #[cfg(feature = "postgres")]
            Self::Direct => f.write_str("the direct database URL does not begin with `postgresql://`"),
            #[cfg(not(all(feature = "sqlite", feature = "postgres")))]
            Self::WithoutFeature(name) => {
                write!(f, "the database URL needs the feature `{name}` of `auth-runtime`")
            }
        }
    }
}

impl Error for UnknownDatabase {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_and_a_driver_is_left_out() {
        let postgres = Ok(Kind::Postgres { rest: "app:pw@db:5432/app" });
        for scheme in ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg", "postgres+asyncpg"] {
            assert_eq!(Kind::of(&format!("{scheme}://app:pw@db:5432/app")), postgres, "{scheme}");
        }
        for url in ["sqlite://a.db", "sqlite:a.db", "sqlite::memory:", "sqlite:///var/a.db"] {
            assert_eq!(Kind::of(url), Ok(Kind::Sqlite), "{url}");
        }
    }

    #[test]
    fn a_url_in_quotation_marks_is_told() {
        for url in ["\"postgresql://app:hunter2@db/app\"", "'sqlite://a.db'", " postgresql://app@db/app"] {
            assert_eq!(Kind::of(url), Err(UnknownDatabase::Quoted), "{url}");
        }
    }

    #[cfg(all(feature = "sqlite", feature = "postgres"))]
    #[test]
    fn each_kind_of_database_gets_the_connections_and_the_time() {
        let builder = Database::builder("sqlite::memory:").max_connections(3).timeout(Duration::from_secs(2));
        let expected = "SqliteBuilder { max_connections: 3, busy_timeout: 2s, .. }";
        assert_eq!(format!("{:?}", builder.sqlite()), expected);
        let postgres = format!("{:?}", builder.postgres("db/app").unwrap());
        assert!(postgres.contains("max_connections: 3") && postgres.contains("timeout: 2s"), "{postgres}");
    }

    #[cfg(feature = "sqlite")]
    #[tokio::test]
    async fn the_address_of_a_server_beside_sqlite_is_refused() {
        let builder = Database::builder("sqlite::memory:").direct_url("postgresql://app:hunter2@db/app");
        let error = builder.open().await.unwrap_err();
        let cause = error.source().unwrap().to_string();
        assert!(cause.contains("is for PostgreSQL") && !cause.contains("hunter2"), "{cause}");
    }

    #[test]
    fn other_databases_are_refused_without_their_url() {
        for url in ["", "a.db", "mysql://app:hunter2@db/app", "postgresql:app", "PostgreSQL://db/app", "+x://a"] {
            let fault = Kind::of(url).unwrap_err();
            assert_eq!(fault, UnknownDatabase::NotSaid, "{url}");
            assert!(!fault.to_string().contains("hunter2"));
        }
        assert_eq!(Kind::of("sqlite+aiosqlite:///./a.db"), Err(UnknownDatabase::SqliteDriver));
    }
}
