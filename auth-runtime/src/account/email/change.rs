use axum::http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use tracing::Level;

use crate::{
    account::{
        administration::has_address,
        answer::{
            error_response::ErrorResponse,
            report::{OrReport as _, Report as _},
            taken::taken,
        },
        context::AccountContext,
        event::{TARGET, store_failed},
        password::change::prove_owner,
        policies,
        request::{
            caller::{LocalCaller, account_of, session_of},
            client::Peer,
        },
        throttle::throttle_login,
        uninterrupted::to_its_end,
    },
    auth::{Message, limits_by_account::EMAIL_CHANGE_MAIL},
    error::{FieldError, Problem},
    extract::Json,
    guard::Guard,
    identity::Identity,
    names::is_email_address,
    store::{Account, CreateError, OneTimeRecord, Purpose},
    token::TokenHash,
};

use super::{
    changed::{restore, tell_changed},
    one_time::{Redemption, bad_token, issue_to, no_mail, read, use_up},
};

/// The body of a request for another address. The password may be missing if the caller has just signed in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    new_email: String,
    current_password: Option<SecretString>,
}

/// `POST /auth/email`: sends a token to the address that the caller wants, and a notice to the present one. The account
/// keeps its address until the token is redeemed.
pub(crate) async fn request_email_change(
    _: Guard<policies::RequestEmailChange>,
    LocalCaller(caller): LocalCaller,
    peer: Peer,
    context: AccountContext,
    Json(Wanted { new_email, current_password }): Json<Wanted>,
) -> Result<StatusCode, ErrorResponse> {
    let outbox = context.auth.account_rules().outbox.clone().ok_or_else(no_mail)?;
    let account = account_of(&context, &caller).await?;
    check(&account, &new_email)?;
    prove_owner(&context, &peer, &caller, &account, current_password.as_ref()).await?;
    demand_free(&context, &account, &new_email).await?;
    throttle_login(&context, &EMAIL_CHANGE_MAIL, &new_email).await?;
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "email_change_requested");
    let notice = Message::EmailChangeRequested {
        to: account.email.clone(),
        username: account.username.clone(),
        new_email: new_email.clone(),
    };
    outbox.post(async move { Some(notice) });
    outbox.post(async move { message(&context, &caller, account, new_email).await });
    Ok(StatusCode::ACCEPTED)
}

fn check(account: &Account, new_email: &str) -> Result<(), Problem> {
    let fault = |message, code| FieldError::new("/new_email", message).with_code(code);
    let fault = if !is_email_address(new_email) {
        fault("must be an e-mail address", "email")
    } else if new_email == account.email {
        fault("must be another one than now", "email-unchanged")
    } else {
        return Ok(());
    };
    let title = "The e-mail address cannot be changed like this.";
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", title).with_errors(vec![fault]))
}

/// Refuses an address that another account has. Registration tells a stranger the same.
async fn demand_free(context: &AccountContext, account: &Account, new_email: &str) -> Result<(), Problem> {
    let holder = context.accounts.accounts().find_by_login(new_email).await.or_report()?;
    if holder.is_some_and(|holder| holder.id != account.id) { Err(taken("/new_email")) } else { Ok(()) }
}

/// Sends no token if the caller's session has ended meanwhile: a new password ends sessions first, then these tokens.
async fn message(context: &AccountContext, caller: &Identity, account: Account, new_email: String) -> Option<Message> {
    let issued = issue_to(context, &account, Purpose::EmailChange, &new_email).await?;
    if session_of(context, caller).await.is_err() {
        let _ = context.accounts.one_time_tokens().void_one_time(&account.id, Purpose::EmailChange).await.or_report();
        return None;
    }
    Some(Message::EmailChange {
        to: new_email,
        username: account.username,
        token: issued.token,
        expires_in: issued.expires_in,
    })
}

/// `POST /auth/email/change`: gives the account the address to which this token was sent. The address is verified,
/// since the holder of the token reads mail sent there.
///
/// The account's sessions continue: an address is no credential, and the former address gets a notice. Tokens that were
/// sent to the former address end.
pub(crate) async fn change_email(
    _: Guard<policies::ChangeEmail>,
    context: AccountContext,
    Json(Redemption { token }): Json<Redemption>,
) -> Result<StatusCode, Problem> {
    to_its_end(change(context, read(&token)?)).await.or_report()?
}

/// The token is used up last, so that a failed store does not cost the token.
///
/// The token must still be live after the account was read. So a token that an administrator's change makes void
/// meanwhile does not replace the address that the administrator set. Either the token is void, or the account has
/// another address than at the read.
///
/// The token must be live after the address was set, too. A new password that makes it void in between may be the
/// owner's, who ends what a thief has asked for. The account then gets its former address back, and nobody is told.
async fn change(context: AccountContext, token: TokenHash) -> Result<StatusCode, Problem> {
    let record = find(&context, &token).await?;
    let account = context.active_account(&record.user_id).await?.ok_or_else(|| bad_token("user_gone"))?;
    for purpose in [Purpose::PasswordReset, Purpose::EmailVerification] {
        context.accounts.one_time_tokens().void_one_time(&account.id, purpose).await.or_report()?;
    }
    let record = find(&context, &token).await?;
    set(&context, &account, &record.email).await?;
    let was_live = use_up(&context, &token, Purpose::EmailChange).await;
    // An account that had the address already got it by an earlier request with this token.
    if account.email == record.email {
        return Ok(StatusCode::NO_CONTENT);
    }
    if !was_live {
        restore(&context, account, record.email).await;
        return Err(bad_token("voided"));
    }
    tell_changed(&context, account, record.email);
    Ok(StatusCode::NO_CONTENT)
}

async fn find(context: &AccountContext, token: &TokenHash) -> Result<OneTimeRecord, Problem> {
    let now = context.auth.clock().unix();
    let found = context.accounts.one_time_tokens().find_one_time(token, Purpose::EmailChange, now).await;
    found.or_report()?.ok_or_else(|| bad_token("unknown"))
}

/// Sets the address, which the holder of the token has proved.
async fn set(context: &AccountContext, account: &Account, email: &str) -> Result<(), Problem> {
    let now = context.auth.clock().unix();
    match context.accounts.accounts().set_email(&account.id, &account.email, email, Some(now)).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(bad_token("address_changed")),
        // The store may have failed after it had written the address. The former address must be told then, too.
        Err(CreateError::Store(error)) if !has_address(context, &account.id, email).await => Err(error.report().into()),
        Err(CreateError::Store(error)) => {
            store_failed(&error);
            Ok(())
        }
        Err(_) => Err(taken("/new_email")),
    }
}
