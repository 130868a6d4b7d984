/// The target of the events about failures of handlers, for subscribers.
pub(super) const TARGET: &str = "auth_runtime::error";
