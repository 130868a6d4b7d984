use core::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{
    account_table::AccountTable, api_key_table::ApiKeyTable, attempt_table::AttemptTable, one_time_table::OneTimeTable,
    session_table::SessionTable,
};
use crate::{
    clock::{Clock, SystemClock},
    secret::{Entropy, SystemEntropy},
};

/// A store of all records in memory. Clones share their content.
#[derive(Clone)]
pub struct MemoryStore {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    accounts: Arc<Mutex<AccountTable>>,
    sessions: Arc<Mutex<SessionTable>>,
    attempts: Arc<Mutex<AttemptTable>>,
    one_time_tokens: Arc<Mutex<OneTimeTable>>,
    api_keys: Arc<Mutex<ApiKeyTable>>,
}

impl MemoryStore {
    /// Creates an empty store, which takes times from `clock` and the random part of identifiers from `entropy`.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            clock,
            entropy,
            accounts: Arc::default(),
            sessions: Arc::default(),
            attempts: Arc::default(),
            one_time_tokens: Arc::default(),
            api_keys: Arc::default(),
        }
    }

    pub(super) fn accounts(&self) -> MutexGuard<'_, AccountTable> {
        lock(&self.accounts)
    }

    pub(super) fn sessions(&self) -> MutexGuard<'_, SessionTable> {
        lock(&self.sessions)
    }

    pub(super) fn attempts(&self) -> MutexGuard<'_, AttemptTable> {
        lock(&self.attempts)
    }

    pub(super) fn one_time_tokens(&self) -> MutexGuard<'_, OneTimeTable> {
        lock(&self.one_time_tokens)
    }

    pub(super) fn api_keys(&self) -> MutexGuard<'_, ApiKeyTable> {
        lock(&self.api_keys)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

/// An empty store that uses the operating system's clock and source of randomness.
impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new()))
    }
}

/// Locks a table. No method of the tables panics in the middle of a change, so a poisoned lock still guards complete
/// data.
fn lock<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}
