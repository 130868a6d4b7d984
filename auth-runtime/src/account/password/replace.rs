use secrecy::SecretString;
use tracing::Instrument as _;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        api_keys::revoke_all,
        context::AccountContext,
        event::{TARGET, store_failed},
        retry::retry,
    },
    error::{StoreError, with_causes},
    secret::is_same_text,
    store::{Account, EndReason, Purpose},
};

/// The session and the keys that survive a password change.
#[derive(Clone)]
pub(crate) struct Spared {
    /// The session that changes the password.
    pub(crate) session: Option<String>,
    /// Whether the account's API keys survive: programs do not use the password.
    pub(crate) api_keys: bool,
}

/// Replaces the hash that `account` was read with, and ends all that the old password began. Returns whether the old
/// hash was still there, and no other request has replaced the new one since.
///
/// Links, sessions and keys end before the hash is replaced. If a store fails in between, the old password
/// remains without sessions; the new password never has a thief's sessions. Sessions and keys end once more afterwards,
/// since the old password may have begun a session in between. Callers run this by `to_its_end`, together with the
/// steps that follow.
pub(crate) async fn replace(
    context: &AccountContext,
    account: &Account,
    hash: &SecretString,
    spared: &Spared,
) -> Result<bool, EndpointRejection> {
    let accounts = &context.accounts;
    accounts.one_time_tokens().void_one_time(&account.id, Purpose::PasswordReset).await.or_report()?;
    end_others(context, &account.id, spared).await.or_report()?;
    if !accounts.accounts().set_password_hash(&account.id, &account.password_hash, hash).await.or_report()? {
        return Ok(false);
    }
    if let Err(error) = end_others(context, &account.id, spared).await {
        store_failed(&error);
        // The password has changed, so an error would mislead the client. The answer does not wait for the retries.
        let later = end_later(context.clone(), account.id.clone(), spared.clone());
        tokio::spawn(later.in_current_span());
    }
    Ok(is_still_set(context, &account.id, hash).await)
}

/// Returns whether the new hash is still stored. A session that the old password began in the last moment may have
/// changed the password once more before it ended. No other client can have done so: until this request is
/// answered, no other client knows the new password.
async fn is_still_set(context: &AccountContext, id: &str, hash: &SecretString) -> bool {
    match context.accounts.accounts().find(id).await {
        Ok(account) => account.is_some_and(|now| is_same_text(&now.password_hash, hash)),
        // The hash was replaced a moment ago, so an error would mislead the client.
        Err(error) => {
            store_failed(&error);
            true
        }
    }
}

/// Ends sessions, the change of the address that one of them has asked for and, unless they are spared, API keys. A
/// failure of one does not stop the others.
pub(crate) async fn end_others(context: &AccountContext, user_id: &str, spared: &Spared) -> Result<(), StoreError> {
    let reason = EndReason::PasswordChanged;
    let ended = context.end_sessions(user_id, spared.session.as_deref(), reason).await.map(|_count| ());
    if spared.api_keys {
        return ended;
    }
    let revoked = revoke_all(context, user_id, reason).await;
    ended.and(revoked.map(|_count| ()))
}

/// Retries a few times to end the sessions and keys of the old password.
///
/// A user who signs in with the new password in the meantime must sign in again. Clocks differ, so this function cannot
/// tell that session from a thief's.
pub(crate) async fn end_later(context: AccountContext, user_id: String, spared: Spared) {
    let Err(failed) = retry(|| end_others(&context, &user_id, &spared)).await else { return };
    tracing::event!(
        target: TARGET, tracing::Level::ERROR, user.id = user_id, revoke_api_keys = !spared.api_keys,
        store = failed.store(), error = with_causes(&failed), outcome = "failed", reason = "sessions_not_ended",
        "sessions of the old password may go on: call `Administration::end_sessions`",
    );
}
