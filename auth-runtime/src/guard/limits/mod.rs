//! Charges the limits of a policy: reads the key texts, builds the keys, charges the limits and judges the charges.

mod charge;
mod judge;
mod key_of_request;
mod key_texts;

pub(super) use charge::charge;
