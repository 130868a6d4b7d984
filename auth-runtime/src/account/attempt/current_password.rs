use secrecy::SecretString;
use tracing::Level;

use crate::{
    account::{
        answer::failure::{Failure, TARGET},
        context::Engine,
        request::peer::Peer,
    },
    limit::KeyValue,
    store::{Account, Attempt},
};

use super::{
    throttle::{SIGN_IN, throttle},
    verify::{admit, succeeded, verify},
};

/// Returns whether a signed-in caller knows the password of the account. The attempt counts like one at sign-in.
pub(crate) async fn prove(
    engine: &Engine,
    Peer(client): &Peer,
    account: &Account,
    password: &SecretString,
) -> Result<bool, Failure> {
    throttle(engine, &SIGN_IN, KeyValue::user("", &account.id)).await?;
    let attempt = Attempt::on_account(&account.id, *client);
    admit(engine, &attempt).await?;
    if verify(engine, account, password).await? {
        succeeded(engine, &attempt).await?;
        return Ok(true);
    }
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "refused", reason = "current_password");
    Ok(false)
}
