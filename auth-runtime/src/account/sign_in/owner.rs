use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        password_attempt::{
            count::{admit, or_withdraw, succeeded},
            verify::{look_at, verify_nothing},
        },
        request::client::Peer,
        throttle::{throttle, throttle_login},
    },
    auth::limits_by_account::SIGN_IN,
    limit::KeyValue,
    password::Verified,
    store::{Account, Attempt, active},
};

/// The result of a successful sign-in.
pub(crate) struct SignedIn {
    pub(crate) account: Account,
    /// The hash covers only the beginning of the password. The new session uses it up, see
    /// [`use_up`](crate::account::password::truncated::use_up).
    pub(crate) password_change_required: bool,
}

/// Returns the active account with this login and password. An unknown login causes the same calls to the stores, in
/// the same order, as a wrong password.
pub(super) async fn owner_of(
    context: &AccountContext,
    Peer(client): &Peer,
    login: &str,
    password: &SecretString,
) -> Result<SignedIn, EndpointRejection> {
    let login = bounded(login);
    let account = context.accounts.accounts().find_by_login(login).await.or_report()?;
    let attempt = match &account {
        Some(account) => Attempt::on_account(&account.id, *client),
        None => Attempt::on_unknown(login, *client),
    };
    // A full queue is found first: such an attempt charges no limit and does not count as wrong.
    let place = context.auth.passwords().reserve().or_report()?;
    limit(context, &attempt, login).await?;
    admit(context, &attempt).await?;
    let Some(account) = account else {
        let verified = verify_nothing(context, place, password).await;
        or_withdraw(context, &attempt, verified).await?;
        return Err(EndpointRejection::Refused);
    };
    let verified = look_at(context, place, &account, password).await;
    let password_change_required = match or_withdraw(context, &attempt, verified).await? {
        Verified::Match { .. } => false,
        Verified::SameBeginning => true,
        Verified::Mismatch => return Err(EndpointRejection::Refused),
    };
    let account = active(Some(account)).map_err(|_| EndpointRejection::Refused)?;
    succeeded(context, &attempt).await?;
    Ok(SignedIn { account, password_change_required })
}

/// Limits the attempts on one account, across all addresses. A client that the owner has used before has its own limit,
/// so a guesser at another address cannot use up the owner's attempts.
async fn limit(context: &AccountContext, attempt: &Attempt, login: &str) -> Result<(), EndpointRejection> {
    let now = context.auth.clock().unix();
    if !context.accounts.attempts().is_known_client(attempt, now).await.or_report()? {
        return throttle_login(context, &SIGN_IN, login).await;
    }
    let client = URL_SAFE_NO_PAD.encode(attempt.client.as_bytes());
    throttle(context, &SIGN_IN, KeyValue::custom("known_client", &client)).await
}

/// Bytes of a login that can belong to an account: more than an e-mail address or an imported name has.
const MOST_LOGIN_BYTES: usize = 1024;

/// A longer login belongs to no account. It is replaced by the empty one, which belongs to no account either:
/// normalising a text of megabytes takes seconds.
fn bounded(login: &str) -> &str {
    if login.len() > MOST_LOGIN_BYTES { "" } else { login }
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
