use core::fmt;

use super::{
    Jwa, KeyError, KeyFault,
    jwk::{Jwk, Numbers, Purpose},
    key_of_header::{NamedKey, named_by},
    material::Material,
    public::prepare_secret,
};
use crate::token::jose::{Header, JoseError};

/// The maximum number of keys. A search compares them one by one.
pub(super) const MAX_KEYS: usize = 64;

/// Verification keys of a JWK or JWK set (RFC 7517), for [`verify_compact`](crate::token::verify_compact).
///
/// Either all keys are usable, or no key is loaded. Beside the five algorithms of [`Algorithm`](super::Algorithm) it
/// supports SHA-384 and SHA-512 for HMAC and RSA, which published test vectors use.
pub struct KeySet {
    pub(super) keys: Vec<SetKey>,
}

pub(super) struct SetKey {
    id: Option<Box<str>>,
    jwa: Jwa,
    pub(super) material: Material,
}

/// Prints the number of keys.
impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("len", &self.keys.len()).finish_non_exhaustive()
    }
}

impl KeySet {
    /// Loads a key or a set of keys.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when any key is refused, two keys have the same id, secrets and public keys are mixed, or
    /// there is no key.
    pub fn from_json(json: &str) -> Result<Self, KeyError> {
        Self::load(json, None)
    }

    /// Loads keys that do not state their algorithm, like [`from_json`](Self::from_json). `algorithm` is its name in
    /// RFC 7518.
    ///
    /// # Errors
    /// Returns a [`KeyError`] also when the name is unknown, or when a key states another algorithm.
    pub fn from_json_for(json: &str, algorithm: &str) -> Result<Self, KeyError> {
        Self::load(json, Some(Jwa::from_name(algorithm).ok_or(KeyFault::JwkAlgorithm)?))
    }

    fn load(json: &str, configured: Option<Jwa>) -> Result<Self, KeyError> {
        let keys = Jwk::parse_set(json)?;
        if keys.len() > MAX_KEYS {
            return Err(KeyFault::TooManyKeys.into());
        }
        let keys = keys.iter().map(|jwk| SetKey::load(jwk, configured)).collect::<Result<Vec<_>, _>>()?;
        KeyError::check(set_faults(&keys))?;
        Ok(Self { keys })
    }

    /// Finds the only key that a header can name, if the header's algorithm is the key's.
    pub(crate) fn find(&self, header: &Header<'_>) -> Result<&Material, JoseError> {
        named_by(header, &self.keys).map(|key| &key.material)
    }
}

impl NamedKey for SetKey {
    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn jwa(&self) -> Jwa {
        self.jwa
    }
}

impl SetKey {
    fn load(jwk: &Jwk, configured: Option<Jwa>) -> Result<Self, KeyError> {
        KeyError::check(jwk.check_use(Purpose::Verify))?;
        let jwa = jwk.algorithm(configured)?;
        let material = match jwk.numbers(jwa)? {
            Numbers::Secret(secret) => prepare_secret(&secret, jwa)?,
            Numbers::Public(_) if jwk.is_private() => return Err(KeyFault::NotPublic.into()),
            Numbers::Public(numbers) => numbers.prepare(jwa)?,
        };
        Ok(Self { id: jwk.kid()?.map(Into::into), jwa, material })
    }
}

/// Returns the fault for the first id that two keys have.
pub(super) fn duplicate<'k>(ids: impl Iterator<Item = &'k str> + Clone) -> Option<KeyFault> {
    let mut rest = ids.clone();
    ids.into_iter().find_map(|id| {
        rest.next();
        rest.clone().any(|other| other == id).then(|| KeyFault::DuplicateKeyId(id.into()))
    })
}

fn set_faults(keys: &[SetKey]) -> Vec<KeyFault> {
    let mut faults: Vec<_> = duplicate(keys.iter().filter_map(|key| key.id.as_deref())).into_iter().collect();
    let secrets = keys.iter().filter(|key| matches!(key.material, Material::Hmac(_))).count();
    if secrets > 0 && secrets < keys.len() {
        faults.push(KeyFault::MixedSet);
    }
    if keys.is_empty() {
        faults.push(KeyFault::NoKeys);
    }
    faults
}
