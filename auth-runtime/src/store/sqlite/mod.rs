//! All stores in one SQLite file: the embedded default.

mod account_decisions;
mod account_edits;
mod account_list;
mod account_row;
mod accounts;
mod api_keys;
mod attempts;
mod cleaning;
mod connect;
mod ending;
mod error;
mod file;
mod last_superuser;
mod migrate;
mod one_time;
mod revocations;
mod rotation;
mod session_row;
mod sessions;
#[cfg(test)]
mod tests;
mod writing;

pub use connect::{SqliteBuilder, SqliteStore};
