//! Randomness, handed in.
//!
//! Secrets themselves live in [`secrecy`]'s types, which do not print and are wiped when dropped.

use core::fmt;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};

/// Where unpredictable bytes come from.
pub trait Entropy: Send + Sync + 'static {
    /// Fill `bytes` with unpredictable values.
    ///
    /// # Errors
    /// When the source fails. Nothing may be minted then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

/// The operating system's generator, through aws-lc.
#[derive(Clone, Debug, Default)]
pub struct SystemEntropy(SystemRandom);

impl SystemEntropy {
    /// A handle to the generator.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        self.0.fill(bytes).map_err(|_| EntropyError)
    }
}

/// The source of randomness failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntropyError;

impl fmt::Display for EntropyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the source of randomness failed")
    }
}

impl core::error::Error for EntropyError {}
