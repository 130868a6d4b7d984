use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    hmac,
    rsa::{KeyPairComponents, PublicKeyComponents},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{EncodingKey, crypto::aws_lc};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Algorithm, KeyError, KeyFault, VerifyingKey, der,
    jwk::{Jwk, Numbers, Purpose},
    pem,
    public::{PublicNumbers, prepare_secret},
    secret,
};

/// A key that signs tokens with one algorithm, and checks them.
pub struct SigningKey {
    pub(super) verifying: VerifyingKey,
    pub(super) private: EncodingKey,
}

impl SigningKey {
    /// An HMAC secret for HS256, taken as it is: 32 bytes or more, random, and no known placeholder. Its id is
    /// derived from it, one-way.
    ///
    /// ```
    /// use auth_runtime::token::{KeyFault, SigningKey};
    ///
    /// let error = SigningKey::from_secret(&"change-me".into()).err().unwrap();
    /// assert_eq!(error.faults(), [KeyFault::SecretTooShort { bytes: 9, needed: 32 }, KeyFault::SecretIsPlaceholder]);
    /// ```
    ///
    /// # Errors
    /// With all that makes the secret guessable.
    pub fn from_secret(secret: &SecretString) -> Result<Self, KeyError> {
        Self::from_secret_bytes(secret.expose_secret().as_bytes())
    }

    /// As [`from_secret`](Self::from_secret), for a secret that is no text.
    ///
    /// # Errors
    /// With all that makes the secret guessable.
    pub fn from_secret_bytes(secret: &[u8]) -> Result<Self, KeyError> {
        KeyError::check(secret::faults(secret))?;
        let verifying = VerifyingKey {
            id: secret_id(secret),
            algorithm: Algorithm::HS256,
            material: prepare_secret(secret, Algorithm::HS256.jwa())?,
            public: None,
        };
        Ok(Self { verifying, private: EncodingKey::from_secret(secret) })
    }

    /// A private key from one PEM block: `PRIVATE KEY` (PKCS#8), for EC also `EC PRIVATE KEY` (SEC 1), for RSA also `RSA
    /// PRIVATE KEY` (PKCS#1). Its id is the public key's thumbprint (RFC 7638).
    ///
    /// # Errors
    /// When the text is no such block, holds no private key for `algorithm`, or one that is refused; see
    /// [`VerifyingKey::from_pem`].
    pub fn from_pem(algorithm: Algorithm, pem: &SecretString) -> Result<Self, KeyError> {
        let (private, numbers) = pem::private(algorithm, pem.expose_secret())?;
        Ok(Self { verifying: VerifyingKey::from_numbers(algorithm, numbers)?, private })
    }

    /// A private or secret key from a JSON Web Key (RFC 7517), whose `kty`, `crv`, `alg`, `use` and `key_ops` agree.
    /// Its id is its `kid`, or else as for the other forms.
    ///
    /// # Errors
    /// When members are missing, double, or do not agree, when the private numbers do not belong to the public ones,
    /// and as for the other forms.
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

    /// Gives the key another id, the `kid` of the tokens it signs.
    ///
    /// # Errors
    /// When the id is empty or longer than 256 bytes.
    pub fn with_id(self, id: &str) -> Result<Self, KeyError> {
        Ok(Self { verifying: self.verifying.with_id(id)?, private: self.private })
    }

    /// The key's id.
    pub fn id(&self) -> &str {
        self.verifying.id()
    }

    /// The key's algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.verifying.algorithm()
    }

    /// Signs no more, still checks: for the time that tokens signed with it live on.
    pub fn retire(self) -> VerifyingKey {
        self.verifying
    }
}

/// The raw signature over `message`.
pub(super) fn sign(algorithm: Algorithm, private: &EncodingKey, message: &[u8]) -> Option<Vec<u8>> {
    // By the provider itself and not by the process-wide default, which another dependency may have set or left open.
    let signer = (aws_lc::DEFAULT_PROVIDER.signer_factory)(&algorithm.signing(), private).ok()?;
    signer.try_sign(message).ok()
}

/// An id for a secret. Whoever can search secrets by it can as well search them by any token.
fn secret_id(secret: &[u8]) -> Box<str> {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), b"auth-runtime key id");
    URL_SAFE_NO_PAD.encode(tag.as_ref().get(..12).unwrap_or_default()).into()
}

/// The private numbers, made into what jsonwebtoken signs with, and checked against the public ones.
fn private_of(jwk: &Jwk, numbers: &PublicNumbers) -> Result<EncodingKey, KeyFault> {
    let mismatch = |_| KeyFault::PrivateMismatch;
    let d = jwk.bytes("d")?;
    match numbers {
        PublicNumbers::P256 { point } => {
            let pair = EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &d, point);
            let pkcs8 = pair.map_err(mismatch)?.to_pkcs8v1().map_err(|_| KeyFault::PrivateMismatch)?;
            Ok(EncodingKey::from_ec_der(pkcs8.as_ref()))
        }
        PublicNumbers::Ed25519 { x } => {
            let pair = Ed25519KeyPair::from_seed_and_public_key(&d, x).map_err(mismatch)?;
            let pkcs8 = pair.to_pkcs8v1().map_err(|_| KeyFault::PrivateMismatch)?;
            Ok(EncodingKey::from_ed_der(pkcs8.as_ref()))
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
            rsa_encoding_key(&RsaKeyPair::from_components(&components).map_err(mismatch)?)
        }
    }
}

/// jsonwebtoken signs with PKCS#1, which is inside the PKCS#8 that aws-lc writes.
fn rsa_encoding_key(pair: &RsaKeyPair) -> Result<EncodingKey, KeyFault> {
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyFault::PrivateMismatch)?;
    let key = der::private_key(pkcs8.as_ref()).ok_or(KeyFault::PrivateMismatch)?;
    Ok(EncodingKey::from_rsa_der(key.key))
}
