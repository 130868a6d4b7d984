use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use tracing::Level;

use crate::{
    limit::KeyValue,
    password::Verified,
    store::{Account, Attempt},
};

use super::{
    email::send_verification_to,
    engine::Engine,
    failure::{Failure, TARGET},
    peer::Peer,
    throttle::{SIGN_IN, throttle, throttle_login},
    truncated::use_up,
    verify::{admit, look_at, succeeded, verify_nothing},
};

/// Who has signed in.
pub(super) struct SignedIn {
    pub(super) account: Account,
    /// The password was verified in part, and admits nobody any more.
    pub(super) password_change_required: bool,
}

/// Whose login and password these are. An unknown login costs what a wrong password costs, and answers the same.
pub(super) async fn sign_in(
    engine: &Engine,
    peer: &Peer,
    login: &str,
    password: &SecretString,
) -> Result<SignedIn, Failure> {
    let outcome = attempt(engine, peer, login, password).await;
    match &outcome {
        Ok(SignedIn { account, .. }) => {
            tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "signed_in");
        }
        Err(Failure::Refused) => tracing::info!(target: TARGET, outcome = "refused", reason = "credentials"),
        Err(Failure::Unverified) => tracing::info!(target: TARGET, outcome = "refused", reason = "email_unverified"),
        // What failed, and every limit, has its own event already.
        Err(_) => {}
    }
    outcome
}

/// An unknown login takes the same calls of the stores, in the same order, as a wrong password.
async fn attempt(
    engine: &Engine,
    Peer(client): &Peer,
    login: &str,
    password: &SecretString,
) -> Result<SignedIn, Failure> {
    let account = engine.accounts.accounts().find_by_login(login).await.map_err(|error| Failure::store(&error))?;
    let attempt = match &account {
        Some(account) => Attempt::on_account(&account.id, *client),
        None => Attempt::on_unknown(login, *client),
    };
    limit(engine, &attempt, login).await?;
    admit(engine, &attempt).await?;
    let Some(account) = account else {
        verify_nothing(engine, password).await?;
        return Err(Failure::Refused);
    };
    let password_change_required = match look_at(engine, &account, password).await? {
        Verified::Match { .. } => false,
        Verified::SameBeginning => true,
        Verified::Mismatch => return Err(Failure::Refused),
    };
    if !account.active {
        return Err(Failure::Refused);
    }
    succeeded(engine, &attempt).await?;
    let account = demand_verified_email(engine, account).await?;
    let account = if password_change_required { use_up(engine, account).await? } else { account };
    Ok(SignedIn { account, password_change_required })
}

/// Attempts on one account are few a minute, from wherever they come; but a client of its owner's is limited by itself, so
/// that nobody uses up the owner's attempts from elsewhere.
async fn limit(engine: &Engine, attempt: &Attempt, login: &str) -> Result<(), Failure> {
    let now = engine.auth.clock().unix();
    let known = engine.accounts.attempts().is_known_client(attempt, now).await;
    if !known.map_err(|error| Failure::store(&error))? {
        return throttle_login(engine, &SIGN_IN, login).await;
    }
    let client = URL_SAFE_NO_PAD.encode(attempt.client);
    throttle(engine, &SIGN_IN, KeyValue::custom("known_client", &client)).await
}

/// Said only to whoever has given the right password.
async fn demand_verified_email(engine: &Engine, account: Account) -> Result<Account, Failure> {
    if !engine.auth.account_rules().requires_verified_email || account.email_verified_at.is_some() {
        return Ok(account);
    }
    // Too many messages is no reason for another answer.
    let _ = send_verification_to(engine, &account).await;
    Err(Failure::Unverified)
}
