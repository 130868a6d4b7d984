use axum::http::StatusCode;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    account::{
        answer::{oauth::OAuthError, report::OrReport as _},
        context::AccountContext,
        policies,
        request::form::Form,
    },
    guard::Guard,
    store::{EndReason, FoundToken},
    token::RefreshToken,
};

use super::{access_token::caller_of, open::FIRST_PARTY};

/// `POST /auth/revoke`: RFC 7009. Revoking a refresh token ends its session; revoking an access token ends only that
/// token. The answer is 200 for an unknown token as well, so it reveals nothing. The token type hint is not needed,
/// since the formats differ.
pub(crate) async fn revoke(
    _: Guard<policies::Revoke>,
    context: AccountContext,
    mut form: Form,
) -> Result<StatusCode, OAuthError> {
    let client_id = form.take("client_id").unwrap_or_else(|| FIRST_PARTY.to_owned());
    let Some(token) = form.take("token").map(SecretString::from) else {
        return Err(OAuthError::InvalidRequest("The token is missing."));
    };
    match RefreshToken::parse(token.expose_secret()) {
        Ok(token) => end_session(&context, &token, &client_id).await?,
        Err(_) => refuse_access_token(&context, &token, &client_id).await?,
    }
    Ok(StatusCode::OK)
}

async fn end_session(context: &AccountContext, token: &RefreshToken, client_id: &str) -> Result<(), OAuthError> {
    let found = context.accounts.sessions().find_by_token(&token.hash()).await.or_report()?;
    let Some(FoundToken { session, .. }) = found else { return Ok(()) };
    check_client(&session.client_id, client_id)?;
    context.end_session(&session.user_id, &session.id, EndReason::Revoked).await.or_report()?;
    Ok(())
}

async fn refuse_access_token(
    context: &AccountContext,
    token: &SecretString,
    client_id: &str,
) -> Result<(), OAuthError> {
    let Some(caller) = caller_of(context, token).await? else { return Ok(()) };
    check_client(caller.client().unwrap_or_default(), client_id)?;
    let (Some(token_id), Some(expires_at)) = (caller.token_id(), caller.expires_at()) else { return Ok(()) };
    context.revoke_token(token_id, expires_at).await.or_report()?;
    Ok(())
}

/// Checks that a client revokes only its own tokens (RFC 7009, section 2.1).
fn check_client(owner: &str, client_id: &str) -> Result<(), OAuthError> {
    if owner == client_id {
        Ok(())
    } else {
        Err(OAuthError::UnauthorizedClient("The token was issued to another client."))
    }
}
