use tracing::Level;

use crate::{
    account::{
        answer::rejection::EndpointRejection, context::AccountContext, event::TARGET, password::take_over::take_over,
        session::proof::Recognition,
    },
    store::Account,
};

use super::{owner::SignedIn, verified_email::require_verified_email};

/// Returns the account of a user whom the application recognised. It must be active and, if the proof is one of an
/// address, have this address. The counters of wrong passwords neither refuse the user nor change.
///
/// The first proof of the address ends what was made before. Another proof says nothing about the address.
pub(crate) async fn sign_in_recognised(
    context: &AccountContext,
    user_id: &str,
    how: Recognition<'_>,
) -> Result<SignedIn, EndpointRejection> {
    let account = context.active_account(user_id).await?.ok_or_else(|| refused("user_gone"))?;
    if !how.fits(&account.email) {
        return Err(refused("address_changed"));
    }
    let account = verified(context, account, how).await?;
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "signed_in", amr = how.amr);
    Ok(SignedIn { account, password_change_required: false })
}

async fn verified(
    context: &AccountContext,
    account: Account,
    how: Recognition<'_>,
) -> Result<Account, EndpointRejection> {
    if how.email.is_some() && account.email_verified_at.is_none() {
        return take_over(context, account).await?.ok_or_else(|| refused("changed_meanwhile"));
    }
    if let Err(rejection) = require_verified_email(context, &account).await {
        tracing::info!(target: TARGET, outcome = "refused", reason = "email_unverified");
        return Err(rejection);
    }
    Ok(account)
}

fn refused(reason: &'static str) -> EndpointRejection {
    tracing::info!(target: TARGET, outcome = "refused", reason, "a recognised user was not signed in");
    EndpointRejection::Refused
}
