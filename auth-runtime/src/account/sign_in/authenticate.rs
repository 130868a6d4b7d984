use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use tracing::Level;

use crate::{
    account::{
        answer::failure::{Failure, TARGET},
        attempt::{
            throttle::{SIGN_IN, throttle, throttle_login},
            verify::{admit, look_at, succeeded, verify_nothing},
        },
        context::AccountContext,
        email::verification::send_verification_to,
        request::client::Peer,
    },
    limit::KeyValue,
    password::Verified,
    store::{Account, Attempt},
};

/// The result of a successful sign-in.
pub(crate) struct SignedIn {
    pub(crate) account: Account,
    /// The hash covers only the beginning of the password. The new session uses it up, see
    /// [`use_up`](crate::account::password::truncated::use_up).
    pub(crate) password_change_required: bool,
}

/// Returns the account with this login and password. An unknown login costs the same time as a wrong password, and gets
/// the same answer.
pub(crate) async fn sign_in(
    context: &AccountContext,
    peer: &Peer,
    login: &str,
    password: &SecretString,
) -> Result<SignedIn, Failure> {
    let outcome = attempt(context, peer, bounded(login), password).await;
    match &outcome {
        Ok(SignedIn { account, .. }) => {
            tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "signed_in");
        }
        Err(Failure::Refused) => tracing::info!(target: TARGET, outcome = "refused", reason = "credentials"),
        Err(Failure::Unverified) => tracing::info!(target: TARGET, outcome = "refused", reason = "email_unverified"),
        // Each failure and each limit has already logged its own event.
        Err(_) => {}
    }
    outcome
}

/// Bytes of a login that can belong to an account: more than an e-mail address or an imported name has.
const MOST_LOGIN_BYTES: usize = 1024;

/// A longer login belongs to no account. It is replaced by the empty one, which belongs to none either: normalising a text
/// of megabytes takes seconds.
fn bounded(login: &str) -> &str {
    if login.len() > MOST_LOGIN_BYTES { "" } else { login }
}

/// Makes one attempt. An unknown login causes the same calls to the stores, in the same order, as a wrong password.
async fn attempt(
    context: &AccountContext,
    Peer(client): &Peer,
    login: &str,
    password: &SecretString,
) -> Result<SignedIn, Failure> {
    let account = context.accounts.accounts().find_by_login(login).await.map_err(|error| Failure::store(&error))?;
    let attempt = match &account {
        Some(account) => Attempt::on_account(&account.id, *client),
        None => Attempt::on_unknown(login, *client),
    };
    limit(context, &attempt, login).await?;
    admit(context, &attempt).await?;
    let Some(account) = account else {
        verify_nothing(context, password).await?;
        return Err(Failure::Refused);
    };
    let password_change_required = match look_at(context, &account, password).await? {
        Verified::Match { .. } => false,
        Verified::SameBeginning => true,
        Verified::Mismatch => return Err(Failure::Refused),
    };
    if !account.active {
        return Err(Failure::Refused);
    }
    succeeded(context, &attempt).await?;
    let account = demand_verified_email(context, account).await?;
    Ok(SignedIn { account, password_change_required })
}

/// Limits the attempts on one account, across all addresses. A client that the owner has used before has its own limit,
/// so a guesser at another address cannot use up the owner's attempts.
async fn limit(context: &AccountContext, attempt: &Attempt, login: &str) -> Result<(), Failure> {
    let now = context.auth.clock().unix();
    let known = context.accounts.attempts().is_known_client(attempt, now).await;
    if !known.map_err(|error| Failure::store(&error))? {
        return throttle_login(context, &SIGN_IN, login).await;
    }
    let client = URL_SAFE_NO_PAD.encode(attempt.client.as_bytes());
    throttle(context, &SIGN_IN, KeyValue::custom("known_client", &client)).await
}

/// Refuses accounts without a verified address, if the application requires one. Only a client that gave the right
/// password gets here.
async fn demand_verified_email(context: &AccountContext, account: Account) -> Result<Account, Failure> {
    if !context.auth.account_rules().requires_verified_email || account.email_verified_at.is_some() {
        return Ok(account);
    }
    // A limit on messages must not change the answer.
    let _ = send_verification_to(context, &account).await;
    Err(Failure::Unverified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_that_no_account_can_have_is_not_normalised() {
        let longest = "a".repeat(MOST_LOGIN_BYTES);
        assert_eq!(bounded(&longest), longest);
        assert_eq!(bounded(&"\u{fdfa}".repeat(MOST_LOGIN_BYTES)), "");
        assert_eq!(bounded(&format!("{longest}a")), "");
    }
}
