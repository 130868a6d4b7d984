use core::{num::NonZeroU32, ops::RangeInclusive};

use aws_lc_rs::pbkdf2::{self, Algorithm, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512};

use super::fields::{PADDED, PASSLIB, PHC, decimal, decode, parameter, split};
use crate::password::{ceilings::Ceilings, error::UnreadableHash};

const SALT_BYTES: RangeInclusive<usize> = 1..=256;
const MIN_TAG_BYTES: usize = 16;

/// PBKDF2 (RFC 8018) with HMAC, as passlib, Django and PHC strings write it.
pub(in crate::password) struct Pbkdf2Hash {
    algorithm: Algorithm,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

impl Pbkdf2Hash {
    /// passlib's `1000$salt$tag`, or a PHC string's `i=1000,l=32$salt$tag`. The two differ in base64, too.
    pub(super) fn read(scheme: &str, rest: &str, ceilings: &Ceilings) -> Result<Self, UnreadableHash> {
        let (algorithm, tag_bytes) = match scheme {
            "pbkdf2-sha256" => (PBKDF2_HMAC_SHA256, MIN_TAG_BYTES..=32),
            "pbkdf2-sha512" => (PBKDF2_HMAC_SHA512, MIN_TAG_BYTES..=64),
            _ => (PBKDF2_HMAC_SHA1, MIN_TAG_BYTES..=20),
        };
        let [params, salt, tag] = split(rest, '$')?;
        let (iterations, length, base64) = match phc_parameters(params)? {
            Some((iterations, length)) => (iterations, length, &PHC),
            None => (decimal(params)?, None, &PASSLIB),
        };
        let iterations = affordable(iterations, ceilings)?;
        let (salt, tag) = (decode(base64, salt, &SALT_BYTES)?, decode(base64, tag, &tag_bytes)?);
        if length.is_some_and(|length| usize::try_from(length) != Ok(tag.len())) {
            return Err(UnreadableHash::Malformed);
        }
        Ok(Self { algorithm, iterations, salt, tag })
    }

    /// Django's `iterations$salt$tag`, whose salt is used as it is written.
    pub(super) fn read_django(scheme: &str, rest: &str, ceilings: &Ceilings) -> Result<Self, UnreadableHash> {
        let (algorithm, tag_bytes) = match scheme {
            "pbkdf2_sha256" => (PBKDF2_HMAC_SHA256, 32),
            _ => (PBKDF2_HMAC_SHA1, 20),
        };
        let [iterations, salt, tag] = split(rest, '$')?;
        let iterations = affordable(decimal(iterations)?, ceilings)?;
        if !SALT_BYTES.contains(&salt.len()) {
            return Err(UnreadableHash::Malformed);
        }
        Ok(Self { algorithm, iterations, salt: salt.into(), tag: decode(&PADDED, tag, &(tag_bytes..=tag_bytes))? })
    }

    pub(in crate::password) fn matches(&self, password: &[u8]) -> bool {
        pbkdf2::verify(self.algorithm, self.iterations, &self.salt, password, &self.tag).is_ok()
    }
}

/// `i=600000`, or `i=600000,l=32`; nothing when it is passlib's bare number.
fn phc_parameters(text: &str) -> Result<Option<(u32, Option<u32>)>, UnreadableHash> {
    if !text.starts_with("i=") {
        return Ok(None);
    }
    if !text.contains(',') {
        return Ok(Some((parameter(text, "i")?, None)));
    }
    let [iterations, length] = split(text, ',')?;
    Ok(Some((parameter(iterations, "i")?, Some(parameter(length, "l")?))))
}

fn affordable(iterations: u32, ceilings: &Ceilings) -> Result<NonZeroU32, UnreadableHash> {
    if iterations > ceilings.pbkdf2_iterations {
        return Err(UnreadableHash::TooCostly);
    }
    NonZeroU32::new(iterations).ok_or(UnreadableHash::Malformed)
}
