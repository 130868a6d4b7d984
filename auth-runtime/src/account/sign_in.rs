use secrecy::SecretString;
use tracing::Level;

use crate::{
    guard::UNAVAILABLE_RETRY_SECONDS,
    limit::{Charge, KeyValue, PreparedLimit, retry_after_seconds},
    password::{PasswordError, Verified},
    policy::{Limit, LimitKey, Quota},
    store::{Account, login_key},
};

use super::{
    engine::Engine,
    failure::{Failure, TARGET, tell_operator},
};

/// Whose login and password these are. An unknown login costs what a wrong password costs, and answers the same.
pub(super) async fn sign_in(engine: &Engine, login: &str, password: &SecretString) -> Result<Account, Failure> {
    let outcome = attempt(engine, login, password).await;
    match &outcome {
        Ok(account) => tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "signed_in"),
        Err(Failure::Refused) => tracing::info!(target: TARGET, outcome = "refused", reason = "credentials"),
        Err(Failure::SlowDown(_)) => tracing::warn!(target: TARGET, outcome = "refused", reason = "account_limit"),
        // What failed has its own event already.
        Err(_) => {}
    }
    outcome
}

async fn attempt(engine: &Engine, login: &str, password: &SecretString) -> Result<Account, Failure> {
    throttle(engine, login).await?;
    let account = engine.accounts.accounts().find_by_login(login).await.map_err(|error| Failure::store(&error))?;
    match account {
        Some(account) if verify(engine, &account, password).await? && account.active => Ok(account),
        Some(_) => Err(Failure::Refused),
        None => {
            verify_nothing(engine, password).await?;
            Err(Failure::Refused)
        }
    }
}

/// Whether somebody who is signed in knows the password of their account.
pub(super) async fn prove(engine: &Engine, account: &Account, password: &SecretString) -> Result<(), Failure> {
    throttle(engine, &account.username).await?;
    if verify(engine, account, password).await? { Ok(()) } else { Err(Failure::Refused) }
}

/// Attempts for one account are few, from wherever they come, so that many addresses do not help in guessing. Counted by
/// what was typed: an unknown account is limited like a known one.
async fn throttle(engine: &Engine, login: &str) -> Result<(), Failure> {
    const BY_ACCOUNT: PreparedLimit = PreparedLimit::new(
        Limit::new(Quota::new(30, 600).burst(10), LimitKey::Global).named("login-account"),
        "auth_runtime::account::sign_in",
        0,
    );
    let key = login_key(login);
    let mut charges = [Charge::new(&BY_ACCOUNT, KeyValue::custom("login", &key))];
    if let Err(error) = engine.auth.limiter().charge(&mut charges, engine.auth.clock()).await {
        let _ = Failure::store(&error);
    }
    let [charge] = charges;
    match charge.verdict() {
        _ if !charge.refuses() => Ok(()),
        Some(verdict) => Err(Failure::SlowDown(retry_after_seconds(verdict.retry_after()))),
        None => Err(Failure::Unavailable(UNAVAILABLE_RETRY_SECONDS)),
    }
}

async fn verify(engine: &Engine, account: &Account, password: &SecretString) -> Result<bool, Failure> {
    use secrecy::ExposeSecret as _;

    let passwords = engine.auth.passwords();
    match passwords.verify(password, account.password_hash.expose_secret()).await {
        Ok(Verified::Match { upgrade }) => {
            if upgrade {
                replace_hash(engine, account, password).await;
            }
            Ok(true)
        }
        Ok(Verified::Mismatch) => Ok(false),
        Err(error @ PasswordError::Unreadable(_)) => {
            tracing::event!(target: TARGET, Level::ERROR, user.id = %account.id, error = &error as &dyn core::error::Error, "the stored hash is unreadable");
            // It answers at once; the time would tell that the account exists.
            verify_nothing(engine, password).await?;
            Ok(false)
        }
        Err(error) => Err(Failure::hashing(&error)),
    }
}

/// Spends what a verification costs.
async fn verify_nothing(engine: &Engine, password: &SecretString) -> Result<(), Failure> {
    let verified = engine.auth.passwords().verify_absent(password).await;
    verified.map(|_mismatch| ()).map_err(|error| Failure::hashing(&error))
}

/// The person has signed in whether or not this works; the next sign-in tries again.
async fn replace_hash(engine: &Engine, account: &Account, password: &SecretString) {
    let Ok(hash) = engine.auth.passwords().hash(password).await else { return };
    let hash = SecretString::from(hash);
    if let Err(error) = engine.accounts.accounts().set_password_hash(&account.id, &account.password_hash, &hash).await {
        tell_operator(&error);
    }
}
