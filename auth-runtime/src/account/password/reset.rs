use axum::http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        email::{
            one_time::{bad_token, holder, read},
            proof::record_proof_or_later,
        },
        password_attempt::count::{clear, succeeded},
        policies,
        request::client::Peer,
        uninterrupted::to_its_end,
    },
    auth::PasswordChange,
    error::{Problem, UNAVAILABLE_RETRY_SECONDS},
    extract::Json,
    guard::Guard,
    store::{Account, Attempt, OneTimeRecord, Purpose},
    token::TokenHash,
};

use super::{
    new_password::{check_new, hash},
    notice::password_changed,
    replace::{Spared, replace},
};

/// The body of a reset: a new password, and the token from the mail. Unknown members are refused: a misspelled
/// `revoke_api_keys` would otherwise leave keys that the owner wanted to revoke.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reset {
    token: SecretString,
    new_password: SecretString,
    #[serde(default)]
    revoke_api_keys: bool,
}

/// `POST /auth/password/reset`: sets a new password for the holder of a token. All sessions end, and so does a lock of
/// the account.
///
/// The holder reads the mail of the address. If nobody had verified it, a stranger may have opened the account. Then
/// its API keys end whatever the request says, and the address counts as verified afterwards.
///
/// The token is used up only when all other steps are ready, so neither a refused password nor a full queue costs the
/// token.
pub(crate) async fn reset_password(
    _: Guard<policies::ResetPassword>,
    peer: Peer,
    context: AccountContext,
    Json(reset): Json<Reset>,
) -> Result<StatusCode, Problem> {
    let token = read(&reset.token)?;
    let account = holder(&context, &look_up(&context, &token).await?).await?;
    check_new(&context.auth, &reset.new_password, &account).await?;
    let hash = hash(&context, &reset.new_password).await?;
    welcome(&context, &peer, &account).await?;
    to_its_end(use_up_and_set(context, token, hash, reset.revoke_api_keys)).await.or_report()?
}

async fn use_up_and_set(
    context: AccountContext,
    token: TokenHash,
    hash: SecretString,
    revoke_api_keys: bool,
) -> Result<StatusCode, Problem> {
    let record = use_up(&context, &token).await?;
    // The account's address may have changed while the password was hashed.
    let account = holder(&context, &record).await?;
    let is_verified = account.email_verified_at.is_some();
    let spared = Spared { session: None, api_keys: is_verified && !revoke_api_keys };
    let account = set(&context, account, &record, &hash, &spared).await?;
    if !is_verified {
        record_proof_or_later(&context, &account).await;
    }
    password_changed(&context, account, PasswordChange::Reset);
    Ok(StatusCode::NO_CONTENT)
}

async fn look_up(context: &AccountContext, token: &TokenHash) -> Result<OneTimeRecord, Problem> {
    let now = context.auth.clock().unix();
    let found = context.accounts.one_time_tokens().find_one_time(token, Purpose::PasswordReset, now).await;
    found.or_report()?.ok_or_else(|| bad_token("unknown"))
}

async fn use_up(context: &AccountContext, token: &TokenHash) -> Result<OneTimeRecord, Problem> {
    let now = context.auth.clock().unix();
    let redeemed = context.accounts.one_time_tokens().redeem_one_time(token, Purpose::PasswordReset, now).await;
    redeemed.or_report()?.ok_or_else(|| bad_token("used"))
}

/// Replaces the hash, and retries when another request has replaced it. That may be a sign-in that stores a stronger
/// hash, or a session of the old password that changes it. The reset wins.
async fn set(
    context: &AccountContext,
    mut account: Account,
    record: &OneTimeRecord,
    hash: &SecretString,
    spared: &Spared,
) -> Result<Account, Problem> {
    const TRIES: usize = 3;
    for _ in 0..TRIES {
        if replace(context, &account, hash, spared).await? {
            return Ok(account);
        }
        account = holder(context, record).await?;
    }
    Err(EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS).into())
}

/// Ends the lock of the account, and remembers the client as one of the owner's. A guesser at another address
/// can then no longer lock out the owner at this one.
async fn welcome(context: &AccountContext, Peer(client): &Peer, account: &Account) -> Result<(), EndpointRejection> {
    clear(context, &account.id).await.or_report()?;
    succeeded(context, &Attempt::on_account(&account.id, *client)).await
}
