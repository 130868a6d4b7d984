use tracing::Level;

use crate::store::SessionRecord;

/// The target for subscribers to the events of credentials.
pub(super) const TARGET: &str = "auth_runtime::authn";

/// Reports to the operator why a credential that browsers attach automatically counts as absent. The client does not
/// learn the reason.
pub(super) fn ignored(reason: &'static str, session: Option<&SessionRecord>) {
    tracing::event!(
        target: TARGET, Level::INFO, session.id = session.map(|session| session.id.as_str()),
        user.id = session.map(|session| session.user_id.as_str()), outcome = "ignored", reason,
    );
}
