use axum::http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    error::Problem,
    extract::Json,
    guard::{Guard, UNAVAILABLE_RETRY_SECONDS},
    store::{Account, Attempt, OneTimeRecord, Purpose, account_key},
};

use super::{
    change_password::tell,
    engine::Engine,
    failure::Failure,
    new_password::{Spared, check_new, hash, replace},
    one_time::{bad_token, holder, read},
    peer::Peer,
    policies,
    to_its_end::to_its_end,
    verify::succeeded,
};

/// A new password, and the token that was sent by mail. A member that is misspelled would leave keys that were to go: it is
/// refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reset {
    token: SecretString,
    new_password: SecretString,
    #[serde(default)]
    revoke_api_keys: bool,
}

/// `POST /auth/password/reset`: a new password for whoever holds a token. All sessions end, and so does a cool-down.
///
/// The token is used up only when everything else is ready: neither a password that is refused nor a full queue costs it.
pub(super) async fn reset_password(
    _: Guard<policies::ResetPassword>,
    peer: Peer,
    engine: Engine,
    Json(reset): Json<Reset>,
) -> Result<StatusCode, Problem> {
    let token = read(&reset.token)?;
    let account = holder(&engine, &look_up(&engine, &token).await?).await?;
    check_new(&engine.auth, &reset.new_password, &account)?;
    let hash = hash(&engine, &reset.new_password).await?;
    welcome(&engine, &peer, &account).await?;
    let spared = Spared { session: None, api_keys: !reset.revoke_api_keys };
    to_its_end(use_up_and_set(engine, token, hash, spared)).await.map_err(|error| Failure::store(&error))?
}

async fn use_up_and_set(
    engine: Engine,
    token: [u8; 32],
    hash: SecretString,
    spared: Spared,
) -> Result<StatusCode, Problem> {
    let record = use_up(&engine, &token).await?;
    // The address may have changed while the password was hashed.
    let account = set(&engine, holder(&engine, &record).await?, &record, &hash, &spared).await?;
    tell(&engine, account, "reset");
    Ok(StatusCode::NO_CONTENT)
}

async fn look_up(engine: &Engine, token: &[u8; 32]) -> Result<OneTimeRecord, Problem> {
    let now = engine.auth.clock().unix();
    let found = engine.accounts.one_time_tokens().find_one_time(token, Purpose::PasswordReset, now).await;
    found.map_err(|error| Failure::store(&error))?.ok_or_else(|| bad_token("unknown"))
}

async fn use_up(engine: &Engine, token: &[u8; 32]) -> Result<OneTimeRecord, Problem> {
    let now = engine.auth.clock().unix();
    let redeemed = engine.accounts.one_time_tokens().redeem_one_time(token, Purpose::PasswordReset, now).await;
    redeemed.map_err(|error| Failure::store(&error))?.ok_or_else(|| bad_token("used"))
}

/// A sign-in may be replacing the old hash by a stronger one at the same time, or a session that the old password has just
/// begun may be changing it; the reset wins.
async fn set(
    engine: &Engine,
    mut account: Account,
    record: &OneTimeRecord,
    hash: &SecretString,
    spared: &Spared,
) -> Result<Account, Problem> {
    const TRIES: usize = 3;
    for _ in 0..TRIES {
        if replace(engine, &account, hash, spared).await? {
            return Ok(account);
        }
        account = holder(engine, record).await?;
    }
    Err(Failure::Unavailable(UNAVAILABLE_RETRY_SECONDS).into())
}

/// Ends the cool-down, and knows the client from now on: who guesses at the account from elsewhere locks its owner out no
/// more.
async fn welcome(engine: &Engine, Peer(client): &Peer, account: &Account) -> Result<(), Failure> {
    engine
        .accounts
        .attempts()
        .clear_attempts(&account_key(&account.id))
        .await
        .map_err(|error| Failure::store(&error))?;
    succeeded(engine, &Attempt::on_account(&account.id, *client)).await
}
