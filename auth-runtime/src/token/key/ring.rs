use core::fmt;
use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::{
    Algorithm, KeyError, KeyFault, SigningKey, VerifyingKey,
    forged_headers::headers_of_other_algorithms,
    key_of_header::named_by,
    private::PrivateKey,
    ring_key::RingKey,
    set::{MAX_KEYS, duplicate},
};
use crate::token::{
    JwkSet,
    jose::{Header, JoseError},
};

/// The keys of one issuer: at most one key that signs, and all keys that still verify tokens. Cheap to clone.
///
/// To rotate without downtime, make the new key the signing key, and keep the old one as a verifying key until its last
/// token has expired. A ring may hold keys of several algorithms. Each key checks only tokens that name its id and its
/// algorithm.
///
/// ```
/// use auth_runtime::token::{KeyRing, SigningKey};
///
/// # fn main() -> Result<(), auth_runtime::token::KeyError> {
/// let new = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into())?;
/// let old = SigningKey::from_secret(&"Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA".into())?;
/// let keys = KeyRing::builder().sign_with(new).verify_with(old.retire()).build()?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct KeyRing(Arc<Ring>);

struct Ring {
    keys: Vec<RingKey>,
    signer: Option<Signer>,
    /// The encoded headers that name a key of the ring and another algorithm than the key's, in their order as texts.
    others: Vec<Box<str>>,
}

/// The private part of the first key.
struct Signer {
    private: PrivateKey,
    header: Box<str>,
}

/// The beginning of the encoded headers of keys: `{"alg` and `{"typ` both begin so. No other header is searched for.
const START: &str = "eyJ";

impl KeyRing {
    /// Starts an empty ring.
    pub fn builder() -> KeyRingBuilder {
        KeyRingBuilder { signing: None, verifying: Vec::new() }
    }

    /// Creates a ring without keys, which verifies and signs nothing.
    #[cfg(feature = "remote")]
    pub(crate) fn empty() -> Self {
        Self(Arc::new(Ring { keys: Vec::new(), signer: None, others: Vec::new() }))
    }

    /// Returns the JWK set (RFC 7517, section 5) with which other services check tokens. It has every public key with
    /// its `kid`, `alg` and `use`, and never a secret or a private member. It leaves out HMAC keys.
    pub fn jwks(&self) -> JwkSet {
        let keys = self.0.keys.iter().filter_map(|key| published(key.verifying()));
        json!({ "keys": keys.collect::<Vec<_>>() })
    }

    /// Returns whether this ring can sign.
    pub fn signs(&self) -> bool {
        self.0.signer.is_some()
    }

    /// Finds the key with an own encoded header equal to `header`. This is the usual case, and only compares bytes.
    #[inline]
    pub(crate) fn by_encoded(&self, header: &str) -> Option<&RingKey> {
        self.0.keys.iter().find(|key| key.has_header(header))
    }

    /// Returns whether an encoded header is that of an own token with `alg` changed and nothing else: the header of the
    /// usual forgery. [`by_header`](Self::by_header) refuses the same headers, and has to read them first.
    #[inline]
    pub(crate) fn is_of_other_algorithm(&self, header: &str) -> bool {
        header.starts_with(START) && self.0.others.binary_search_by(|other| (**other).cmp(header)).is_ok()
    }

    /// Finds the key that a parsed header names, if the header's algorithm is the key's.
    pub(crate) fn by_header(&self, header: &Header<'_>) -> Result<&RingKey, JoseError> {
        named_by(header, &self.0.keys)
    }

    /// Returns header, dot, `payload` encoded, dot, signature. Returns `None` when this ring cannot sign or signing
    /// fails.
    pub(crate) fn sign(&self, payload: &[u8]) -> Option<String> {
        let signer = self.0.signer.as_ref()?;
        let algorithm = self.0.keys.first()?.verifying().algorithm;
        let mut token = String::from(&*signer.header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        let signature = signer.private.sign(algorithm, token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Some(token)
    }
}

/// Prints the ids and algorithms of the keys.
impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.0.keys.iter().map(RingKey::verifying).collect();
        f.debug_struct("KeyRing").field("keys", &keys).field("signs", &self.signs()).finish()
    }
}

/// A builder for a [`KeyRing`], which collects its keys.
#[derive(Debug)]
#[must_use]
pub struct KeyRingBuilder {
    signing: Option<SigningKey>,
    verifying: Vec<VerifyingKey>,
}

impl KeyRingBuilder {
    /// Adds the key that signs new tokens. A signing key that was added before still verifies.
    pub fn sign_with(mut self, key: SigningKey) -> Self {
        if let Some(earlier) = self.signing.replace(key) {
            self.verifying.push(earlier.retire());
        }
        self
    }

    /// Adds a key that only verifies tokens.
    pub fn verify_with(mut self, key: VerifyingKey) -> Self {
        self.verifying.push(key);
        self
    }

    /// Builds the ring.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when there is no key, two keys have the same id, or there are more than 64 keys.
    pub fn build(self) -> Result<KeyRing, KeyError> {
        let (signing, private) = self.signing.map(|key| (key.verifying, key.private)).unzip();
        let keys: Vec<_> = signing.into_iter().chain(self.verifying).collect();
        let mut faults: Vec<_> = duplicate(keys.iter().map(VerifyingKey::id)).into_iter().collect();
        if keys.is_empty() {
            faults.push(KeyFault::NoKeys);
        }
        if keys.len() > MAX_KEYS {
            faults.push(KeyFault::TooManyKeys);
        }
        KeyError::check(faults)?;
        let keys: Vec<_> = keys.into_iter().map(RingKey::new).collect();
        let header = keys.first().map(|key| key.own_header().into());
        let signer = private.zip(header).map(|(private, header)| Signer { private, header });
        let others = headers_of_other_algorithms(&keys);
        Ok(KeyRing(Arc::new(Ring { keys, signer, others })))
    }
}

fn published(key: &VerifyingKey) -> Option<Value> {
    let mut members: Map<String, Value> = key.public.as_ref()?.members();
    members.insert("kid".to_owned(), Value::from(&*key.id));
    members.insert("alg".to_owned(), Value::from(Algorithm::name(key.algorithm)));
    members.insert("use".to_owned(), Value::from("sig"));
    Some(Value::Object(members))
}
