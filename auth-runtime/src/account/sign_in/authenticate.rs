use secrecy::SecretString;
use tracing::Level;

use crate::account::{
    answer::rejection::EndpointRejection, context::AccountContext, event::TARGET, request::client::Peer,
};

use super::{
    owner::{SignedIn, owner_of},
    verified_email::require_verified_email,
};

/// Returns the account with this login and password. An unknown login costs the same time as a wrong password, and gets
/// the same answer.
pub(crate) async fn sign_in(
    context: &AccountContext,
    peer: &Peer,
    login: &str,
    password: &SecretString,
) -> Result<SignedIn, EndpointRejection> {
    let outcome = attempt(context, peer, login, password).await;
    match &outcome {
        Ok(SignedIn { account, .. }) => {
            tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "signed_in");
        }
        Err(EndpointRejection::Refused) => tracing::info!(target: TARGET, outcome = "refused", reason = "credentials"),
        Err(EndpointRejection::Unverified) => {
            tracing::info!(target: TARGET, outcome = "refused", reason = "email_unverified")
        }
        // Each failure and each limit has already logged its own event.
        Err(_) => {}
    }
    outcome
}

async fn attempt(
    context: &AccountContext,
    peer: &Peer,
    login: &str,
    password: &SecretString,
) -> Result<SignedIn, EndpointRejection> {
    let signed_in = owner_of(context, peer, login, password).await?;
    require_verified_email(context, &signed_in.account).await?;
    Ok(signed_in)
}
