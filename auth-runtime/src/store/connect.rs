//! The store that a database URL names.

use core::{error::Error, fmt};

use super::Accounts;
#[cfg(feature = "postgres")]
use super::PostgresStore;
#[cfg(feature = "sqlite")]
use super::SqliteStore;
use crate::error::StoreError;

/// Opens the store that the URL names: `sqlite://…`, `postgresql://…` or `postgres://…`. So one setting chooses the
/// database.
///
/// A driver after the scheme, as in `postgresql+asyncpg://…`, is left out: SQLAlchemy's settings work as they are.
///
/// ```no_run
/// use auth_runtime::{auth::Settings, secrecy::ExposeSecret, store};
///
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = Settings::from_env()?;
/// let url = settings.database_url_or("sqlite://notes.db");
/// let database = store::connect(url.expose_secret()).await?;
/// let accounts = database.accounts();
/// # Ok(()) }
/// ```
///
/// # Errors
/// Returns [`StoreError`] when the URL names no database of these, or one whose feature is off, and the errors of
/// [`SqliteBuilder::open`](super::SqliteBuilder::open) and [`PostgresBuilder::open`](super::PostgresBuilder::open).
pub async fn connect(url: &str) -> Result<Database, StoreError> {
    connect_with_direct(url, None).await
}

/// Opens the store like [`connect`], beside a pooler. The second URL, the setting `DATABASE_DIRECT_URL`, is the address
/// of the PostgreSQL server itself, as in [`PostgresBuilder::direct_url`](super::PostgresBuilder::direct_url). SQLite
/// needs none: beside a SQLite URL it is refused, since one of the two is not meant.
///
/// ```no_run
/// use auth_runtime::{auth::Settings, secrecy::ExposeSecret, store};
///
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = Settings::from_env()?;
/// let url = settings.database_url_or("sqlite://notes.db");
/// let direct = settings.database_direct_url().map(|url| url.expose_secret());
/// let database = store::connect_with_direct(url.expose_secret(), direct).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// Returns the errors of [`connect`], also for the second URL.
pub async fn connect_with_direct(url: &str, direct_url: Option<&str>) -> Result<Database, StoreError> {
    let kind = Kind::of(url).map_err(|fault| StoreError::new("database", fault))?;
    if kind == Kind::Sqlite && direct_url.is_some() {
        return Err(StoreError::new("database", UnknownDatabase::DirectOfSqlite));
    }
    match kind {
        #[cfg(feature = "sqlite")]
        Kind::Sqlite => SqliteStore::open(url).await.map(Database::Sqlite),
        #[cfg(feature = "postgres")]
        Kind::Postgres { rest } => {
            let builder = PostgresStore::builder(format!("postgresql://{rest}"));
            let builder = match direct_url.map(Kind::of) {
                None => builder,
                Some(Ok(Kind::Postgres { rest })) => builder.direct_url(format!("postgresql://{rest}")),
                Some(_) => return Err(StoreError::new("database", UnknownDatabase::Direct)),
            };
            builder.open().await.map(Database::Postgres)
        }
        #[cfg(not(all(feature = "sqlite", feature = "postgres")))]
        kind => Err(StoreError::new("database", kind.without_feature())),
    }
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

    #[cfg(feature = "sqlite")]
    #[tokio::test]
    async fn the_address_of_a_server_beside_sqlite_is_refused() {
        let error = connect_with_direct("sqlite::memory:", Some("postgresql://app:hunter2@db/app")).await.unwrap_err();
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
