use core::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{
    builder::PasswordsBuilder,
    ceilings::Ceilings,
    cost::Cost,
    error::{Outage, PasswordError},
    memory::Buffers,
    pool::Pool,
    stored::{Argon2Hash, Stored},
};
use crate::secret::Entropy;

/// The longest password that is hashed, in bytes. Longer ones are refused before any work is done for them.
pub const MAX_PASSWORD_BYTES: usize = 1024;

const SALT_BYTES: usize = 16;
const TAG_BYTES: usize = 32;

/// Hashes and verifies passwords on a bounded number of workers. Cheap to clone; clones share the workers.
///
/// At most `workers` hashes run at once, on threads that may block, and each worker's memory is kept, wiped, for the next
/// hash. A caller that goes away while its hash is running does not make room for another before that hash has ended. When
/// the queue is full, [`PasswordError::Busy`] says when to come back.
///
/// ```
/// # use std::sync::Arc;
/// use auth_runtime::{password::{Passwords, Verified}, secret::SystemEntropy};
/// use secrecy::SecretString;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), auth_runtime::password::PasswordError> {
/// let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).build();
/// let password = SecretString::from("correct horse battery staple");
///
/// let stored = passwords.hash(&password).await?;
/// assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
/// assert_eq!(passwords.verify(&password, &stored).await?, Verified::Match { upgrade: false });
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Passwords {
    pool: Arc<Pool>,
    hasher: Hasher,
}

/// What a password is next to a stored hash.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// It is the password that was hashed.
    Match {
        /// The hash is of another scheme or a weaker setting than new ones get: hash the password again and store that.
        upgrade: bool,
    },
    /// It is another one, or the account has none.
    Mismatch,
}

impl Passwords {
    /// Workers with the default settings, to be changed.
    pub fn builder(entropy: Arc<dyn Entropy>) -> PasswordsBuilder {
        PasswordsBuilder::new(entropy)
    }

    pub(super) fn new(pool: Pool, cost: Cost, ceilings: Ceilings, entropy: Arc<dyn Entropy>) -> Self {
        Self { pool: Arc::new(pool), hasher: Hasher { cost, ceilings, entropy } }
    }

    /// Hash a new password: argon2id with the configured cost and a fresh salt, as a PHC string.
    ///
    /// Whether the password is a good one is [`PasswordPolicy`](super::PasswordPolicy)'s to say.
    ///
    /// # Errors
    /// [`TooLong`](PasswordError::TooLong), [`Busy`](PasswordError::Busy), or [`Unavailable`](PasswordError::Unavailable).
    pub async fn hash(&self, password: &SecretString) -> Result<String, PasswordError> {
        let password = received(password)?;
        let hasher = self.hasher.clone();
        self.pool.run(move |buffers| hasher.hash(&password, buffers)).await
    }

    /// Is this the password that `stored` was made from?
    ///
    /// Reads argon2id, argon2i, argon2d, bcrypt, PBKDF2 and scrypt hashes as PHC strings and in the forms of crypt, passlib
    /// and Django. Django's marker of an account without a password (`!…`) never matches and costs what a hash costs.
    ///
    /// bcrypt sees 72 bytes at most and ends at a NUL: a longer password, or one with a NUL, never matches a bcrypt hash
    /// (except Django's `bcrypt_sha256`, which has no such limits).
    ///
    /// # Errors
    /// [`Unreadable`](PasswordError::Unreadable) when `stored` is no hash that can be verified within the
    /// [`Ceilings`]; it is found out before any work is done, and is a matter for the operator, not for the person who
    /// signs in. Else as [`hash`](Self::hash).
    pub async fn verify(&self, password: &SecretString, stored: &str) -> Result<Verified, PasswordError> {
        let password = received(password)?;
        let stored = Stored::read(stored, &self.hasher.ceilings)?;
        let hasher = self.hasher.clone();
        self.pool.run(move |buffers| hasher.verify(&password, &stored, buffers)).await
    }

    /// Spend what verifying a new hash costs, where there is no account to verify against, so that the time tells nobody
    /// which accounts exist. Always a [`Mismatch`](Verified::Mismatch).
    ///
    /// # Errors
    /// As [`hash`](Self::hash).
    pub async fn verify_absent(&self, password: &SecretString) -> Result<Verified, PasswordError> {
        let password = received(password)?;
        let hasher = self.hasher.clone();
        self.pool.run(move |buffers| hasher.verify(&password, &Stored::Unusable, buffers)).await
    }

    /// Whether the queue has room now: to find out that it is full before an attempt is counted. Promises nothing.
    pub(crate) fn has_room(&self) -> Result<(), PasswordError> {
        self.pool.has_room()
    }

    /// How many hashes were made or verified.
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

/// A copy of the password that the worker owns, since the caller may go away, and that is wiped when dropped.
fn received(password: &SecretString) -> Result<Zeroizing<Vec<u8>>, PasswordError> {
    let bytes = password.expose_secret().as_bytes();
    if bytes.len() > MAX_PASSWORD_BYTES {
        return Err(PasswordError::TooLong);
    }
    Ok(Zeroizing::new(bytes.to_vec()))
}

/// What a worker does.
#[derive(Clone)]
struct Hasher {
    cost: Cost,
    ceilings: Ceilings,
    entropy: Arc<dyn Entropy>,
}

impl Hasher {
    fn hash(&self, password: &[u8], buffers: &Buffers) -> Result<String, Outage> {
        let mut salt = [0; SALT_BYTES];
        self.entropy.fill(&mut salt).map_err(Outage::Randomness)?;
        let fresh = Argon2Hash::new(&self.cost, salt.to_vec(), vec![0; TAG_BYTES]);
        fresh.with_tag_of(password, buffers).map(|hash| hash.to_string())
    }

    fn verify(&self, password: &[u8], stored: &Stored, buffers: &Buffers) -> Result<Verified, Outage> {
        let matches = match stored {
            Stored::Unusable => {
                // The same work as for a hash that was made here; what it would answer does not count.
                let decoy = Argon2Hash::new(&self.cost, vec![0; SALT_BYTES], vec![0; TAG_BYTES]);
                decoy.matches(password, buffers)?;
                false
            }
            Stored::Argon2(hash) => hash.matches(password, buffers)?,
            Stored::Bcrypt(hash) => hash.matches(password),
            Stored::Pbkdf2(hash) => hash.matches(password),
            Stored::Scrypt(hash) => hash.matches(password),
        };
        if !matches {
            return Ok(Verified::Mismatch);
        }
        Ok(Verified::Match { upgrade: !stored.is_as_strong_as(&self.cost) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SystemEntropy;

    /// Memory that cannot be had shows who wanted it: an absent account asks for what a present one asks for.
    #[test]
    fn an_absent_account_takes_the_work_of_a_present_one() {
        let (cost, entropy) = (Cost::weak_for_testing(), Arc::new(SystemEntropy::new()));
        let hasher = Hasher { cost, ceilings: Ceilings::default(), entropy };
        let (enough, too_much) = (Buffers::new(64), Buffers::new(usize::MAX / 2048));
        assert_eq!(hasher.verify(b"password", &Stored::Unusable, &enough), Ok(Verified::Mismatch));
        assert_eq!(hasher.verify(b"password", &Stored::Unusable, &too_much), Err(Outage::Memory));
        let present = Stored::read(&hasher.hash(b"password", &enough).unwrap(), &hasher.ceilings).unwrap();
        assert_eq!(hasher.verify(b"password", &present, &too_much), Err(Outage::Memory));
    }
}
