//! What holds for the layer as a whole: the vectors of others, and that nothing readable is trusted too far.

mod elsewhere;
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

/// Hashes that cost nothing, for tests of everything but the cost.
fn weak() -> Passwords {
    Passwords::builder(Arc::new(SystemEntropy::new())).cost(Cost::weak_for_testing()).build()
}

fn secret(password: &str) -> SecretString {
    SecretString::from(password)
}
