//! Reads the stored hashes that other systems wrote, and derives the same hashes again.
//!
//! Reading is cheap and makes every refusal; only a hash that was read is ever derived. `argon2`, `bcrypt`, `pbkdf2`,
//! `scrypt`, `sha_crypt`, `phpass` and `ldap` derive; the files named for systems only read. `foreign` has the
//! functions that the feature `foreign-hashes` brings.

mod argon2;
mod aspnet;
mod bcrypt;
mod better_auth;
mod crypt64;
mod derivation;
mod django;
mod fields;
#[cfg(feature = "foreign-hashes")]
mod foreign;
#[cfg(not(feature = "foreign-hashes"))]
#[path = "foreign_left_out.rs"]
mod foreign;
mod ldap;
mod passlib;
mod pbkdf2;
mod phpass;
mod read;
mod refused;
mod scrypt;
mod sha_crypt;
mod spring;
mod werkzeug;
mod wordpress;

pub(super) use self::{argon2::Argon2Hash, bcrypt::Likeness, derivation::Derivation, read::Stored};
