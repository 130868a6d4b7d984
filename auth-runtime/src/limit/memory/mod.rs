//! Counters in this process's memory.

mod cells;
mod limits;
mod pending;
mod shard;
#[cfg(test)]
mod tests;

pub use limits::{MemoryLimits, MemoryLimitsFullError};
