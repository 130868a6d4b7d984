//! Reads JSON Web Keys (RFC 7517) strictly: the members that describe a key must agree with the key.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

use super::{Jwa, KeyError, KeyFault, public::PublicNumbers};
use crate::token::json::Scanner;

/// The purpose for which a key is loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Verify,
    Sign,
}

/// The numbers of a key, by the kind of key.
pub(super) enum Numbers {
    Secret(Zeroizing<Vec<u8>>),
    Public(PublicNumbers),
}

/// A JSON object that wipes its secret values when it is dropped.
pub(super) struct Jwk(Map<String, Value>);

impl Jwk {
    /// Reads one key. Duplicate members are refused at every depth.
    pub(super) fn parse(json: &str) -> Result<Self, KeyError> {
        Ok(Self(strict(json)?))
    }

    /// Reads the `keys` of a set, or a single key as a set of one.
    pub(super) fn parse_set(json: &str) -> Result<Vec<Self>, KeyError> {
        let mut members = strict(json)?;
        let Some(keys) = members.remove("keys") else {
            return Ok(vec![Self(members)]);
        };
        let Value::Array(keys) = keys else {
            return Err(KeyFault::JwkMember("keys").into());
        };
        let keys = keys.into_iter().map(|key| match key {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(KeyError::from(KeyFault::JwkMalformed)),
        });
        keys.collect()
    }

    pub(super) fn kid(&self) -> Result<Option<&str>, KeyFault> {
        self.optional("kid")
    }

    /// Returns the kind of key: `kty`.
    #[cfg(feature = "remote")]
    pub(super) fn kind(&self) -> Result<Option<&str>, KeyFault> {
        self.optional("kty")
    }

    /// Returns the issuer that signs with the key: `issuer`, which only Entra writes.
    #[cfg(feature = "remote")]
    pub(super) fn issuer(&self) -> Result<Option<&str>, KeyFault> {
        self.optional("issuer")
    }

    /// Returns the name of the algorithm, known or not: `alg`.
    #[cfg(feature = "remote")]
    pub(super) fn named_algorithm(&self) -> Result<Option<&str>, KeyFault> {
        self.optional("alg")
    }

    /// Returns the algorithm: `alg`, or the configured one, or the only algorithm that the kind of key permits. An RSA
    /// key permits several, so its algorithm must be stated.
    pub(super) fn algorithm(&self, configured: Option<Jwa>) -> Result<Jwa, KeyFault> {
        let named = self.optional("alg")?.map(|alg| Jwa::from_name(alg).ok_or(KeyFault::JwkAlgorithm)).transpose()?;
        match (named, configured) {
            (Some(named), Some(configured)) if named != configured => Err(KeyFault::JwkAlgorithm),
            (Some(jwa), _) | (None, Some(jwa)) => Ok(jwa),
            (None, None) => match self.optional("kty")? {
                Some("oct") => Ok(Jwa::HS256),
                Some("EC") => Ok(Jwa::ES256),
                Some("OKP") => Ok(Jwa::EdDSA),
                _ => Err(KeyFault::JwkAlgorithm),
            },
        }
    }

    /// Checks `use` and `key_ops`, where they are present.
    pub(super) fn check_use(&self, purpose: Purpose) -> Vec<KeyFault> {
        let mut faults = Vec::new();
        if self.0.get("use").is_some_and(|usage| usage != "sig") {
            faults.push(KeyFault::JwkUse);
        }
        if self.0.get("key_ops").is_some_and(|operations| !self.permits(operations, purpose)) {
            faults.push(KeyFault::JwkOperations);
        }
        faults
    }

    /// Returns the secret or public numbers, if the type fits the algorithm.
    pub(super) fn numbers(&self, jwa: Jwa) -> Result<Numbers, KeyFault> {
        let curve = self.optional("crv")?;
        let public = match (self.optional("kty")?, curve, jwa) {
            (Some("oct"), None, Jwa::HS256 | Jwa::HS384 | Jwa::HS512) => {
                return Ok(Numbers::Secret(self.bytes("k")?));
            }
            (Some("EC"), Some("P-256"), Jwa::ES256) => PublicNumbers::p256(&self.bytes("x")?, &self.bytes("y")?)?,
            (Some("OKP"), Some("Ed25519"), Jwa::EdDSA) => {
                PublicNumbers::Ed25519 { x: self.bytes("x")?.as_slice().into() }
            }
            (Some("RSA"), None, Jwa::RS256 | Jwa::RS384 | Jwa::RS512 | Jwa::PS256 | Jwa::PS384 | Jwa::PS512) => {
                PublicNumbers::Rsa { n: self.bytes("n")?.as_slice().into(), e: self.bytes("e")?.as_slice().into() }
            }
            _ => return Err(KeyFault::JwkType),
        };
        Ok(Numbers::Public(public))
    }

    /// Returns whether the key has any member of a private or secret key, of any type.
    pub(super) fn is_private(&self) -> bool {
        ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|name| self.0.contains_key(*name))
    }

    /// Decodes a member of canonical base64url.
    pub(super) fn bytes(&self, name: &'static str) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let text = self.optional(name)?.ok_or(KeyFault::JwkMember(name))?;
        URL_SAFE_NO_PAD.decode(text).map(Zeroizing::new).map_err(|_| KeyFault::JwkMember(name))
    }

    fn optional(&self, name: &'static str) -> Result<Option<&str>, KeyFault> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(KeyFault::JwkMember(name)),
        }
    }

    /// Returns whether `key_ops` lists only signature operations, and among them the one for this purpose. A private
    /// key that may only sign is trusted to check its own signatures. A secret that may only verify does not sign.
    fn permits(&self, operations: &Value, purpose: Purpose) -> bool {
        let Some(operations) = operations.as_array() else {
            return false;
        };
        let only_signing = operations.iter().all(|operation| operation == "sign" || operation == "verify");
        let wanted = match purpose {
            Purpose::Verify => "verify",
            Purpose::Sign => "sign",
        };
        only_signing && operations.iter().any(|operation| operation == wanted)
    }
}

impl Drop for Jwk {
    fn drop(&mut self) {
        for value in self.0.values_mut() {
            if let Value::String(text) = value {
                text.zeroize();
            }
        }
    }
}

fn strict(json: &str) -> Result<Map<String, Value>, KeyFault> {
    let mut bytes = Zeroizing::new(json.as_bytes().to_vec());
    let mut scanner = Scanner::new(&mut bytes);
    scanner.skip().and_then(|()| scanner.finish()).map_err(|_| KeyFault::JwkMalformed)?;
    serde_json::from_str(json).map_err(|_| KeyFault::JwkMalformed)
}
