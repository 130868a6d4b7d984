use secrecy::SecretString;
use tracing::Level;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
        request::client::Peer,
    },
    limit::KeyValue,
    store::{Account, Attempt},
};

use super::{
    count::{admit, succeeded},
    throttle::{SIGN_IN, throttle},
    verify::verify,
};

/// Returns whether a signed-in caller knows the password of the account. The attempt counts like one at sign-in.
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
    if verify(context, place, account, password).await? {
        succeeded(context, &attempt).await?;
        return Ok(true);
    }
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "refused", reason = "current_password");
    Ok(false)
}
