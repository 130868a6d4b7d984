/// The target of the events about settings, for subscribers.
pub(super) const TARGET: &str = "auth_runtime::auth";

/// The target of the account endpoints' events. Their mail waits in this module's outbox, which logs under it, too.
pub(crate) const ACCOUNT_TARGET: &str = "auth_runtime::account";
