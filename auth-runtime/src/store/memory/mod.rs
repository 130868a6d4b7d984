//! All stores in this process's memory, gone when it ends: for tests, and for applications that need no more.

mod accounts;
mod api_keys;
mod refresh;
mod store;
#[cfg(test)]
mod tests;

pub use store::MemoryStore;
