use core::{fmt, str::FromStr};

use aws_lc_rs::{
    hmac,
    signature::{
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
        RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters,
    },
};

/// The algorithms that sign tokens. Each key has exactly one algorithm; a token never chooses it.
///
/// ```
/// use auth_runtime::token::Algorithm;
///
/// assert_eq!("ES256".parse(), Ok(Algorithm::ES256));
/// assert!("none".parse::<Algorithm>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256 (RFC 7518, section 3.2): one secret both signs and verifies.
    HS256,
    /// ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4).
    ES256,
    /// Ed25519 (RFC 8037). Written `EdDSA`; `Ed25519` (RFC 9864) is understood too.
    EdDSA,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3).
    RS256,
    /// RSASSA-PSS with SHA-256 (RFC 7518, section 3.5).
    PS256,
}

impl Algorithm {
    /// All algorithms.
    pub const ALL: [Self; 5] = [Self::HS256, Self::ES256, Self::EdDSA, Self::RS256, Self::PS256];

    /// Returns the name in the `alg` member of headers and keys.
    pub const fn name(self) -> &'static str {
        self.jwa().name()
    }

    pub(crate) const fn jwa(self) -> Jwa {
        match self {
            Self::HS256 => Jwa::HS256,
            Self::ES256 => Jwa::ES256,
            Self::EdDSA => Jwa::EdDSA,
            Self::RS256 => Jwa::RS256,
            Self::PS256 => Jwa::PS256,
        }
    }

    pub(crate) fn of(jwa: Jwa) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.jwa() == jwa)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = ParseAlgorithmError;

    fn from_str(name: &str) -> Result<Self, ParseAlgorithmError> {
        Self::ALL.into_iter().find(|algorithm| algorithm.jwa().is_named(name)).ok_or(ParseAlgorithmError)
    }
}

/// The error for a name that is not one of the five algorithms. Case matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseAlgorithmError;

impl fmt::Display for ParseAlgorithmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the algorithms are HS256, ES256, EdDSA, RS256 and PS256")
    }
}

impl core::error::Error for ParseAlgorithmError {}

/// The signature algorithms that the strict layer can check: the five algorithms, and the longer hashes. Only
/// [`KeySet`](super::KeySet) accepts the longer hashes; no key ring does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of RFC 7518")]
pub(crate) enum Jwa {
    HS256,
    HS384,
    HS512,
    ES256,
    EdDSA,
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
}

/// The kind of key that an algorithm takes.
#[derive(Clone, Copy)]
pub(super) enum Family {
    Hmac(hmac::Algorithm),
    P256,
    Ed25519,
    Rsa(&'static RsaParameters),
}

impl Jwa {
    pub(super) const ALL: [Self; 11] = [
        Self::HS256,
        Self::HS384,
        Self::HS512,
        Self::ES256,
        Self::EdDSA,
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
            Self::ES256 => "ES256",
            Self::EdDSA => "EdDSA",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
        }
    }

    /// Returns whether `alg` names this algorithm. Case matters.
    #[inline]
    pub(crate) fn is_named(self, alg: &str) -> bool {
        alg == self.name() || (self == Self::EdDSA && alg == "Ed25519")
    }

    pub(super) fn from_name(alg: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|jwa| jwa.is_named(alg))
    }

    pub(super) fn family(self) -> Family {
        match self {
            Self::HS256 => Family::Hmac(hmac::HMAC_SHA256),
            Self::HS384 => Family::Hmac(hmac::HMAC_SHA384),
            Self::HS512 => Family::Hmac(hmac::HMAC_SHA512),
            Self::ES256 => Family::P256,
            Self::EdDSA => Family::Ed25519,
            Self::RS256 => Family::Rsa(&RSA_PKCS1_2048_8192_SHA256),
            Self::RS384 => Family::Rsa(&RSA_PKCS1_2048_8192_SHA384),
            Self::RS512 => Family::Rsa(&RSA_PKCS1_2048_8192_SHA512),
            Self::PS256 => Family::Rsa(&RSA_PSS_2048_8192_SHA256),
            Self::PS384 => Family::Rsa(&RSA_PSS_2048_8192_SHA384),
            Self::PS512 => Family::Rsa(&RSA_PSS_2048_8192_SHA512),
        }
    }
}
