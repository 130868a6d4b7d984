//! How often: limits, their counters, and the fields that show them to clients.

mod address;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod blocked;
mod breaker;
mod charge;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod counter;
mod event;
mod gcra;
mod handler_id;
mod headers;
mod judgement;
mod key_value;
mod limiter;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod prepared;
mod quotas;
#[cfg(feature = "redis")]
mod redis;
mod rejection;
mod report;
mod scope;
mod store;
#[cfg(test)]
mod testing;

pub use crate::limit::{key_value::KeyValue, rejection::LimitRejection};
pub(crate) use address::{AddressFinder, NoAddressError};
pub use address::{AddressKey, ForwardedHeader, TrustedProxies, TrustedProxiesError, TrustedProxiesFault};
#[cfg(feature = "web")]
pub(crate) use address::{IgnoredReport, is_https};
pub use charge::{Charge, Outcome};
pub use gcra::{Rate, Step, Verdict};
pub(crate) use headers::retry_after_seconds;
#[doc(hidden)]
pub use headers::{LimitFields, fields};
#[doc(no_inline)]
pub use ipnet::IpNet;
pub(crate) use judgement::{Judgement, judge};
pub use limiter::Limiter;
pub(crate) use limiter::MOST_INSTANCES;
#[doc(hidden)]
pub use limiter::MemoryLimiter;
pub use memory::{MemoryLimits, MemoryLimitsFullError};
#[cfg(feature = "postgres")]
pub use postgres::PostgresLimits;
pub use prepared::PreparedLimit;
pub(crate) use quotas::Quotas;
#[cfg(feature = "redis")]
pub use redis::{RedisLimits, RedisLimitsError, RedisUrlError};
pub(crate) use report::{Reported, report};
pub use store::{Answer, LimitStore};
