//! What a router asks of the engine, once it gets its state.

use std::sync::Arc;

use crate::auth::Auth;

use super::{entry, entry::Entry, quotas};

/// Returns what contradicts the router, in words.
pub(super) type Demand = Arc<dyn Fn(&Auth, &Handlers<'_>) -> Vec<String> + Send + Sync>;

/// The handlers of a whole router, for the demands of the routers that became part of it.
pub(crate) struct Handlers<'a>(&'a [Entry]);

impl Handlers<'_> {
    /// Returns whether the router has a handler with this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|entry| entry.name() == name)
    }
}

/// Panics when the engine does not fit the router. The message names all faults.
#[track_caller]
pub(super) fn assert_fits(entries: &[Entry], demands: &[Demand], auth: &Auth) {
    let mut faults: Vec<_> = entry::unknown_issuers(entries, auth).into_iter().collect();
    faults.extend(quotas::faults(entries, auth));
    faults.extend(demands.iter().flat_map(|demand| demand(auth, &Handlers(entries))));
    assert!(faults.is_empty(), "{}", faults.join("; "));
}
