use secrecy::{ExposeSecret, SecretString};

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::Report as _},
        context::AccountContext,
    },
    authn::AuthnError,
    identity::Identity,
};

/// Returns the caller whom an access token identifies, or `None` when the token is not valid or belongs to a user
/// of another issuer.
///
/// # Errors
/// Returns the answer for the error of a store, which it reports.
pub(super) async fn caller_of(
    context: &AccountContext,
    token: &SecretString,
) -> Result<Option<Identity>, EndpointRejection> {
    match context.auth.access_token(token.expose_secret()).await {
        // The subject of another issuer is no account here, even if an account has the same identifier.
        Ok(caller) => Ok(Some(caller).filter(|caller| caller.is_user_of(context.auth.issuer()))),
        Err(AuthnError::Unavailable(error)) => Err(error.report()),
        Err(_) => Ok(None),
    }
}
