//! Tests the layer as a whole: the vectors of other systems, and the limits on every readable hash.

#[cfg(feature = "foreign-hashes")]
mod foreign;
#[cfg(feature = "foreign-hashes")]
mod forms;
#[cfg(feature = "foreign-hashes")]
mod known_answers;
#[cfg(not(feature = "foreign-hashes"))]
mod left_out;
#[cfg(feature = "foreign-hashes")]
mod properties;
#[cfg(feature = "foreign-hashes")]
mod refusals;
mod vectors;
#[cfg(feature = "foreign-hashes")]
mod verdicts;
mod verifiers;

use std::sync::Arc;

use secrecy::SecretString;

use super::{Cost, Passwords};
use crate::secret::SystemEntropy;

/// Returns a hasher with a negligible cost, for tests of everything except the cost.
fn weak() -> Passwords {
    Passwords::builder(Arc::new(SystemEntropy::new())).cost(Cost::weak_for_testing()).build()
}

fn secret(password: &str) -> SecretString {
    SecretString::from(password)
}
