//! All stores in one SQLite file: the embedded default.

mod accounts;
mod api_keys;
mod connect;
mod file;
mod migrate;
mod refresh;
#[cfg(test)]
mod tests;

pub use connect::{SqliteBuilder, SqliteStore};
