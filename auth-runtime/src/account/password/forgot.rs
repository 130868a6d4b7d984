use axum::http::StatusCode;
use serde::Deserialize;

use crate::{
    account::{
        answer::report::OrReport as _,
        context::AccountContext,
        email::one_time::{issue, no_mail},
        policies,
        throttle::throttle_login,
    },
    auth::{Message, limits_by_account::RESET_MAIL},
    error::{FieldError, Problem},
    extract::Json,
    guard::Guard,
    names::is_email_address,
    store::{Account, Purpose, active, login_key},
};

/// The body of a request for a reset token.
#[derive(Deserialize)]
pub(crate) struct Forgotten {
    email: String,
}

/// `POST /auth/password/forgot`: sends a token to an account's address, if an account has this address.
///
/// The answer is 202 either way. The store of accounts is read only after the answer, so the response time does not
/// reveal whether the account exists.
pub(crate) async fn forgot_password(
    _: Guard<policies::ForgotPassword>,
    context: AccountContext,
    Json(Forgotten { email }): Json<Forgotten>,
) -> Result<StatusCode, Problem> {
    let outbox = context.auth.account_rules().outbox.clone().ok_or_else(no_mail)?;
    if !is_email_address(&email) {
        return Err(no_address());
    }
    throttle_login(&context, &RESET_MAIL, &email).await?;
    outbox.post(async move { message(&context, &email).await });
    Ok(StatusCode::ACCEPTED)
}

/// Sends a reset token to the account's address, if the application sends mail.
pub(crate) fn send_reset_to(context: &AccountContext, account: &Account) {
    let Some(outbox) = &context.auth.account_rules().outbox else { return };
    let (context, account) = (context.clone(), account.clone());
    outbox.post(async move { message_to(&context, account).await });
}

async fn message(context: &AccountContext, email: &str) -> Option<Message> {
    message_to(context, find(context, email).await?).await
}

async fn message_to(context: &AccountContext, account: Account) -> Option<Message> {
    let issued = issue(context, &account, Purpose::PasswordReset).await?;
    Some(Message::PasswordReset {
        // Use the account's spelling: the spelling in the request may belong to another mailbox.
        to: account.email,
        username: account.username,
        token: issued.token,
        expires_in: issued.expires_in,
    })
}

async fn find(context: &AccountContext, email: &str) -> Option<Account> {
    let found = context.accounts.accounts().find_by_login(email).await.or_report().ok()?;
    active(found).ok().filter(|account| login_key(&account.email) == login_key(email))
}

fn no_address() -> Problem {
    let fault = FieldError::new("/email", "must be an e-mail address").with_code("email");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", "No mail can be sent there.")
        .with_errors(vec![fault])
}
