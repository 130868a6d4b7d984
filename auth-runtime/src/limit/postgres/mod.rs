//! Counters on PostgreSQL, which several processes share.

mod cleaning;
mod connecting;
mod error;
mod limits;
mod question;

pub use limits::PostgresLimits;
