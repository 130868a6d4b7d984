//! A build without the feature `foreign-hashes` lacks the functions that only hashes of other systems need.
//!
//! The types here have no value. So no hash that needs one of the functions can be read, and reading it names the
//! feature.

use crate::password::error::StoredHashError;

/// bcrypt.
pub(super) enum Bcrypt {}

impl Bcrypt {
    pub(super) fn new() -> Result<Self, StoredHashError> {
        Err(StoredHashError::NeedsFeature)
    }

    pub(super) fn derive(&self, _: u32, _: [u8; 16], _: &[u8]) -> [u8; 24] {
        match *self {}
    }
}

/// scrypt.
pub(super) enum Scrypt {}

impl Scrypt {
    pub(super) fn new(_: u8, _: u32, _: u32) -> Result<Self, StoredHashError> {
        Err(StoredHashError::NeedsFeature)
    }

    pub(super) fn derive(&self, _: &[u8], _: &[u8], _: &mut [u8]) -> bool {
        match *self {}
    }

    pub(super) fn log_n(&self) -> u8 {
        match *self {}
    }

    pub(super) fn r(&self) -> u32 {
        match *self {}
    }

    pub(super) fn p(&self) -> u32 {
        match *self {}
    }
}

/// sha-crypt.
pub(super) enum ShaCrypt {}

impl ShaCrypt {
    pub(super) fn new(_: u32) -> Result<Self, StoredHashError> {
        Err(StoredHashError::NeedsFeature)
    }

    pub(super) fn sha256(&self, _: &[u8], _: &[u8]) -> [u8; 32] {
        match *self {}
    }

    pub(super) fn sha512(&self, _: &[u8], _: &[u8]) -> [u8; 64] {
        match *self {}
    }
}

/// MD5.
pub(super) enum Md5 {}

impl Md5 {
    pub(super) fn new() -> Result<Self, StoredHashError> {
        Err(StoredHashError::NeedsFeature)
    }

    pub(super) fn digest(&self, _: &[u8], _: &[u8]) -> [u8; 16] {
        match *self {}
    }
}
