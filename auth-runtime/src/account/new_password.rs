use core::{error::Error, time::Duration};

use axum::http::StatusCode;
use secrecy::SecretString;
use tokio::time::sleep;
use tracing::Instrument as _;

use crate::{
    auth::Auth,
    error::{FieldError, Problem, StoreError},
    secret::is_same_text,
    store::{Account, EndReason, Purpose},
};

use super::{
    api_keys::revoke_all,
    ending,
    engine::Engine,
    failure::{Failure, TARGET, tell_operator},
};

/// What is wrong with a new password of whoever has this user name and address.
pub(super) fn password_faults(
    auth: &Auth,
    password: &SecretString,
    username: &str,
    email: &str,
    pointer: &str,
) -> Vec<FieldError> {
    // Of an address the policy looks at the part before the `@`; with the other part named, too, the whole address is
    // no password either.
    let domain = email.rsplit('@').next().unwrap_or_default();
    let faults = auth.password_policy().check(password, &[username, email, domain]).err().unwrap_or_default();
    faults.iter().map(|fault| FieldError { pointer: pointer.to_owned(), message: fault.to_string() }).collect()
}

/// The answer to a new password that the policy refuses.
pub(super) fn check_new(auth: &Auth, password: &SecretString, account: &Account) -> Result<(), Problem> {
    let faults = password_faults(auth, password, &account.username, &account.email, NEW_PASSWORD);
    if faults.is_empty() { Ok(()) } else { Err(unfit(faults)) }
}

/// Where the endpoints take a new password.
pub(super) const NEW_PASSWORD: &str = "/new_password";

/// 422 with what is wrong.
pub(super) fn unfit(errors: Vec<FieldError>) -> Problem {
    let title = "The password cannot be changed like this.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", title).with_errors(errors)
}

pub(super) async fn hash(engine: &Engine, password: &SecretString) -> Result<SecretString, Failure> {
    let hash = engine.auth.passwords().hash(password).await;
    hash.map(SecretString::from).map_err(|error| Failure::hashing(&error))
}

/// What goes on with the new password.
#[derive(Clone)]
pub(super) struct Spared {
    /// The session that the password is changed from.
    pub(super) session: Option<String>,
    /// The account's API keys: programs need no password.
    pub(super) api_keys: bool,
}

/// Puts the hash in the place of the one that `account` was read with, and ends what was begun with the old password;
/// whether the old one was still there, and nobody has replaced the new one since.
///
/// Links, sessions and keys end before the hash is replaced, so that a store that fails in between leaves the old password
/// without sessions, never the new one with those of a thief. They end once more afterwards, for whoever signed in with the
/// old password in between. Whoever calls this does so `to_its_end`, together with what follows.
pub(super) async fn replace(
    engine: &Engine,
    account: &Account,
    hash: &SecretString,
    spared: &Spared,
) -> Result<bool, Failure> {
    let accounts = &engine.accounts;
    let voided = accounts.one_time_tokens().void_one_time(&account.id, Purpose::PasswordReset).await;
    voided.map_err(|error| Failure::store(&error))?;
    end_others(engine, &account.id, spared).await.map_err(|error| Failure::store(&error))?;
    let replaced = accounts.accounts().set_password_hash(&account.id, &account.password_hash, hash).await;
    if !replaced.map_err(|error| Failure::store(&error))? {
        return Ok(false);
    }
    if let Err(error) = end_others(engine, &account.id, spared).await {
        // The password has changed, and to say otherwise would be worse. Nor does the answer wait.
        let later = end_later(engine.clone(), account.id.clone(), spared.clone(), error);
        tokio::spawn(later.in_current_span());
    }
    Ok(is_still_set(engine, &account.id, hash).await)
}

/// A session that the old password began in the last moment may have changed the password once more before it ended. Nobody
/// else can have: the new one is known to nobody who has no answer yet.
async fn is_still_set(engine: &Engine, id: &str, hash: &SecretString) -> bool {
    match engine.accounts.accounts().find(id).await {
        Ok(account) => account.is_some_and(|now| is_same_text(&now.password_hash, hash)),
        // The hash was replaced a moment ago, and to say otherwise would be worse.
        Err(error) => {
            tell_operator(&error);
            true
        }
    }
}

/// Each end is tried, also where another fails.
async fn end_others(engine: &Engine, user_id: &str, spared: &Spared) -> Result<(), StoreError> {
    let (auth, accounts, why) = (&engine.auth, &engine.accounts, EndReason::PasswordChanged);
    let ended = ending::end_all(auth, accounts, user_id, spared.session.as_deref(), why).await.map(|_count| ());
    if spared.api_keys {
        return ended;
    }
    let revoked = revoke_all(auth, accounts, user_id, why).await;
    ended.and(revoked.map(|_count| ()))
}

/// Tries again to end what the old password began, a few times.
///
/// Who signs in with the new password meanwhile has to do so again: nothing tells such a session from a thief's, since
/// clocks differ.
async fn end_later(engine: Engine, user_id: String, spared: Spared, mut failed: StoreError) {
    for pause in PAUSES {
        tell_operator(&failed);
        sleep(pause).await;
        match end_others(&engine, &user_id, &spared).await {
            Ok(()) => return,
            Err(error) => failed = error,
        }
    }
    tracing::event!(
        target: TARGET, tracing::Level::ERROR, user.id = user_id, revoke_api_keys = !spared.api_keys, store = failed.store(),
        error = &failed as &dyn Error, outcome = "failed", reason = "sessions_not_ended",
        "sessions of the old password may go on: call `Administration::end_sessions`",
    );
}

/// What takes longer is an outage, which somebody looks after anyway.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
