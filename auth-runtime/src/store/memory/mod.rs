//! All stores in this process's memory. Their content is lost when the process ends. They serve tests, and applications
//! that need no more.

mod accounts;
mod api_keys;
mod attempts;
mod due;
mod one_time;
mod revocation_table;
mod rotation;
mod session_table;
mod sessions;
mod store;
#[cfg(test)]
mod tests;

pub use store::MemoryStore;
