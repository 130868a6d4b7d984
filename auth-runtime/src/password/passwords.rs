use core::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{
    cost::Cost,
    error::{PasswordError, StoredHashError},
    hasher::Hasher,
    pool::{Place, Pool},
    stored::Stored,
    text::{MAX_PASSWORD_BYTES, nfc},
    verified::Verified,
};

/// The length of password for which a stored hash must be affordable before it is imported. Passphrases of ten words
/// fit.
const CHECKED_PASSWORD_BYTES: usize = 64;

/// Hashes and verifies passwords on a bounded number of workers. Cheap to clone; clones share the workers.
///
/// At most `workers` hashes run at once, on threads that may block. Each worker's memory is wiped and kept for the next
/// hash. When a caller drops its future, a hash that is running keeps its worker until it ends. When the queue is full,
/// [`PasswordError::Busy`] states when to retry.
///
/// ```
/// # use std::sync::Arc;
/// use auth_runtime::{password::{Passwords, Verified}, secrecy::SecretString, secret::SystemEntropy};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), auth_runtime::password::PasswordError> {
/// let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).build();
/// let password = SecretString::from("correct horse battery staple");
///
/// let stored = passwords.hash(&password).await?;
/// assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
/// let verified = passwords.verify(&password, &stored).await?;
/// assert!(matches!(verified, Verified::Match { upgrade: false, .. }));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Passwords {
    pool: Arc<Pool>,
    hasher: Hasher,
}

impl Passwords {
    pub(super) fn new(pool: Pool, hasher: Hasher) -> Self {
        Self { pool: Arc::new(pool), hasher }
    }

    /// Hashes a new password in its NFC form, with argon2id, the configured cost and a fresh salt. Returns a PHC
    /// string.
    ///
    /// This method does not judge the password; [`PasswordPolicy`](super::PasswordPolicy) does.
    ///
    /// # Errors
    /// Returns [`TooLong`](PasswordError::TooLong), [`Busy`](PasswordError::Busy), or
    /// [`Unavailable`](PasswordError::Unavailable).
    pub async fn hash(&self, password: &SecretString) -> Result<String, PasswordError> {
        let password = nfc(&received(password)?).ok_or(PasswordError::TooLong)?;
        let hasher = self.hasher.clone();
        self.pool.run(move |buffers| hasher.hash(password.as_bytes(), buffers)).await
    }

    /// Compares the password with `stored`.
    ///
    /// It reads these hashes:
    ///
    /// - argon2id, argon2i, argon2d, bcrypt, PBKDF2 and scrypt, as PHC strings and in the forms of crypt, passlib,
    ///   Django, Spring Security, ASP.NET Core Identity, Werkzeug, better-auth and WordPress;
    /// - sha-crypt and phpass;
    /// - LDAP's salted SHA-2.
    ///
    /// bcrypt, scrypt, sha-crypt and phpass need the feature `foreign-hashes`. Without it their hashes are
    /// [`NeedsFeature`](StoredHashError::NeedsFeature).
    ///
    /// `docs/passwords-from-elsewhere.md` lists each form with the release that wrote it. Django's marker of an account
    /// without a password (`!…`) never matches, and costs the same time as a hash.
    ///
    /// Against hashes of this crate, a password that is not in NFC is tried twice: normalised, and as received. Older
    /// hashes were made from the text as received. Other forms are derived from the text that their system hashed.
    ///
    /// bcrypt reads 72 bytes at most and ends at a NUL. So a longer password, or one with a NUL, never matches a bcrypt
    /// hash. Forms that first hash the password by another function have no such limits.
    ///
    /// # Errors
    /// Returns [`Unreadable`](PasswordError::Unreadable) when `stored` is not a hash that can be verified within the
    /// [`Ceilings`](super::Ceilings). The fault is found before any work is done. It concerns the operator, not the
    /// user who signs in. Returns [`Verifier`](PasswordError::Verifier) when a verifier of the application cannot
    /// answer, and the errors of [`hash`](Self::hash) otherwise.
    pub async fn verify(&self, password: &SecretString, stored: &str) -> Result<Verified, PasswordError> {
        let password = received(password)?;
        let stored = self.readable(&password, stored)?;
        self.verified(self.pool.reserve()?, password, stored).await
    }

    /// Compares like [`verify`](Self::verify), in a place that was reserved. A stored hash that is unreadable takes the
    /// time of a wrong password, because an error at once would reveal that the account exists.
    pub(crate) async fn verify_in(
        &self,
        place: Place,
        password: &SecretString,
        stored: &str,
    ) -> Result<Verified, PasswordError> {
        let password = received(password)?;
        match self.readable(&password, stored) {
            Ok(stored) => self.verified(place, password, stored).await,
            Err(unreadable) => {
                let _mismatch = self.verified(place, password, Stored::UNUSABLE).await?;
                Err(unreadable.into())
            }
        }
    }

    fn readable(&self, password: &str, stored: &str) -> Result<Stored, StoredHashError> {
        let stored = self.hasher.read(stored)?;
        stored.affordable(password.len(), &self.hasher.ceilings)?;
        Ok(stored)
    }

    /// Checks that `stored` is a hash that [`verify`](Self::verify) can verify within the ceilings, or the marker of an
    /// account without a password. Does no work.
    ///
    /// The ceiling of sha-crypt depends on the password, so this function checks it for a password of 64 bytes. A
    /// longer one may still be over it.
    ///
    /// # Errors
    /// Returns the reason why the text is neither.
    pub fn check_stored(&self, stored: &str) -> Result<(), StoredHashError> {
        self.hasher.read(stored)?.affordable(CHECKED_PASSWORD_BYTES, &self.hasher.ceilings)
    }

    /// Takes the same time as verifying a new hash. Call it when there is no account to verify against, so that the
    /// time does not reveal which accounts exist. Always returns a [`Mismatch`](Verified::Mismatch).
    ///
    /// # Errors
    /// Returns the errors of [`hash`](Self::hash).
    pub async fn verify_absent(&self, password: &SecretString) -> Result<Verified, PasswordError> {
        self.verify_absent_in(self.pool.reserve()?, password).await
    }

    /// Takes the same time as [`verify_absent`](Self::verify_absent), in a place that was reserved.
    pub(crate) async fn verify_absent_in(
        &self,
        place: Place,
        password: &SecretString,
    ) -> Result<Verified, PasswordError> {
        self.verified(place, received(password)?, Stored::UNUSABLE).await
    }

    async fn verified(
        &self,
        place: Place,
        password: Zeroizing<String>,
        stored: Stored,
    ) -> Result<Verified, PasswordError> {
        let hasher = self.hasher.clone();
        self.pool.run_in(place, move |buffers| hasher.verify(&password, &stored, buffers)).await?
    }

    /// Reserves a place in the queue, so that a full queue is found before an attempt is counted.
    ///
    /// # Errors
    /// Returns [`Busy`](PasswordError::Busy) when the queue is full.
    pub(crate) fn reserve(&self) -> Result<Place, PasswordError> {
        self.pool.reserve()
    }

    /// Returns whether new hashes cost less than [`Cost::new`] accepts, as in tests.
    pub(crate) fn is_weak(&self) -> bool {
        self.hasher.cost.work_kib() < Cost::OWASP.work_kib()
    }

    /// Returns how many hashes were made or verified.
    #[cfg(test)]
    pub(crate) fn jobs(&self) -> usize {
        self.pool.jobs.load(core::sync::atomic::Ordering::SeqCst)
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").field("cost", &self.hasher.cost).finish_non_exhaustive()
    }
}

/// Returns a copy of the password that the worker owns, because the caller may drop its future. The copy is wiped when
/// dropped.
fn received(password: &SecretString) -> Result<Zeroizing<String>, PasswordError> {
    let text = password.expose_secret();
    if text.len() > MAX_PASSWORD_BYTES {
        return Err(PasswordError::TooLong);
    }
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
#[path = "tests/work.rs"]
mod tests;
