use secrecy::{ExposeSecret, SecretString};
use tracing::Level;

use crate::{
    account::{
        answer::{
            rejection::EndpointRejection,
            report::{OrReport as _, Report as _},
        },
        context::AccountContext,
        event::{TARGET, store_failed},
    },
    password::{PasswordError, Place, StoredHashError, Verified},
    secret::is_same_text,
    store::Account,
};

/// Returns whether this is the account's whole password. Replaces an old or weak hash of it.
pub(crate) async fn verify(
    context: &AccountContext,
    place: Place,
    account: &Account,
    password: &SecretString,
) -> Result<bool, EndpointRejection> {
    Ok(matches!(look_at(context, place, account, password).await?, Verified::Match { .. }))
}

/// Compares a password with the account's. Replaces an old or weak hash of it.
pub(crate) async fn look_at(
    context: &AccountContext,
    place: Place,
    account: &Account,
    password: &SecretString,
) -> Result<Verified, EndpointRejection> {
    let passwords = context.auth.passwords();
    match passwords.verify_in(place, password, account.password_hash.expose_secret()).await {
        Ok(verified) => {
            if verified == (Verified::Match { upgrade: true }) {
                replace_hash(context, account, password).await;
            }
            Ok(verified)
        }
        // A password over the length limit cannot match.
        Err(PasswordError::TooLong) => Ok(Verified::Mismatch),
        Err(PasswordError::Unreadable(unreadable)) => {
            tell_unreadable(account, unreadable);
            Ok(Verified::Mismatch)
        }
        Err(error) => Err(error.report()),
    }
}

/// Logs that a stored hash is not verified. A password that is too long for the hash is the client's choice, and the
/// hash is intact.
fn tell_unreadable(account: &Account, unreadable: StoredHashError) {
    let (error, advice): (&dyn core::error::Error, _) = (&unreadable, unreadable.advice());
    if unreadable == StoredHashError::TooCostlyForLongPasswords {
        tracing::event!(
            target: TARGET, Level::WARN, user.id = %account.id, error, advice,
            "the password is too long for this hash's rounds; raise the ceiling",
        );
    } else {
        tracing::event!(target: TARGET, Level::ERROR, user.id = %account.id, error, advice, "the stored hash is unreadable");
    }
}

/// Returns whether the password that opened an account still does, now that the account has been read anew. Another
/// hash may belong to the same password: a sign-in replaces old and weak hashes.
pub(crate) async fn still_opens(
    context: &AccountContext,
    before: &Account,
    now: &Account,
    password: &SecretString,
) -> Result<bool, EndpointRejection> {
    let hash = now.password_hash.expose_secret();
    if is_same_text(&now.password_hash, &before.password_hash) {
        return Ok(true);
    }
    let verified = context.auth.passwords().verify(password, hash).await.or_report()?;
    Ok(matches!(verified, Verified::Match { .. }))
}

/// Spends the time of a verification.
pub(crate) async fn verify_nothing(
    context: &AccountContext,
    place: Place,
    password: &SecretString,
) -> Result<(), EndpointRejection> {
    let verified = context.auth.passwords().verify_absent_in(place, password).await;
    verified.map(|_mismatch| ()).or_report()
}

/// Replaces the hash by a stronger one. The user is signed in even if this fails; the next sign-in tries again.
async fn replace_hash(context: &AccountContext, account: &Account, password: &SecretString) {
    let Ok(hash) = context.auth.passwords().hash(password).await else { return };
    let hash = SecretString::from(hash);
    if let Err(error) = context.accounts.accounts().set_password_hash(&account.id, &account.password_hash, &hash).await
    {
        store_failed(&error);
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests;
