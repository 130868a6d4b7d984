//! Randomness. The application hands it in.
//!
//! Secrets are kept in the types of [`secrecy`]. These types do not print their content and wipe it when they are
//! dropped.

use core::fmt;

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    rand::{SecureRandom, SystemRandom},
};
use secrecy::{ExposeSecret, SecretString};

#[cfg(test)]
pub(crate) mod doubles;

/// A source of unpredictable bytes.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `bytes` with unpredictable values.
    ///
    /// # Errors
    /// Returns [`EntropyError`] when the source fails. The caller must then create no secret.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

/// The random generator of the operating system, through aws-lc.
#[derive(Clone, Debug, Default)]
pub struct SystemEntropy(SystemRandom);

impl SystemEntropy {
    /// Creates a handle to the generator.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        self.0.fill(bytes).map_err(|_| EntropyError)
    }
}

/// Compares two secrets in a time that reveals only whether their lengths differ. All secrets are compared here, except
/// the tags of a form's token and of a sign-in's state, which aws-lc verifies in constant time.
/// `tests/tests/architecture/secrets.rs` looks for comparisons elsewhere.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    verify_slices_are_equal(one, other).is_ok()
}

/// Compares two secret texts like [`is_same`].
pub(crate) fn is_same_text(one: &SecretString, other: &SecretString) -> bool {
    is_same(one.expose_secret().as_bytes(), other.expose_secret().as_bytes())
}

/// The error when the source of randomness fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntropyError;

impl fmt::Display for EntropyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the source of randomness failed")
    }
}

impl core::error::Error for EntropyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_the_same_byte_by_byte() {
        assert!(is_same(b"", b"") && is_same(b"secret", b"secret"));
        for other in ["", "secre", "secrets", "Secret", "secreT"] {
            assert!(!is_same(b"secret", other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn a_failing_source_says_so() {
        assert_eq!(EntropyError.to_string(), "the source of randomness failed");
    }
}
