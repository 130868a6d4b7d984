//! Stored hashes: reading what other systems wrote, and deriving the same again.
//!
//! Reading is cheap and decides everything that can be refused; only a hash that was read is ever derived.

mod argon2;
mod bcrypt;
mod fields;
mod pbkdf2;
mod read;
mod scrypt;

pub(super) use self::{argon2::Argon2Hash, read::Stored};
