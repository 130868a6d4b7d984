use core::ops::RangeInclusive;

use ::scrypt::{Params, scrypt};
use zeroize::Zeroizing;

use super::fields::{PADDED, PHC, TAG_BYTES, decimal, decode, parameter, split};
use crate::{
    password::{ceilings::Ceilings, error::UnreadableHash},
    secret::is_same,
};

const SALT_BYTES: RangeInclusive<usize> = 1..=256;

/// scrypt (RFC 7914), as PHC strings, passlib and Django write it.
pub(in crate::password) struct ScryptHash {
    params: Params,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

impl ScryptHash {
    /// `ln=14,r=8,p=5$salt$tag`.
    pub(super) fn read(rest: &str, ceilings: &Ceilings) -> Result<Self, UnreadableHash> {
        let [params, salt, tag] = split(rest, '$')?;
        let [ln, r, p] = split(params, ',')?;
        Ok(Self {
            params: affordable(parameter(ln, "ln")?, parameter(r, "r")?, parameter(p, "p")?, ceilings)?,
            salt: decode(&PHC, salt, &SALT_BYTES)?,
            tag: decode(&PHC, tag, &TAG_BYTES)?,
        })
    }

    /// Django's `N$salt$r$p$tag`, whose salt is used as it is written.
    pub(super) fn read_django(rest: &str, ceilings: &Ceilings) -> Result<Self, UnreadableHash> {
        let [n, salt, r, p, tag] = split(rest, '$')?;
        let n = decimal(n)?;
        if !n.is_power_of_two() || !SALT_BYTES.contains(&salt.len()) {
            return Err(UnreadableHash::Malformed);
        }
        Ok(Self {
            params: affordable(n.ilog2(), decimal(r)?, decimal(p)?, ceilings)?,
            salt: salt.into(),
            tag: decode(&PADDED, tag, &TAG_BYTES)?,
        })
    }

    pub(in crate::password) fn matches(&self, password: &[u8]) -> bool {
        let mut derived = Zeroizing::new(vec![0; self.tag.len()]);
        // The only error is a length that is out of range, and a stored tag's never is.
        scrypt(password, &self.salt, &self.params, &mut derived).is_ok() && is_same(&derived, &self.tag)
    }
}

/// scrypt takes 128·r·(N + p) bytes and goes over most of them p times.
fn affordable(log_n: u32, r: u32, p: u32, ceilings: &Ceilings) -> Result<Params, UnreadableHash> {
    let n = 1_u64.checked_shl(log_n).ok_or(UnreadableHash::TooCostly)?;
    let memory_kib = n.saturating_add(u64::from(p)).saturating_mul(u64::from(r)).div_ceil(8);
    let work_kib = memory_kib.saturating_mul(u64::from(p));
    if memory_kib > u64::from(ceilings.memory_kib) || work_kib > ceilings.work_kib {
        return Err(UnreadableHash::TooCostly);
    }
    if log_n == 0 {
        return Err(UnreadableHash::Malformed);
    }
    let log_n = u8::try_from(log_n).map_err(|_| UnreadableHash::TooCostly)?;
    Params::new(log_n, r, p).map_err(|_| UnreadableHash::Malformed)
}
