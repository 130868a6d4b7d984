//! Counters on Redis, which several processes share.

mod by_slot;
mod charging;
mod cluster;
mod error;
mod eviction;
mod limits;
mod link;
mod node;
mod open;
mod refusal;
mod script;
#[cfg(test)]
mod server;
mod slots;
mod url;

pub use error::RedisLimitsError;
pub use limits::RedisLimits;
pub use url::RedisUrlError;
