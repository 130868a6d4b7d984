//! The tokens of other issuers: their claims, and the rules for them.

mod claims;
mod identify;
mod introspected;
mod issuer_of;
mod raw;
mod rules;
mod verify;
mod words;

pub(super) use introspected::{Introspected, read_answer};
pub(super) use issuer_of::issuer_of;
pub(super) use verify::{check_header, verify};
pub(super) use words::roles;
