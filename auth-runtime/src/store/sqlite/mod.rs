//! Both stores in one SQLite file: the embedded default.

mod accounts;
mod attempts;
mod connect;
mod file;
mod migrate;
mod one_time;
mod refresh;
#[cfg(test)]
mod tests;

pub use connect::{SqliteBuilder, SqliteStore};
