//! Randomness. The application hands it in.
//!
//! Secrets are kept in the types of [`secrecy`]. These types do not print their content and wipe it when they are
//! dropped.

use core::fmt;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};

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

/// The error when the source of randomness fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntropyError;

impl fmt::Display for EntropyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the source of randomness failed")
    }
}

impl core::error::Error for EntropyError {}
