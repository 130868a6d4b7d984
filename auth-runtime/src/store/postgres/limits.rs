use super::PostgresStore;
use crate::limit::PostgresLimits;

impl PostgresStore {
    /// Returns counters of limits in this database, for `Accounts::with_limits` or `AuthBuilder::limit_store`.
    ///
    /// All counters of a store share connections of their own, as many at most as the store has, so that they never
    /// wait for a long query.
    pub fn limits(&self) -> PostgresLimits {
        PostgresLimits::new(self.limits_pool.clone())
    }
}
