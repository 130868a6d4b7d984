//! The functions that only hashes of other systems need. The feature `foreign-hashes` brings them; without it,
//! `foreign_left_out.rs` stands in the place of this file.

use ::scrypt::{Params, scrypt};
use ::sha_crypt::{BLOCK_SIZE_SHA256, BLOCK_SIZE_SHA512, sha256_crypt, sha512_crypt};
use md5::Digest as _;

use crate::password::error::StoredHashError;

/// bcrypt.
pub(super) struct Bcrypt(());

impl Bcrypt {
    pub(super) fn new() -> Result<Self, StoredHashError> {
        Ok(Self(()))
    }

    pub(super) fn derive(&self, cost: u32, salt: [u8; 16], key: &[u8]) -> [u8; 24] {
        ::bcrypt::bcrypt(cost, salt, key)
    }
}

/// scrypt, with its cost.
pub(super) struct Scrypt(Params);

impl Scrypt {
    pub(super) fn new(log_n: u8, r: u32, p: u32) -> Result<Self, StoredHashError> {
        Params::new(log_n, r, p).map(Self).map_err(|_| StoredHashError::Malformed)
    }

    /// Fills `tag`. Returns whether it has a length that scrypt can derive.
    pub(super) fn derive(&self, password: &[u8], salt: &[u8], tag: &mut [u8]) -> bool {
        scrypt(password, salt, &self.0, tag).is_ok()
    }

    pub(super) fn log_n(&self) -> u8 {
        self.0.log_n()
    }

    pub(super) fn r(&self) -> u32 {
        self.0.r()
    }

    pub(super) fn p(&self) -> u32 {
        self.0.p()
    }
}

/// sha-crypt, with its rounds.
pub(super) struct ShaCrypt(::sha_crypt::Params);

impl ShaCrypt {
    /// Reports more rounds than crypt(3) supports as too costly.
    pub(super) fn new(rounds: u32) -> Result<Self, StoredHashError> {
        ::sha_crypt::Params::new(rounds).map(Self).map_err(|_| StoredHashError::TooCostly)
    }

    pub(super) fn sha256(&self, password: &[u8], salt: &[u8]) -> [u8; BLOCK_SIZE_SHA256] {
        sha256_crypt(password, salt, self.0)
    }

    pub(super) fn sha512(&self, password: &[u8], salt: &[u8]) -> [u8; BLOCK_SIZE_SHA512] {
        sha512_crypt(password, salt, self.0)
    }
}

/// MD5, which phpass repeats.
pub(super) struct Md5(());

impl Md5 {
    pub(super) fn new() -> Result<Self, StoredHashError> {
        Ok(Self(()))
    }

    pub(super) fn digest(&self, first: &[u8], second: &[u8]) -> [u8; 16] {
        md5::Md5::new().chain_update(first).chain_update(second).finalize().into()
    }
}
