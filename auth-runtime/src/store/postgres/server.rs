//! The demands on a server. A fault is reported at the start, before anything is written.

use core::{error::Error, fmt};

use sqlx::{Connection as _, PgConnection, PgPool, Row, postgres::PgRow};

use super::error::failed;
use crate::error::StoreError;

/// The oldest version on which the tests have run is 15. Version 13 has everything that the statements need.
const OLDEST: i32 = 130_000;

/// Refuses a server that cannot keep the store's promises.
pub(super) async fn check(pool: &PgPool) -> Result<(), StoreError> {
    match ask(pool).await {
        Ok(None) => Ok(()),
        Ok(Some(fault)) => Err(StoreError::new("postgres", fault)),
        Err(error) if is_lost_statement(&error) => Err(StoreError::new("postgres", UnfitServer::Pooler)),
        Err(error) => Err(failed(error)),
    }
}

/// Asks the server. A pooler that gives each transaction another connection of the server, and knows no prepared
/// statements, answers one of these questions with an error.
async fn ask(pool: &PgPool) -> Result<Option<UnfitServer>, sqlx::Error> {
    const ASK: &str = "SELECT current_setting('server_version_num')::int AS version,
        current_setting('server_encoding') AS encoding, current_setting('synchronous_commit') AS commit,
        current_setting('transaction_isolation') AS isolation,
        pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS read_only,
        current_schema() IS NOT NULL AS has_schema";
    let mut first = pool.acquire().await?;
    if let Some(fault) = fault(Server::read(&sqlx::query(ASK).fetch_one(&mut *first).await?)?) {
        return Ok(Some(fault));
    }
    let mut other = PgConnection::connect_with(&pool.connect_options()).await?;
    // The open transaction keeps the connection of the server on which the statement was prepared.
    let mut transaction = other.begin().await?;
    sqlx::query(ASK).fetch_one(&mut *transaction).await?;
    sqlx::query(ASK).fetch_one(&mut *first).await?;
    transaction.rollback().await?;
    other.close().await?;
    Ok(None)
}

/// Returns whether a prepared statement is missing, or is there already, because another connection of the server has
/// it.
fn is_lost_statement(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("26000" | "42P05"))
}

/// What a server says of itself and of the transactions of this role in this database.
struct Server {
    version: i32,
    encoding: String,
    commit: String,
    isolation: String,
    read_only: bool,
    has_schema: bool,
}

impl Server {
    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            version: row.try_get("version")?,
            encoding: row.try_get("encoding")?,
            commit: row.try_get("commit")?,
            isolation: row.try_get("isolation")?,
            read_only: row.try_get("read_only")?,
            has_schema: row.try_get("has_schema")?,
        })
    }
}

fn fault(server: Server) -> Option<UnfitServer> {
    if server.version < OLDEST {
        Some(UnfitServer::Old(server.version))
    } else if server.encoding != "UTF8" {
        Some(UnfitServer::Encoding(server.encoding))
    } else if server.commit == "off" {
        Some(UnfitServer::Forgetful)
    } else if server.read_only {
        Some(UnfitServer::ReadOnly)
    } else if server.isolation != "read committed" {
        Some(UnfitServer::Isolation(server.isolation))
    } else if !server.has_schema {
        Some(UnfitServer::NoSchema)
    } else {
        None
    }
}

/// The reason why a server cannot hold the stores.
#[derive(Debug)]
enum UnfitServer {
    Old(i32),
    Encoding(String),
    Forgetful,
    ReadOnly,
    /// Single statements, and the function that counts limits, run at the default.
    Isolation(String),
    /// The role's `search_path` names no schema that is there.
    NoSchema,
    Pooler,
}

impl fmt::Display for UnfitServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Old(version) => {
                write!(f, "the server has version {}, and version 13 or later is needed", version / 10_000)
            }
            Self::Encoding(name) => write!(f, "the database is in the encoding {name}, and UTF8 is needed"),
            Self::Forgetful => f.write_str(
                "the server has `synchronous_commit = off`, so that a crash would undo commits; turn it on for this \
                 database or role",
            ),
            Self::ReadOnly => f.write_str("the server is read-only; connect to the primary"),
            Self::Isolation(name) => write!(
                f,
                "transactions run at the isolation `{name}` by default, and `read committed` is needed; set \
                 `default_transaction_isolation` for this database or role"
            ),
            Self::NoSchema => f.write_str(
                "there is no schema for the tables; create the one that `search_path` names, as in `CREATE SCHEMA auth \
                 AUTHORIZATION app`",
            ),
            Self::Pooler => f.write_str(
                "the pooler before the server loses prepared statements; use PgBouncer 1.21 or later with \
                 `max_prepared_statements` above 0, or its session mode",
            ),
        }
    }
}

impl Error for UnfitServer {}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit() -> Server {
        let (encoding, commit, isolation) = ("UTF8".to_owned(), "on".to_owned(), "read committed".to_owned());
        Server { version: 130_000, encoding, commit, isolation, read_only: false, has_schema: true }
    }

    #[test]
    fn each_fault_is_told_in_words() {
        assert!(fault(fit()).is_none());
        assert!(fault(Server { commit: "local".to_owned(), ..fit() }).is_none(), "it waits for its own disk");
        for (server, words) in [
            (Server { version: 120_022, ..fit() }, "version 12, and version 13 or later"),
            (Server { version: 90_624, ..fit() }, "version 9,"),
            (Server { encoding: "SQL_ASCII".to_owned(), ..fit() }, "encoding SQL_ASCII, and UTF8"),
            (Server { commit: "off".to_owned(), ..fit() }, "`synchronous_commit = off`"),
            (Server { read_only: true, ..fit() }, "read-only"),
            (Server { has_schema: false, ..fit() }, "no schema for the tables"),
            (Server { isolation: "repeatable read".to_owned(), ..fit() }, "`repeatable read` by default"),
        ] {
            let told = fault(server).unwrap().to_string();
            assert!(told.contains(words), "{told}");
        }
    }
}
