/// The target of the events about connections, for subscribers.
pub(super) const TARGET: &str = "auth_runtime::serve";
