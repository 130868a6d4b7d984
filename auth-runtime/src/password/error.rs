use core::{error::Error, fmt, time::Duration};

use super::text::MAX_PASSWORD_BYTES;
use crate::secret::EntropyError;

/// The reason why a password was neither hashed nor verified.
#[derive(Debug)]
#[non_exhaustive]
pub enum PasswordError {
    /// Too many hashes are waiting already. Answer 503 with `Retry-After`.
    Busy {
        /// The time after which the full queue should have drained: whole seconds, at least one.
        retry_after: Duration,
    },
    /// The password is longer than [`MAX_PASSWORD_BYTES`], so it cannot match any hash.
    TooLong,
    /// The stored hash cannot be verified. Notify the operator; the user who signs in cannot correct it.
    Unreadable(StoredHashError),
    /// Hashing lacks a resource. Answer 503.
    Unavailable(HashingError),
    /// A [`PasswordVerifier`](super::PasswordVerifier) of the application cannot answer. Answer 503.
    Verifier(VerifierUnavailable),
}

/// The fault of a stored hash. It does not repeat the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredHashError {
    /// The hash belongs to no supported scheme: an outdated scheme, or an empty column.
    UnknownScheme,
    /// A single round of MD5, with a salt or without: a guesser tries billions a second.
    Md5,
    /// A single round of SHA-1, with a salt or without: a guesser tries billions a second.
    Sha1,
    /// Plain text: the value is marked as plain text, or has no mark of a hash.
    PlainText,
    /// A hash of a known scheme that is cut short, damaged, or not in its canonical form.
    Malformed,
    /// The hash takes more work or memory than the [`Ceilings`](super::Ceilings) allow.
    TooCostly,
    /// A sha-crypt hash that can be verified for short passwords, but asks for more work for a long one than
    /// [`Ceilings::sha_crypt_bytes`](super::Ceilings::sha_crypt_bytes) allows. The hash itself is intact.
    TooCostlyForLongPasswords,
    /// A hash of bcrypt, scrypt, sha-crypt or phpass. This build lacks the feature `foreign-hashes`, which verifies
    /// them.
    NeedsFeature,
    /// A [`PasswordVerifier`](super::PasswordVerifier) of the application panicked on the hash.
    VerifierPanicked,
}

impl StoredHashError {
    /// Returns what the operator can do about it, as a sentence for a log.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Md5 | Self::Sha1 | Self::PlainText => {
                "never verified, since a thief of the table reads it; call `Administration::require_reset` for the account"
            }
            Self::TooCostly => {
                "raise `Ceilings` if the hash is the account's own, or call `Administration::require_reset`"
            }
            Self::TooCostlyForLongPasswords => {
                "raise `Ceilings::sha_crypt_bytes`, or call `Administration::require_reset` for the account"
            }
            Self::NeedsFeature => {
                "turn on the feature `foreign-hashes` of `auth-runtime`, or call `Administration::require_reset`"
            }
            Self::VerifierPanicked => "mend the application's `PasswordVerifier`",
            Self::UnknownScheme | Self::Malformed => {
                "restore the hash, hand in a `PasswordVerifier`, or call `Administration::require_reset`"
            }
        }
    }
}

/// A resource that hashing needed and did not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashingError {
    /// The memory for one hash.
    Memory,
    /// Randomness for the salt.
    Randomness(EntropyError),
    /// A thread to run on: there is no Tokio runtime, it is shutting down, or the thread failed.
    Runtime,
}

/// The reason why a [`PasswordVerifier`](super::PasswordVerifier) cannot say whether a password matches. The operator's
/// event shows it; no answer does.
#[derive(Debug)]
pub struct VerifierUnavailable(Box<dyn Error + Send + Sync>);

impl VerifierUnavailable {
    /// Wraps the error of what the verifier needs, or a text.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl From<StoredHashError> for PasswordError {
    fn from(unreadable: StoredHashError) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<VerifierUnavailable> for PasswordError {
    fn from(unavailable: VerifierUnavailable) -> Self {
        Self::Verifier(unavailable)
    }
}

impl From<HashingError> for PasswordError {
    fn from(outage: HashingError) -> Self {
        Self::Unavailable(outage)
    }
}

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { retry_after } => {
                write!(f, "too many passwords are being hashed; try again in {} s", retry_after.as_secs())
            }
            Self::TooLong => write!(f, "the password is longer than {MAX_PASSWORD_BYTES} bytes"),
            Self::Unreadable(_) => f.write_str("the stored password hash cannot be verified"),
            Self::Unavailable(_) => f.write_str("passwords cannot be hashed now"),
            Self::Verifier(_) => f.write_str("the stored password hash cannot be verified now"),
        }
    }
}

impl Error for PasswordError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Busy { .. } | Self::TooLong => None,
            Self::Unreadable(unreadable) => Some(unreadable),
            Self::Unavailable(outage) => Some(outage),
            Self::Verifier(unavailable) => Some(unavailable),
        }
    }
}

impl fmt::Display for StoredHashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownScheme => "it is not of a scheme that is verified here",
            Self::Md5 => "it is a single round of MD5",
            Self::Sha1 => "it is a single round of SHA-1",
            Self::PlainText => "it looks like plain text",
            Self::Malformed => "it is malformed",
            Self::TooCostly => "it asks for more work or memory than the ceilings allow",
            Self::TooCostlyForLongPasswords => {
                "its rounds ask for more work with a long password than `Ceilings::sha_crypt_bytes` allows"
            }
            Self::NeedsFeature => {
                "its scheme needs the feature `foreign-hashes` of `auth-runtime`, which this build lacks"
            }
            Self::VerifierPanicked => "the application's verifier panicked",
        })
    }
}

impl Error for StoredHashError {}

impl fmt::Display for HashingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("there is not enough memory for one hash"),
            Self::Randomness(error) => error.fmt(f),
            Self::Runtime => f.write_str("there is no thread to hash on"),
        }
    }
}

impl Error for HashingError {}

impl fmt::Display for VerifierUnavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the application's verifier cannot check passwords now")
    }
}

impl Error for VerifierUnavailable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}
