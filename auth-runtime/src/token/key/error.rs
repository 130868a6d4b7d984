use core::fmt;

use super::Algorithm;

/// The error for a key or a key ring that cannot be used, with all its faults. It contains no part of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyError {
    faults: Vec<KeyFault>,
}

impl KeyError {
    /// Returns the faults, at least one.
    pub fn iter(&self) -> impl Iterator<Item = &KeyFault> {
        self.faults.iter()
    }

    pub(super) fn check(faults: Vec<KeyFault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self { faults }) }
    }
}

impl From<KeyFault> for KeyError {
    fn from(fault: KeyFault) -> Self {
        Self { faults: vec![fault] }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl core::error::Error for KeyError {}

/// One fault of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFault {
    /// An HMAC secret shorter than its hash (RFC 7518, section 3.2).
    SecretTooShort {
        /// The number of bytes in the secret.
        bytes: usize,
        /// The minimum number of bytes.
        min: usize,
    },
    /// A secret from a tutorial or a template, or one with a text that asks to be changed.
    SecretIsPlaceholder,
    /// A secret of fewer than eight different bytes.
    SecretIsMonotonous,
    /// A key of a key pair in the place of a secret: in PEM, in base64 or as a JWK. Others know a public key, and could
    /// sign tokens with it.
    SecretIsKey,
    /// The text is not one PEM block of a supported kind. The value names the supported kinds.
    PemLabel(&'static str),
    /// The text has two or more PEM blocks.
    PemSeveral,
    /// A key that is encrypted with a passphrase.
    PemEncrypted,
    /// A certificate in place of a key.
    PemCertificate,
    /// PEM with line ends written as a backslash and an `n`.
    PemEscaped,
    /// PEM that is encoded in base64 once more.
    PemEncoded,
    /// The body of the PEM block is not base64.
    PemBody,
    /// The PEM block does not hold a usable key for this algorithm.
    PemKey(Algorithm),
    /// The PEM block holds a public key that fits no supported algorithm.
    PemKind,
    /// An RSA key that is marked for RSASSA-PSS, used with another algorithm than PS256 (RFC 4055).
    PemForPss,
    /// An RSASSA-PSS key with parameters that do not permit PS256 (RFC 7518, section 3.5).
    PssParameters,
    /// The key is for HS256, which takes a secret and not a PEM file.
    PemForSecret,
    /// An RSA modulus outside 2048 to 8192 bits (RFC 7518, section 3.3).
    RsaSize {
        /// The size found.
        bits: usize,
    },
    /// An RSA modulus that is even, or a number with leading zeros.
    RsaModulus,
    /// An RSA exponent that is even, below 3, or above 33 bits.
    RsaExponent,
    /// An RSA modulus of the weak form that some smart cards generated (CVE-2017-15361).
    RsaWeakGenerator,
    /// A point that is not on P-256.
    NotOnCurve,
    /// An Ed25519 key of small order, under which anyone can sign.
    SmallOrder,
    /// An Ed25519 key that is not 32 bytes long or not in its canonical form.
    NotCanonical,
    /// The private part does not belong to the public part.
    PrivateMismatch,
    /// Not a JSON Web Key, or not strict JSON.
    JwkMalformed,
    /// A member of a JSON Web Key is missing or does not fit the kind of key.
    JwkMember(&'static str),
    /// `alg` is missing where several algorithms would fit, or not supported.
    JwkAlgorithm,
    /// `kty` or `crv` does not belong to `alg`.
    JwkType,
    /// `use` is not `sig`.
    JwkUse,
    /// `key_ops` does not permit the purpose of the key.
    JwkOperations,
    /// A secret or private member where only public keys are allowed.
    NotPublic,
    /// A public key where a private one is needed.
    NotPrivate,
    /// A key id that is empty or longer than 256 bytes.
    KeyId,
    /// Two keys have this id.
    DuplicateKeyId(Box<str>),
    /// HMAC secrets beside public keys in one set.
    MixedSet,
    /// There is no key.
    NoKeys,
    /// There are more than 64 keys.
    TooManyKeys,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretTooShort { bytes, min } => {
                write!(f, "the secret has {bytes} bytes, at least {min} are needed")
            }
            Self::SecretIsPlaceholder => f.write_str("the secret is a well-known placeholder; make a random one: `openssl rand -base64 48`"),
            Self::SecretIsMonotonous => f.write_str("the secret repeats a few bytes; make a random one: `openssl rand -base64 48`"),
            Self::SecretIsKey => f.write_str(
                "the secret is a key of a key pair; a private key belongs in `PRIVATE_KEY` with its `ALGORITHM`, a public one in `PUBLIC_KEYS`",
            ),
            Self::PemLabel(wanted) => write!(f, "the text is not one PEM block of {wanted}"),
            Self::PemSeveral => f.write_str(
                "the text has several PEM blocks; keep one: `openssl pkey -in keys.pem` prints the private key, `openssl pkey -pubin -in keys.pem` the public one",
            ),
            Self::PemEncrypted => f.write_str(
                "the key is encrypted; `openssl pkey -in encrypted.pem -out key.pem` asks for the passphrase and writes it without one",
            ),
            Self::PemCertificate => f.write_str(
                "the text is a certificate, not a key; `openssl x509 -in certificate.pem -noout -pubkey` prints its public key",
            ),
            Self::PemEscaped => f.write_str(
                "the line ends are written as `\\n`; `printf '%b' \"$KEY\"` prints them as they should be, and double quotes in `.env` do, too",
            ),
            Self::PemEncoded => f.write_str(
                "the text is PEM in base64 once more; `base64 -d key.txt` prints the PEM, which belongs here",
            ),
            Self::PemBody => f.write_str("the body of the PEM block is not base64"),
            Self::PemKind => f.write_str("the PEM block holds no public key for ES256, EdDSA, RS256 or PS256"),
            Self::PemForPss => f.write_str("the key is for RSASSA-PSS only, which is the algorithm PS256"),
            Self::PssParameters => {
                f.write_str("the RSASSA-PSS key is restricted to something else than SHA-256 with a salt of 32 bytes")
            }
            Self::PemKey(algorithm) => write!(f, "the PEM block holds no key for {algorithm}"),
            Self::PemForSecret => f.write_str("HS256 takes a secret, not a PEM file"),
            Self::RsaSize { bits } => write!(f, "the RSA key has {bits} bits, 2048 to 8192 are permitted"),
            Self::RsaModulus => f.write_str("the RSA modulus is even or has leading zeros"),
            Self::RsaExponent => f.write_str("the RSA exponent is not odd and between 3 and 2^33"),
            Self::RsaWeakGenerator => f.write_str("the RSA key comes from a weak generator (CVE-2017-15361)"),
            Self::NotOnCurve => f.write_str("the point is not on P-256"),
            Self::SmallOrder => f.write_str("the Ed25519 key is of small order"),
            Self::NotCanonical => f.write_str("the Ed25519 key is not in canonical form"),
            Self::PrivateMismatch => f.write_str("the private part does not belong to the public one"),
            Self::JwkMalformed => f.write_str("the text is not a JSON Web Key"),
            Self::JwkMember(name) => write!(f, "`{name}` is missing or unusable"),
            Self::JwkAlgorithm => f.write_str("`alg` is missing or not supported"),
            Self::JwkType => f.write_str("`kty` or `crv` does not belong to the algorithm"),
            Self::JwkUse => f.write_str("`use` is not `sig`"),
            Self::JwkOperations => f.write_str("`key_ops` does not permit this use"),
            Self::NotPublic => f.write_str("a secret or private member where only public keys belong"),
            Self::NotPrivate => f.write_str("the private part of the key is missing"),
            Self::KeyId => f.write_str("the key id is empty or longer than 256 bytes"),
            Self::DuplicateKeyId(id) => write!(f, "two keys have the id {id:?}"),
            Self::MixedSet => f.write_str("a set holds either HMAC secrets or public keys, not both"),
            Self::NoKeys => f.write_str("there is no key"),
            Self::TooManyKeys => f.write_str("there are more than 64 keys"),
        }
    }
}
