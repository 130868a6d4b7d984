use core::fmt;

use aws_lc_rs::{
    hmac,
    rsa::{KeyPairComponents, PublicKeyComponents},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Algorithm, KeyError, KeyFault, VerifyingKey,
    jwk::{Jwk, Numbers, Purpose},
    pem,
    private::PrivateKey,
    public::{PublicNumbers, prepare_secret},
    secret,
};

/// A key that signs tokens with one algorithm, and checks them.
pub struct SigningKey {
    pub(super) verifying: VerifyingKey,
    pub(super) private: PrivateKey,
}

/// Prints the id and the algorithm.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("id", &self.verifying.id)
            .field("algorithm", &self.verifying.algorithm)
            .finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Creates a key for HS256 from an HMAC secret, used as it is: 32 bytes or more, random, and not a known
    /// placeholder. Its id is derived from the secret, one-way.
    ///
    /// ```
    /// use auth_runtime::token::{KeyFault, SigningKey};
    ///
    /// let error = SigningKey::from_secret(&"change-me".into()).err().unwrap();
    /// let faults = [KeyFault::SecretTooShort { bytes: 9, min: 32 }, KeyFault::SecretIsPlaceholder];
    /// assert!(error.iter().eq(&faults));
    /// ```
    ///
    /// # Errors
    /// Returns a [`KeyError`] with every fault that makes the secret guessable.
    pub fn from_secret(secret: &SecretString) -> Result<Self, KeyError> {
        Self::from_secret_bytes(secret.expose_secret().as_bytes())
    }

    /// Creates a key from a secret that is not text, like [`from_secret`](Self::from_secret).
    ///
    /// # Errors
    /// Returns a [`KeyError`] with every fault that makes the secret guessable.
    pub fn from_secret_bytes(secret: &[u8]) -> Result<Self, KeyError> {
        KeyError::check(secret::faults(secret))?;
        let verifying = VerifyingKey {
            id: secret_id(secret),
            algorithm: Algorithm::HS256,
            material: prepare_secret(secret, Algorithm::HS256.jwa())?,
            public: None,
        };
        Ok(Self { verifying, private: PrivateKey::secret(secret) })
    }

    /// Loads a private key from one PEM block: `PRIVATE KEY` (PKCS#8), for EC also `EC PRIVATE KEY` (SEC 1), for RSA
    /// also `RSA PRIVATE KEY` (PKCS#1). Its id is the public key's thumbprint (RFC 7638).
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the text is not one block of these kinds, holds no private key for `algorithm`, or
    /// holds a key that is refused; see [`VerifyingKey::from_pem`].
    pub fn from_pem(algorithm: Algorithm, pem: &SecretString) -> Result<Self, KeyError> {
        let (private, numbers) = pem::private(algorithm, pem.expose_secret())?;
        Ok(Self { verifying: VerifyingKey::from_numbers(algorithm, numbers)?, private })
    }

    /// Loads a private or secret key from a JSON Web Key (RFC 7517). Its `kty`, `crv`, `alg`, `use` and `key_ops` must
    /// agree. Its id is its `kid`, or otherwise the id that the other forms have.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when members are missing, repeated, or do not agree, and when the private numbers do not
    /// belong to the public ones. The errors of the other forms apply, too.
    pub fn from_jwk(json: &SecretString) -> Result<Self, KeyError> {
        let jwk = Jwk::parse(json.expose_secret())?;
        KeyError::check(jwk.check_use(Purpose::Sign))?;
        let algorithm = Algorithm::of(jwk.algorithm(None)?).ok_or(KeyFault::JwkAlgorithm)?;
        let key = match jwk.numbers(algorithm.jwa())? {
            Numbers::Secret(secret) => Self::from_secret_bytes(&secret)?,
            Numbers::Public(_) if !jwk.is_private() => return Err(KeyFault::NotPrivate.into()),
            Numbers::Public(numbers) => {
                let private = private_of(&jwk, &numbers)?;
                Self { verifying: VerifyingKey::from_numbers(algorithm, numbers)?, private }
            }
        };
        match jwk.kid()? {
            Some(id) => key.with_id(id),
            None => Ok(key),
        }
    }

    /// Sets another id for the key, the `kid` of the tokens that it signs.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the id is empty or longer than 256 bytes.
    pub fn with_id(self, id: &str) -> Result<Self, KeyError> {
        Ok(Self { verifying: self.verifying.with_id(id)?, private: self.private })
    }

    /// Returns the key's id.
    pub fn id(&self) -> &str {
        self.verifying.id()
    }

    /// Returns the key's algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.verifying.algorithm()
    }

    /// Returns a JWT of the type `JWT` with these claims. Returns `None` when signing fails.
    #[cfg(feature = "remote")]
    pub(crate) fn sign_jwt(&self, claims: &serde_json::Value) -> Option<String> {
        let header = serde_json::json!({ "typ": "JWT", "alg": self.algorithm().name(), "kid": self.id() });
        let [header, claims] = [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = format!("{header}.{claims}");
        let signature = self.private.sign(self.algorithm(), signed.as_bytes())?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Turns the key into a key that only verifies, for the time until its last token has expired.
    pub fn retire(self) -> VerifyingKey {
        self.verifying
    }
}

/// Derives an id from a secret. An attacker who could search for the secret by its id could equally search for it by
/// any token.
fn secret_id(secret: &[u8]) -> Box<str> {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), b"auth-runtime key id");
    URL_SAFE_NO_PAD.encode(tag.as_ref().get(..12).unwrap_or_default()).into()
}

/// Prepares the private numbers, and checks them against the public ones.
fn private_of(jwk: &Jwk, numbers: &PublicNumbers) -> Result<PrivateKey, KeyFault> {
    let mismatch = |_| KeyFault::PrivateMismatch;
    let d = jwk.bytes("d")?;
    match numbers {
        PublicNumbers::P256 { point } => {
            let pair = EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &d, point);
            pair.map(PrivateKey::P256).map_err(mismatch)
        }
        PublicNumbers::Ed25519 { x } => {
            Ed25519KeyPair::from_seed_and_public_key(&d, x).map(PrivateKey::Ed25519).map_err(mismatch)
        }
        PublicNumbers::Rsa { n, e } => {
            let components = KeyPairComponents {
                public_key: PublicKeyComponents { n, e },
                d: &d,
                p: &jwk.bytes("p")?,
                q: &jwk.bytes("q")?,
                dP: &jwk.bytes("dp")?,
                dQ: &jwk.bytes("dq")?,
                qInv: &jwk.bytes("qi")?,
            };
            RsaKeyPair::from_components(&components).map(PrivateKey::Rsa).map_err(mismatch)
        }
    }
}
