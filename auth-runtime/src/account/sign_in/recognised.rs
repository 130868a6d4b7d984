use tracing::Level;

use crate::account::{
    answer::rejection::EndpointRejection, context::AccountContext, event::TARGET, session::proof::Recognition,
};

use super::{owner::SignedIn, verified_email::require_verified_email};

/// Returns the account of a user whom the application recognised. It must be active and, if the proof was sent to an
/// address, still have this address. The counters of wrong passwords neither refuse the user nor change.
pub(crate) async fn sign_in_recognised(
    context: &AccountContext,
    user_id: &str,
    how: Recognition<'_>,
) -> Result<SignedIn, EndpointRejection> {
    let account = context.active_account(user_id).await?.ok_or_else(|| refused("user_gone"))?;
    if !how.fits(&account.email) {
        return Err(refused("address_changed"));
    }
    if let Err(rejection) = require_verified_email(context, &account).await {
        tracing::info!(target: TARGET, outcome = "refused", reason = "email_unverified");
        return Err(rejection);
    }
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "signed_in", amr = how.amr);
    Ok(SignedIn { account, password_change_required: false })
}

fn refused(reason: &'static str) -> EndpointRejection {
    tracing::info!(target: TARGET, outcome = "refused", reason, "a recognised user was not signed in");
    EndpointRejection::Refused
}
