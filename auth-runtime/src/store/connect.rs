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
    match Kind::of(url).map_err(|fault| StoreError::new("database", fault))? {
        #[cfg(feature = "sqlite")]
        Kind::Sqlite => SqliteStore::open(url).await.map(Database::Sqlite),
        #[cfg(feature = "postgres")]
        Kind::Postgres { rest } => PostgresStore::open(&format!("postgresql://{rest}")).await.map(Database::Postgres),
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
    /// Returns the handle to all kinds of records in this database. On PostgreSQL, which several processes share,
    /// limits are counted there, too, unless the setting `REDIS_URL` or the builder names another place.
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
    SqliteDriver,
    #[cfg(not(all(feature = "sqlite", feature = "postgres")))]
    WithoutFeature(&'static str),
}

impl fmt::Display for UnknownDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSaid => f.write_str("the database URL begins with neither `sqlite:` nor `postgresql://`"),
            Self::SqliteDriver => f.write_str(
                "the database URL names a driver of SQLAlchemy; write `sqlite://path.db`, or `sqlite:///path.db` for an \
                 absolute path",
            ),
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
    fn other_databases_are_refused_without_their_url() {
        for url in ["", "a.db", "mysql://app:hunter2@db/app", "postgresql:app", "PostgreSQL://db/app", "+x://a"] {
            let fault = Kind::of(url).unwrap_err();
            assert_eq!(fault, UnknownDatabase::NotSaid, "{url}");
            assert!(!fault.to_string().contains("hunter2"));
        }
        assert_eq!(Kind::of("sqlite+aiosqlite:///./a.db"), Err(UnknownDatabase::SqliteDriver));
    }
}
