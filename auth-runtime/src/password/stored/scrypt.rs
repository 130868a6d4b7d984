use core::ops::RangeInclusive;

use zeroize::Zeroizing;

use super::{
    fields::{PHC, TAG_BYTES, decode, parameter, split},
    foreign::Scrypt,
};
use crate::{
    password::{
        ceilings::Ceilings,
        error::{HashingError, StoredHashError},
    },
    secret::is_same,
};

pub(super) const SALT_BYTES: RangeInclusive<usize> = 1..=256;

/// Every system writes 8. scrypt's PBKDF2 goes over 128·r·p bytes for any `N`, and its blocks grow with `r`.
const MAX_R: u32 = 64;

/// scrypt (RFC 7914). This file has the form of PHC strings and passlib; the forms of other systems have their own
/// files.
pub(in crate::password) struct ScryptHash {
    function: Scrypt,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

/// `N` as a power of two, `r` and `p`, within the ceilings.
pub(super) struct Work(Scrypt);

impl Work {
    /// Checks the cost. scrypt takes 128·r·(N + p) bytes and passes over most of them p times.
    pub(super) fn new(log_n: u32, r: u32, p: u32, ceilings: &Ceilings) -> Result<Self, StoredHashError> {
        if r > MAX_R {
            return Err(StoredHashError::TooCostly);
        }
        let n = 1_u64.checked_shl(log_n).ok_or(StoredHashError::TooCostly)?;
        let memory_kib = n.saturating_add(u64::from(p)).saturating_mul(u64::from(r)).div_ceil(8);
        let work_kib = memory_kib.saturating_mul(u64::from(p));
        if memory_kib > u64::from(ceilings.scrypt_memory_kib) || work_kib > ceilings.scrypt_work_kib {
            return Err(StoredHashError::TooCostly);
        }
        if log_n == 0 {
            return Err(StoredHashError::Malformed);
        }
        let log_n = u8::try_from(log_n).map_err(|_| StoredHashError::TooCostly)?;
        Scrypt::new(log_n, r, p).map(Self)
    }

    /// Checks the cost with `N` itself in place of its exponent.
    pub(super) fn of_n(n: u32, r: u32, p: u32, ceilings: &Ceilings) -> Result<Self, StoredHashError> {
        if !n.is_power_of_two() {
            return Err(StoredHashError::Malformed);
        }
        Self::new(n.ilog2(), r, p, ceilings)
    }
}

impl ScryptHash {
    pub(super) fn new(Work(function): Work, salt: Vec<u8>, tag: Vec<u8>) -> Self {
        Self { function, salt, tag }
    }

    /// Reads `ln=14,r=8,p=5$salt$tag`.
    pub(super) fn read(rest: &str, ceilings: &Ceilings) -> Result<Self, StoredHashError> {
        let [params, salt, tag] = split(rest, '$')?;
        let [ln, r, p] = split(params, ',')?;
        let Work(function) = Work::new(parameter(ln, "ln")?, parameter(r, "r")?, parameter(p, "p")?, ceilings)?;
        Ok(Self { function, salt: decode(&PHC, salt, &SALT_BYTES)?, tag: decode(&PHC, tag, &TAG_BYTES)? })
    }

    /// # Errors
    /// Returns an error when the system refuses the memory. The crate's own request for it would end the process.
    pub(in crate::password) fn matches(&self, password: &[u8]) -> Result<bool, HashingError> {
        Vec::<u8>::new().try_reserve_exact(self.memory_bytes()).map_err(|_| HashingError::Memory)?;
        let mut derived = Zeroizing::new(vec![0; self.tag.len()]);
        // The only error is a length out of range, and a stored tag never has that length.
        Ok(self.function.derive(password, &self.salt, &mut derived) && is_same(&derived, &self.tag))
    }

    /// Returns `128·r·(N + p)`, and one block to work in.
    fn memory_bytes(&self) -> usize {
        let n = 1_usize.checked_shl(self.function.log_n().into()).unwrap_or(usize::MAX);
        let in_use = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        let blocks = n.saturating_add(in_use(self.function.p())).saturating_add(1);
        blocks.saturating_mul(in_use(self.function.r())).saturating_mul(128)
    }
}

#[cfg(all(test, feature = "foreign-hashes"))]
mod tests {
    use super::*;

    /// 32 PiB, more than any process can address.
    #[test]
    fn memory_that_cannot_be_had_is_an_outage() {
        let work = Work(Scrypt::new(45, 8, 1).unwrap());
        let hash = ScryptHash::new(work, vec![0; 16], vec![0; 32]);
        assert_eq!(hash.matches(b"password"), Err(HashingError::Memory));
        let hash = ScryptHash::new(Work(Scrypt::new(14, 8, 5).unwrap()), vec![0; 16], vec![0; 32]);
        assert_eq!(hash.memory_bytes(), 128 * 8 * (16_384 + 5 + 1));
    }
}
