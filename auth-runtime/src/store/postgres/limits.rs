use sqlx::PgPool;

use super::PostgresStore;
use crate::limit::PostgresLimits;

impl PostgresStore {
    /// Returns counters of limits in this database, for `Accounts::with_limits` or `AuthBuilder::limit_store`.
    ///
    /// All counters of a store share connections of their own, as many at most as the store has, so that they never wait
    /// for a long query.
    pub fn limits(&self) -> PostgresLimits {
        PostgresLimits::new(self.limits_pool.clone())
    }
}

/// Returns the pool for counters. It opens no connection before one is needed.
pub(super) fn pool(store: &PgPool) -> PgPool {
    // A connection is not tested before it is used, which would double the round trips.
    let options = store.options().clone().min_connections(0).test_before_acquire(false);
    options.connect_lazy_with((*store.connect_options()).clone())
}
