//! The demands on a server. A fault is reported at the start, before anything is written.

use core::{error::Error, fmt};

use sqlx::{Connection as _, PgConnection, PgPool, Row};

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
        pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS read_only";
    let mut first = pool.acquire().await?;
    let fault = fault(&sqlx::query(ASK).fetch_one(&mut *first).await?)?;
    if fault.is_some() {
        return Ok(fault);
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

fn fault(row: &sqlx::postgres::PgRow) -> Result<Option<UnfitServer>, sqlx::Error> {
    let encoding: String = row.try_get("encoding")?;
    let version: i32 = row.try_get("version")?;
    Ok(if version < OLDEST {
        Some(UnfitServer::Old(version))
    } else if encoding != "UTF8" {
        Some(UnfitServer::Encoding(encoding))
    } else if row.try_get::<&str, _>("commit")? == "off" {
        Some(UnfitServer::Forgetful)
    } else if row.try_get("read_only")? {
        Some(UnfitServer::ReadOnly)
    } else {
        None
    })
}

/// The reason why a server cannot hold the stores.
#[derive(Debug)]
enum UnfitServer {
    Old(i32),
    Encoding(String),
    Forgetful,
    ReadOnly,
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
            Self::Pooler => f.write_str(
                "the pooler before the server loses prepared statements; use PgBouncer 1.21 or later with \
                 `max_prepared_statements` above 0, or its session mode",
            ),
        }
    }
}

impl Error for UnfitServer {}
