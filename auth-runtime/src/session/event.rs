/// The target of the events about sessions and their records, for subscribers.
pub(crate) const TARGET: &str = "auth_runtime::session";
