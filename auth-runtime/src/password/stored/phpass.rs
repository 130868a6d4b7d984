use zeroize::Zeroizing;

use super::{crypt64, foreign::Md5};
use crate::{
    password::{ceilings::Ceilings, error::StoredHashError},
    secret::is_same,
};

const SALT_BYTES: usize = 8;
const MIN_EXPONENT: u32 = 7;
const MAX_EXPONENT: u32 = 30;

/// phpass's portable hash: many rounds of MD5. WordPress wrote it until 6.8; phpBB 3 writes it with an `H`.
pub(in crate::password) struct PhpassHash {
    exponent: u32,
    salt: [u8; SALT_BYTES],
    tag: [u8; 16],
    md5: Md5,
}

impl PhpassHash {
    /// Reads the text after `$P$`: one digit for the exponent, 8 for the salt, 22 for the tag.
    pub(super) fn read(rest: &str, ceilings: &Ceilings) -> Result<Self, StoredHashError> {
        let (settings, tag) = rest.split_at_checked(1 + SALT_BYTES).ok_or(StoredHashError::Malformed)?;
        let (exponent, salt) = settings.as_bytes().split_first().ok_or(StoredHashError::Malformed)?;
        let exponent = crypt64::value(*exponent)?;
        if !(MIN_EXPONENT..=MAX_EXPONENT).contains(&exponent) {
            return Err(StoredHashError::Malformed);
        }
        if exponent > ceilings.phpass_exponent {
            return Err(StoredHashError::TooCostly);
        }
        let salt = salt.try_into().map_err(|_| StoredHashError::Malformed)?;
        if !crypt64::is_text(settings) {
            return Err(StoredHashError::Malformed);
        }
        let tag = crypt64::decode(tag, &crypt64::PLAIN)?;
        Ok(Self { exponent, salt, tag, md5: Md5::new()? })
    }

    pub(in crate::password) fn matches(&self, password: &[u8]) -> bool {
        let digest = |first: &[u8]| Zeroizing::new(self.md5.digest(first, password));
        let mut state = digest(&self.salt);
        for _ in 0..1_u32.checked_shl(self.exponent).unwrap_or(0) {
            state = digest(&*state);
        }
        is_same(&*state, &self.tag)
    }
}
