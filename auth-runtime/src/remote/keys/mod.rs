//! The keys of issuers: when they are fetched, and for how long they are used.

mod cache;
mod flight;
mod known;
mod times;

pub(super) use cache::KeyCache;
pub(super) use known::Known;
