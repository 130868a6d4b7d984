use core::{fmt, ops::RangeInclusive};

use ::argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use zeroize::Zeroizing;

use super::fields::{PHC, TAG_BYTES, decode, parameter, split};
use crate::{
    password::{
        ceilings::Ceilings,
        cost::Cost,
        error::{HashingError, StoredHashError},
        memory::Buffers,
    },
    secret::is_same,
};

const SALT_BYTES: RangeInclusive<usize> = 8..=64;
const MAX_LANES: u32 = 64;

/// The salt length of a new hash. An old hash with a shorter salt is replaced.
const GOOD_SALT_BYTES: usize = 16;
const GOOD_TAG_BYTES: usize = 32;

/// `argon2id$v=19$m=19456,t=2,p=1$salt$tag`, and the older variants argon2i and argon2d.
pub(in crate::password) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

impl Argon2Hash {
    /// Creates an argon2id hash of the present version. The caller derives the tag.
    pub(in crate::password) fn new(cost: &Cost, salt: Vec<u8>, tag: Vec<u8>) -> Self {
        let params = cost.params().clone();
        Self { algorithm: Algorithm::Argon2id, version: Version::V0x13, params, salt, tag }
    }

    pub(super) fn read(variant: &str, rest: &str, ceilings: &Ceilings) -> Result<Self, StoredHashError> {
        let algorithm = match variant {
            "argon2id" => Algorithm::Argon2id,
            "argon2i" => Algorithm::Argon2i,
            "argon2d" => Algorithm::Argon2d,
            // Another form is in the position of this one.
            _ => return Err(StoredHashError::Malformed),
        };
        let (version, rest) = version(rest)?;
        let [params, salt, tag] = split(rest, '$')?;
        Ok(Self {
            algorithm,
            version,
            params: affordable(params, ceilings)?,
            salt: decode(&PHC, salt, &SALT_BYTES)?,
            tag: decode(&PHC, tag, &TAG_BYTES)?,
        })
    }

    pub(in crate::password) fn matches(&self, password: &[u8], buffers: &Buffers) -> Result<bool, HashingError> {
        let derived = self.derive(password, buffers)?;
        Ok(is_same(&derived, &self.tag))
    }

    /// Returns the same settings and salt, with the tag of this password.
    pub(in crate::password) fn with_tag_of(self, password: &[u8], buffers: &Buffers) -> Result<Self, HashingError> {
        let tag = self.derive(password, buffers)?.to_vec();
        Ok(Self { tag, ..self })
    }

    pub(super) fn is_as_strong_as(&self, cost: &Cost) -> bool {
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && self.params.m_cost() >= cost.memory_kib()
            && self.params.t_cost() >= cost.passes()
            && self.salt.len() >= GOOD_SALT_BYTES
            && self.tag.len() >= GOOD_TAG_BYTES
    }

    fn derive(&self, password: &[u8], buffers: &Buffers) -> Result<Zeroizing<Vec<u8>>, HashingError> {
        let mut derived = Zeroizing::new(vec![0; self.tag.len()]);
        let argon2 = Argon2::new(self.algorithm, self.version, self.params.clone());
        buffers.derive(&argon2, password, &self.salt, &mut derived)?;
        Ok(derived)
    }
}

/// Writes the PHC string.
impl fmt::Display for Argon2Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (algorithm, version) = (self.algorithm.as_str(), u32::from(self.version));
        let (m, t, p) = (self.params.m_cost(), self.params.t_cost(), self.params.p_cost());
        let (salt, tag) = (PHC.encode(&self.salt), PHC.encode(&self.tag));
        write!(f, "${algorithm}$v={version}$m={m},t={t},p={p}${salt}${tag}")
    }
}

/// Reads the version. Argon2 1.0 wrote no version.
fn version(text: &str) -> Result<(Version, &str), StoredHashError> {
    if !text.starts_with("v=") {
        return Ok((Version::V0x10, text));
    }
    let (version, rest) = text.split_once('$').ok_or(StoredHashError::Malformed)?;
    match parameter(version, "v")? {
        16 => Ok((Version::V0x10, rest)),
        19 => Ok((Version::V0x13, rest)),
        _ => Err(StoredHashError::Malformed),
    }
}

/// Reads `m`, `t` and `p`, once each and in this order, as every implementation writes them.
fn affordable(text: &str, ceilings: &Ceilings) -> Result<Params, StoredHashError> {
    let [memory, passes, lanes] = split(text, ',')?;
    let (memory, passes, lanes) = (parameter(memory, "m")?, parameter(passes, "t")?, parameter(lanes, "p")?);
    let work = u64::from(memory).saturating_mul(u64::from(passes));
    if memory > ceilings.memory_kib || work > ceilings.work_kib || lanes > MAX_LANES {
        return Err(StoredHashError::TooCostly);
    }
    Params::new(memory, passes, lanes, None).map_err(|_| StoredHashError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &str = "c29tZXNhbHRzb21lc2FsdA";
    const TAG: &str = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    fn is_strong(variant: &str, rest: &str) -> bool {
        Argon2Hash::read(variant, rest, &Ceilings::default()).unwrap().is_as_strong_as(&Cost::OWASP)
    }

    #[test]
    fn a_hash_is_strong_when_nothing_about_it_is_weaker() {
        assert!(is_strong("argon2id", &format!("v=19$m=19456,t=2,p=1${SALT}${TAG}")));
        assert!(is_strong("argon2id", &format!("v=19$m=65536,t=3,p=4${SALT}${TAG}")));
        assert!(!is_strong("argon2i", &format!("v=19$m=19456,t=2,p=1${SALT}${TAG}")));
        assert!(!is_strong("argon2d", &format!("v=19$m=19456,t=2,p=1${SALT}${TAG}")));
        assert!(!is_strong("argon2id", &format!("v=16$m=19456,t=2,p=1${SALT}${TAG}")));
        assert!(!is_strong("argon2id", &format!("v=19$m=19455,t=2,p=1${SALT}${TAG}")));
        assert!(!is_strong("argon2id", &format!("v=19$m=65536,t=1,p=1${SALT}${TAG}")));
        assert!(!is_strong("argon2id", &format!("v=19$m=19456,t=2,p=1$c29tZXNhbHQ${TAG}")));
        assert!(!is_strong("argon2id", &format!("v=19$m=19456,t=2,p=1${SALT}$AAAAAAAAAAAAAAAAAAAAAA")));
    }
}
