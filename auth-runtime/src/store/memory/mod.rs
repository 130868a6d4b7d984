//! All stores in this process's memory. Their content is lost when the process ends. They serve tests, and applications
//! that need no more.

mod account_table;
mod accounts;
mod api_key_table;
mod api_keys;
mod attempt_table;
mod attempts;
mod due;
mod one_time;
mod one_time_table;
mod revocation_table;
mod rotation;
mod session_table;
mod sessions;
mod store;
#[cfg(test)]
mod tests;

pub use store::MemoryStore;
