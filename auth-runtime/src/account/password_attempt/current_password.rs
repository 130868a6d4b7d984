use secrecy::SecretString;
use tracing::Level;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
        request::client::Peer,
        throttle::throttle,
    },
    auth::limits_by_account::SIGN_IN,
    limit::KeyValue,
    store::{Account, Attempt},
};

use super::{
    count::{admit, or_withdraw, succeeded},
    verify::verify,
};

/// Returns whether a signed-in caller knows the password of the account. A wrong password counts among the failures of
/// the account, as at sign-in.
///
/// The limit has a counter by the account's identifier. At sign-in it counts by the login or by a known client. With
/// one counter for both, strangers who guess at sign-in could keep the signed-in owner from changing a password. A
/// thief of a session gains only these attempts, and the count of failures, which is shared, bounds both.
pub(crate) async fn prove(
    context: &AccountContext,
    Peer(client): &Peer,
    account: &Account,
    password: &SecretString,
) -> Result<bool, EndpointRejection> {
    let place = context.auth.passwords().reserve().or_report()?;
    throttle(context, &SIGN_IN, KeyValue::user("", &account.id)).await?;
    let attempt = Attempt::on_account(&account.id, *client);
    admit(context, &attempt).await?;
    let verified = verify(context, place, account, password).await;
    if or_withdraw(context, &attempt, verified).await? {
        succeeded(context, &attempt).await?;
        return Ok(true);
    }
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "refused", reason = "current_password");
    Ok(false)
}
