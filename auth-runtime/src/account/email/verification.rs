use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tracing::Level;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
        policies,
        request::caller::{LocalCaller, account_of},
        throttle::throttle_login,
        uninterrupted::to_its_end,
    },
    auth::{Message, limits_by_account::VERIFICATION_MAIL},
    error::Problem,
    extract::Json,
    guard::Guard,
    store::{Account, Purpose},
    token::TokenHash,
};

use super::one_time::{Redemption, bad_token, holder, issue, no_mail, read, use_up};

/// `POST /auth/email/verify`: marks the account's address as verified, since the holder of this token reads mail sent
/// there.
///
/// The holder confirms the account as it is: sessions, API keys and the password stay. This endpoint cannot tell
/// whether the holder registered.
pub(crate) async fn verify_email(
    _: Guard<policies::VerifyEmail>,
    context: AccountContext,
    Json(Redemption { token }): Json<Redemption>,
) -> Result<StatusCode, Problem> {
    to_its_end(verify(context, read(&token)?)).await.or_report()?
}

/// The token is used up last, so that a failed store costs nobody the token.
async fn verify(context: AccountContext, token: TokenHash) -> Result<StatusCode, Problem> {
    let now = context.auth.clock().unix();
    let found = context.accounts.one_time_tokens().find_one_time(&token, Purpose::EmailVerification, now).await;
    let record = found.or_report()?.ok_or_else(|| bad_token("unknown"))?;
    let account = holder(&context, &record).await?;
    if !context.accounts.accounts().set_email_verified(&account.id, &record.email, now).await.or_report()? {
        return Err(bad_token("address_changed"));
    }
    use_up(&context, &token, Purpose::EmailVerification).await;
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "email_verified");
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /auth/email/send-verification`: sends the caller a token, unless the address is already verified.
pub(crate) async fn send_verification(
    _: Guard<policies::SendVerification>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
) -> Result<StatusCode, Response> {
    if context.auth.account_rules().outbox.is_none() {
        return Err(no_mail().into_response());
    }
    let account = account_of(&context, &caller).await.map_err(IntoResponse::into_response)?;
    if account.email_verified_at.is_none() {
        let sent = send_verification_to(&context, &account).await;
        sent.map_err(|rejection| Problem::from(rejection).into_response())?;
    }
    Ok(StatusCode::ACCEPTED)
}

/// Sends a token that verifies the account's address, if the application sends mail.
pub(crate) async fn send_verification_to(context: &AccountContext, account: &Account) -> Result<(), EndpointRejection> {
    let Some(outbox) = &context.auth.account_rules().outbox else { return Ok(()) };
    throttle_login(context, &VERIFICATION_MAIL, &account.email).await?;
    let (context, account) = (context.clone(), account.clone());
    outbox.post(async move {
        let issued = issue(&context, &account, Purpose::EmailVerification).await?;
        Some(Message::VerifyEmail {
            to: account.email,
            username: account.username,
            token: issued.token,
            expires_in: issued.expires_in,
        })
    });
    Ok(())
}
