//! The set of keys that another issuer publishes, read key by key (RFC 7517, section 5).
//!
//! [`KeySet`](super::KeySet) refuses a set with one unusable key. Here the key is passed over: issuers publish keys for
//! other purposes and other algorithms in the same set.

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    Algorithm, Jwa, KeyFault,
    jwk::{Jwk, Numbers, Purpose},
    key_of_header::{NamedKey, named_by},
    material::Material,
    set::MAX_KEYS,
};
use crate::token::jose::{Header, JoseError};

/// The keys of a set that verify tokens here.
#[derive(Default)]
pub(crate) struct PublishedKeys {
    keys: Vec<PublishedKey>,
}

pub(crate) struct PublishedKey {
    id: Option<Box<str>>,
    algorithm: Algorithm,
    material: Material,
}

/// A key that was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PassedOver {
    /// The place in the set, from 1.
    pub(crate) place: usize,
    pub(crate) reason: &'static str,
}

/// The reason why an answer is no set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAKeySet {
    Malformed,
    TooManyKeys,
}

impl PublishedKeys {
    /// Reads a set. Only keys for the `allowed` algorithms are used. If there are `issuers`, a key that names an issuer
    /// has to name one of them.
    pub(crate) fn read(
        json: &[u8],
        allowed: &[Algorithm],
        issuers: &[Box<str>],
    ) -> Result<(Self, Vec<PassedOver>), NotAKeySet> {
        let set = document(json)?;
        if set.keys.has_more {
            return Err(NotAKeySet::TooManyKeys);
        }
        let keys: Vec<_> = set.keys.first.iter().map(|key| Candidate::read(key.get())).collect();
        let mut passed_over = Vec::new();
        let mut usable = Vec::new();
        for (index, key) in keys.iter().enumerate() {
            let is_twice = |id| keys.iter().filter(|other| other.signs_as(id) && other.is_of(issuers)).count() > 1;
            let loaded = match key.id() {
                _ if !key.is_of(issuers) => Err("key_of_other_issuer"),
                // Neither key is used, since the issuer does not say which one it means.
                Some(id) if key.is_for_signatures() && is_twice(id) => Err("key_id_twice"),
                _ => key.load(allowed),
            };
            match loaded {
                Ok(key) => usable.push(key),
                Err(reason) => passed_over.push(PassedOver { place: index.saturating_add(1), reason }),
            }
        }
        Ok((Self { keys: usable }, passed_over))
    }

    /// Finds the only key that a header can name, if the header's algorithm is the key's.
    #[inline]
    pub(crate) fn find(&self, header: &Header<'_>) -> Result<&PublishedKey, JoseError> {
        named_by(header, &self.keys)
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }
}

impl NamedKey for PublishedKey {
    #[inline]
    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    #[inline]
    fn jwa(&self) -> Jwa {
        self.algorithm.jwa()
    }
}

impl PublishedKey {
    #[inline]
    pub(crate) fn verify(&self, signed: &str, signature: &str) -> Result<(), JoseError> {
        self.material.verify(signed, signature)
    }
}

/// A key of the set, as far as its members could be read.
struct Candidate(Option<Jwk>);

impl Candidate {
    fn read(json: &str) -> Self {
        Self(Jwk::parse(json).ok())
    }

    fn id(&self) -> Option<&str> {
        self.0.as_ref()?.kid().ok()?
    }

    /// Returns whether this is a key for signatures with the id, usable or not.
    fn signs_as(&self, id: &str) -> bool {
        self.id() == Some(id) && self.is_for_signatures()
    }

    /// An issuer may give one id to a pair of keys for signatures and for encryption.
    fn is_for_signatures(&self) -> bool {
        self.0.as_ref().is_some_and(|jwk| jwk.check_use(Purpose::Verify).is_empty())
    }

    /// Returns whether the key names one of these issuers, or names no issuer. Without `issuers`, its word is not
    /// asked.
    fn is_of(&self, issuers: &[Box<str>]) -> bool {
        let Some(jwk) = &self.0 else { return true };
        issuers.is_empty()
            || match jwk.issuer() {
                Ok(named) => named.is_none_or(|named| issuers.iter().any(|issuer| **issuer == *named)),
                Err(_) => false,
            }
    }

    fn load(&self, allowed: &[Algorithm]) -> Result<PublishedKey, &'static str> {
        let jwk = self.0.as_ref().ok_or("key_malformed")?;
        let kind = jwk.kind().map_err(reason)?.ok_or("key_malformed")?;
        if kind == "oct" {
            return Err("key_symmetric");
        }
        if jwk.is_private() {
            return Err("key_private");
        }
        if !self.is_for_signatures() {
            return Err("key_for_other_use");
        }
        let algorithm = algorithm(jwk, kind, allowed)?;
        let id = jwk.kid().map_err(reason)?;
        if id.is_some_and(|id| id.is_empty() || id.len() > MAX_ID) {
            return Err("key_id");
        }
        let Numbers::Public(numbers) = jwk.numbers(algorithm.jwa()).map_err(reason)? else {
            return Err("key_symmetric");
        };
        let material = numbers.prepare(algorithm.jwa()).map_err(reason)?;
        Ok(PublishedKey { id: id.map(Into::into), algorithm, material })
    }
}

/// The maximum length of a key id in bytes. A header with a longer one is refused.
const MAX_ID: usize = 256;

/// Returns the key's algorithm: `alg`, or the only allowed one for this kind of key.
fn algorithm(jwk: &Jwk, kind: &str, allowed: &[Algorithm]) -> Result<Algorithm, &'static str> {
    if let Some(name) = jwk.named_algorithm().map_err(reason)? {
        let named = Jwa::from_name(name).and_then(Algorithm::of);
        return named.filter(|named| allowed.contains(named)).ok_or("key_algorithm");
    }
    let takes = |algorithm: &&Algorithm| match algorithm {
        Algorithm::HS256 => false,
        Algorithm::ES256 => kind == "EC",
        Algorithm::EdDSA => kind == "OKP",
        Algorithm::RS256 | Algorithm::PS256 => kind == "RSA",
    };
    let mut candidates = allowed.iter().filter(takes);
    match (candidates.next(), candidates.next()) {
        (Some(only), None) => Ok(*only),
        (None, _) => Err("key_algorithm"),
        (Some(_), Some(_)) => Err("key_algorithm_missing"),
    }
}

fn reason(fault: KeyFault) -> &'static str {
    match fault {
        KeyFault::JwkType => "key_type",
        KeyFault::JwkMalformed | KeyFault::JwkMember(_) => "key_malformed",
        _ => "key_weak",
    }
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    keys: Keys<'a>,
}

/// The elements of `keys`, at most as many as a set may have. The others are only counted.
struct Keys<'a> {
    first: Vec<&'a RawValue>,
    has_more: bool,
}

fn document(json: &[u8]) -> Result<Document<'_>, NotAKeySet> {
    // serde would accept an array for a struct.
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err(NotAKeySet::Malformed);
    }
    serde_json::from_slice(json).map_err(|_| NotAKeySet::Malformed)
}

impl<'de: 'a, 'a> Deserialize<'de> for Keys<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements;

        impl<'de> Visitor<'de> for Elements {
            type Value = Keys<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of keys")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Keys<'de>, A::Error> {
                let (mut first, mut has_more) = (Vec::new(), false);
                while first.len() < MAX_KEYS {
                    let Some(key) = elements.next_element()? else { return Ok(Keys { first, has_more }) };
                    first.push(key);
                }
                while elements.next_element::<IgnoredAny>()?.is_some() {
                    has_more = true;
                }
                Ok(Keys { first, has_more })
            }
        }

        deserializer.deserialize_seq(Elements)
    }
}

#[cfg(test)]
mod tests;
