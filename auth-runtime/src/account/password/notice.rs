use tracing::Level;

use crate::{
    account::{answer::report::OrReport as _, context::AccountContext, event::TARGET},
    auth::{AccountEvent, Message, PasswordChange},
    store::Account,
};

/// Logs the password change, sends mail about it to the owner, and tells the application's listeners.
pub(crate) fn password_changed(context: &AccountContext, account: Account, how: PasswordChange) {
    let reason = match how {
        PasswordChange::Changed => "changed",
        PasswordChange::Reset => "reset",
    };
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "password_changed", reason);
    context.auth.tell(|| AccountEvent::PasswordChanged { user_id: account.id.clone(), how });
    let Some(outbox) = &context.auth.account_rules().outbox else { return };
    let context = context.clone();
    outbox.post(async move {
        let keys = context.accounts.api_keys().list_keys(&account.id).await.or_report().ok();
        let now = context.auth.clock().unix();
        let api_keys = keys.map(|keys| keys.iter().filter(|key| !key.has_ended(now)).count() as u64);
        Some(Message::PasswordChanged { to: account.email, username: account.username, api_keys })
    });
}
