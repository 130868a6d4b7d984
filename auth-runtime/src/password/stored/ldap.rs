use aws_lc_rs::digest::{Algorithm, Context, SHA256, SHA512};
use base64::Engine as _;

use super::fields::PADDED;
use crate::{password::error::StoredHashError, secret::is_same};

/// The length of a salt, in bytes. OpenLDAP writes 8 bytes, other directories up to 64.
const SALT_BYTES: core::ops::RangeInclusive<usize> = 4..=64;

/// A directory's `{SSHA256}` or `{SSHA512}`: one round of SHA-2 over password and salt, which is weak protection. It is
/// verified only so that it can be replaced.
pub(in crate::password) struct LdapHash {
    algorithm: &'static Algorithm,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

/// Returns the algorithm of a scheme. Its name has no case (RFC 2307, section 5.3).
pub(super) fn algorithm(scheme: &str) -> Option<&'static Algorithm> {
    match scheme.to_ascii_uppercase().as_str() {
        "SSHA256" => Some(&SHA256),
        "SSHA512" => Some(&SHA512),
        _ => None,
    }
}

impl LdapHash {
    /// Reads the text after `{SSHA512}`: tag and salt in base64.
    pub(super) fn read(algorithm: &'static Algorithm, rest: &str) -> Result<Self, StoredHashError> {
        let mut tag = PADDED.decode(rest).map_err(|_| StoredHashError::Malformed)?;
        if !SALT_BYTES.contains(&tag.len().saturating_sub(algorithm.output_len())) {
            return Err(StoredHashError::Malformed);
        }
        let salt = tag.split_off(algorithm.output_len());
        Ok(Self { algorithm, salt, tag })
    }

    pub(in crate::password) fn matches(&self, password: &[u8]) -> bool {
        let mut context = Context::new(self.algorithm);
        context.update(password);
        context.update(&self.salt);
        is_same(context.finish().as_ref(), &self.tag)
    }
}
