//! All stores in a PostgreSQL database, which several processes share.

mod account_decisions;
mod account_edits;
mod account_list;
mod account_row;
mod accounts;
mod api_keys;
mod attempts;
mod availability;
mod cleaning;
mod conflict;
mod connect;
mod ending;
mod error;
mod last_superuser;
mod limits;
mod listener;
mod migrate;
mod one_time;
mod pool;
mod presence;
mod revocations;
mod rotation;
mod server;
mod session_row;
mod sessions;
mod starting;
mod tables;
#[cfg(test)]
pub(super) mod tests;
mod text;
mod transaction;
mod url;

pub use connect::{PostgresBuilder, PostgresStore};
