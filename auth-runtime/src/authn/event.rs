use tracing::Level;

use crate::store::SessionRecord;

/// Where the events of credentials can be subscribed to.
pub(super) const TARGET: &str = "auth_runtime::authn";

/// Tells the operator why a credential that browsers send by themselves counts as absent. The client is told nothing.
pub(super) fn ignored(reason: &'static str, session: Option<&SessionRecord>) {
    tracing::event!(
        target: TARGET, Level::INFO, session.id = session.map(|session| session.id.as_str()),
        user.id = session.map(|session| session.user_id.as_str()), outcome = "ignored", reason,
    );
}
