use tracing::Level;

use crate::{
    account::{answer::report::OrReport as _, context::AccountContext, event::TARGET},
    auth::Message,
    store::Account,
};

/// Logs the password change, and sends mail about it to the owner.
pub(crate) fn password_changed(context: &AccountContext, account: Account, how: &'static str) {
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "password_changed", reason = how);
    let Some(outbox) = &context.auth.account_rules().outbox else { return };
    let context = context.clone();
    outbox.post(async move {
        let keys = context.accounts.api_keys().list_keys(&account.id).await.or_report().ok();
        let now = context.auth.clock().unix();
        let api_keys = keys.map(|keys| keys.iter().filter(|key| !key.has_ended(now)).count() as u64);
        Some(Message::PasswordChanged { to: account.email, username: account.username, api_keys })
    });
}
