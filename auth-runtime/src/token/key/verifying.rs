use core::fmt;

use super::{
    Algorithm, KeyError, KeyFault,
    jwk::{Jwk, Numbers, Purpose},
    material::Material,
    pem,
    public::PublicNumbers,
};

/// The maximum length of a key id, in bytes. Tokens with longer ids are refused, too.
const MAX_KEY_ID: usize = 256;

/// A key that checks signatures of one algorithm.
///
/// It is a public key, or a retired signing key (see [`SigningKey::retire`](super::SigningKey::retire)), which signs no
/// more while its tokens are still valid.
pub struct VerifyingKey {
    pub(super) id: Box<str>,
    pub(super) algorithm: Algorithm,
    pub(super) material: Material,
    pub(super) public: Option<PublicNumbers>,
}

/// Prints the id and the algorithm. The key may be a secret.
impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("id", &self.id).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl VerifyingKey {
    /// Loads a public key from one PEM block: `PUBLIC KEY`, or for RSA `RSA PUBLIC KEY`. Its id is its thumbprint (RFC
    /// 7638). A key that is marked for RSASSA-PSS is accepted for PS256 only. The point of an EC key may be compressed.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the text is not one block of these kinds, holds no key for `algorithm`, or holds a
    /// refused key. Refused are RSA keys outside 2048 to 8192 bits or of a weak form, points off the curve, and Ed25519
    /// keys of small order.
    pub fn from_pem(algorithm: Algorithm, pem: &str) -> Result<Self, KeyError> {
        Ok(Self::from_numbers(algorithm, pem::public(algorithm, pem)?)?)
    }

    /// Loads a key like [`from_pem`](Self::from_pem), for the algorithm that the key itself names. For RSA, uses `rsa`
    /// when the key names no algorithm.
    pub(crate) fn from_pem_of_any(pem: &str, rsa: Algorithm) -> Result<Self, KeyError> {
        Self::from_pem(pem::algorithm_of(pem, rsa)?, pem)
    }

    /// Loads a public key from a JSON Web Key (RFC 7517). Its `kty`, `crv`, `alg`, `use` and `key_ops` must agree. Its
    /// id is its `kid`, or otherwise its thumbprint.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when members are missing, repeated, or do not agree, and when there is a secret or
    /// private member. The errors of [`from_pem`](Self::from_pem) apply, too.
    pub fn from_jwk(json: &str) -> Result<Self, KeyError> {
        let jwk = Jwk::parse(json)?;
        let mut faults = jwk.check_use(Purpose::Verify);
        if jwk.is_private() {
            faults.push(KeyFault::NotPublic);
        }
        KeyError::check(faults)?;
        let algorithm = Algorithm::of(jwk.algorithm(None)?).ok_or(KeyFault::JwkAlgorithm)?;
        let key = match jwk.numbers(algorithm.jwa())? {
            Numbers::Public(numbers) => Self::from_numbers(algorithm, numbers)?,
            Numbers::Secret(_) => return Err(KeyFault::NotPublic.into()),
        };
        match jwk.kid()? {
            Some(id) => key.with_id(id),
            None => Ok(key),
        }
    }

    /// Sets another id for the key, the `kid` of the tokens that it checks.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the id is empty or longer than 256 bytes.
    pub fn with_id(mut self, id: &str) -> Result<Self, KeyError> {
        if id.is_empty() || id.len() > MAX_KEY_ID {
            return Err(KeyFault::KeyId.into());
        }
        self.id = id.into();
        Ok(self)
    }

    /// Returns the key's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the key's algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn from_numbers(algorithm: Algorithm, numbers: PublicNumbers) -> Result<Self, KeyFault> {
        let material = numbers.prepare(algorithm.jwa())?;
        Ok(Self { id: numbers.thumbprint(), algorithm, material, public: Some(numbers) })
    }
}
