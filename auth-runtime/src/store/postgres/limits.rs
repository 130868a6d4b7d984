use super::PostgresStore;
use crate::limit::PostgresLimits;

impl PostgresStore {
    /// Returns counters of limits in this database, for `Accounts::with_limits` or `AuthBuilder::limit_store`.
    ///
    /// The counters have as many connections of their own as this store, so that they never wait for a long query.
    pub fn limits(&self) -> PostgresLimits {
        // A connection is not tested before it is used, which would double the round trips.
        let options = self.pool.options().clone().min_connections(0).test_before_acquire(false);
        PostgresLimits::new(options.connect_lazy_with((*self.pool.connect_options()).clone()))
    }
}
