use core::{num::NonZeroU32, ops::RangeInclusive};

use aws_lc_rs::pbkdf2::{self, Algorithm, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512};

use super::fields::{PASSLIB, PHC, decimal, decode, parameter, split};
use crate::password::{ceilings::Ceilings, error::StoredHashError};

pub(super) const SALT_BYTES: RangeInclusive<usize> = 1..=256;
pub(super) const MIN_TAG_BYTES: usize = 16;

/// PBKDF2 (RFC 8018) with HMAC. This file has the forms of PHC strings and passlib; the forms of other systems have
/// their own files.
pub(in crate::password) struct Pbkdf2Hash {
    algorithm: Algorithm,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

/// The hash function under the HMAC.
#[derive(Clone, Copy)]
pub(super) enum Prf {
    Sha1,
    Sha256,
    Sha512,
}

impl Prf {
    /// Returns the number of bytes in one block of the tag.
    pub(super) fn block(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::Sha1 => PBKDF2_HMAC_SHA1,
            Self::Sha256 => PBKDF2_HMAC_SHA256,
            Self::Sha512 => PBKDF2_HMAC_SHA512,
        }
    }

    fn ceiling(self, ceilings: &Ceilings) -> u32 {
        match self {
            Self::Sha1 | Self::Sha256 => ceilings.pbkdf2_iterations,
            Self::Sha512 => ceilings.pbkdf2_sha512_iterations,
        }
    }
}

impl Pbkdf2Hash {
    /// Checks the cost. Each block of the tag takes all iterations.
    pub(super) fn new(
        prf: Prf,
        iterations: u32,
        salt: Vec<u8>,
        tag: Vec<u8>,
        ceilings: &Ceilings,
    ) -> Result<Self, StoredHashError> {
        let blocks = u64::try_from(tag.len().div_ceil(prf.block())).unwrap_or(u64::MAX);
        if u64::from(iterations).saturating_mul(blocks) > u64::from(prf.ceiling(ceilings)) {
            return Err(StoredHashError::TooCostly);
        }
        let iterations = NonZeroU32::new(iterations).ok_or(StoredHashError::Malformed)?;
        Ok(Self { algorithm: prf.algorithm(), iterations, salt, tag })
    }

    /// Reads passlib's `1000$salt$tag`, or a PHC string's `i=1000,l=32$salt$tag`. The two forms also use different
    /// base64.
    pub(super) fn read(scheme: &str, rest: &str, ceilings: &Ceilings) -> Result<Self, StoredHashError> {
        let prf = match scheme {
            "pbkdf2-sha256" => Prf::Sha256,
            "pbkdf2-sha512" => Prf::Sha512,
            _ => Prf::Sha1,
        };
        let [params, salt, tag] = split(rest, '$')?;
        let (iterations, length, base64) = match phc_parameters(params)? {
            Some((iterations, length)) => (iterations, length, &PHC),
            None => (decimal(params)?, None, &PASSLIB),
        };
        let (salt, tag) = (decode(base64, salt, &SALT_BYTES)?, decode(base64, tag, &(MIN_TAG_BYTES..=prf.block()))?);
        if length.is_some_and(|length| usize::try_from(length) != Ok(tag.len())) {
            return Err(StoredHashError::Malformed);
        }
        Self::new(prf, iterations, salt, tag, ceilings)
    }

    pub(in crate::password) fn matches(&self, password: &[u8]) -> bool {
        pbkdf2::verify(self.algorithm, self.iterations, &self.salt, password, &self.tag).is_ok()
    }
}

/// Reads `i=600000`, or `i=600000,l=32`. Returns `None` for passlib's bare number.
fn phc_parameters(text: &str) -> Result<Option<(u32, Option<u32>)>, StoredHashError> {
    if !text.starts_with("i=") {
        return Ok(None);
    }
    if !text.contains(',') {
        return Ok(Some((parameter(text, "i")?, None)));
    }
    let [iterations, length] = split(text, ',')?;
    Ok(Some((parameter(iterations, "i")?, Some(parameter(length, "l")?))))
}
