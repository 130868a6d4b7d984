//! Tests the layer as a whole: the vectors of other systems, and the limits on every readable hash.

mod foreign;
mod forms;
mod known_answers;
mod properties;
mod refusals;
mod vectors;
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
