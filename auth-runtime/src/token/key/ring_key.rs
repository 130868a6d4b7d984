//! A key of a ring, and the headers that are recognised without reading them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{VerifyingKey, algorithm::Jwa, set::only};
use crate::token::{
    ACCESS_TOKEN_TYPE,
    jose::{Header, JoseError},
};

/// A key, with the encoded headers of its tokens.
pub(crate) struct RingKey {
    key: VerifyingKey,
    /// The encoded headers that name this key, in the orders in which issuers write the members.
    headers: [Box<str>; 3],
}

impl RingKey {
    pub(super) fn new(key: VerifyingKey) -> Self {
        let headers = headers(key.algorithm.name(), &key.id);
        Self { key, headers }
    }

    #[inline]
    pub(crate) fn verify(&self, signed: &str, signature: &str) -> Result<(), JoseError> {
        self.key.material.verify(signed, signature)
    }

    pub(super) fn verifying(&self) -> &VerifyingKey {
        &self.key
    }

    /// Returns whether an encoded header is exactly one of this key's.
    #[inline]
    pub(super) fn has_header(&self, header: &str) -> bool {
        self.headers.iter().any(|own| **own == *header)
    }

    /// Returns the header in the form of tokens that a ring signs.
    pub(super) fn own_header(&self) -> &str {
        let [own, ..] = &self.headers;
        own
    }
}

/// Finds the key that a header names, if the header's algorithm is the key's.
pub(super) fn named_by<'k>(header: &Header<'_>, keys: &'k [RingKey]) -> Result<&'k RingKey, JoseError> {
    let key = match header.kid {
        Some(kid) => keys.iter().find(|key| &*key.verifying().id == kid).ok_or(JoseError::UnknownKey)?,
        None => only(keys)?,
    };
    let fits = key.verifying().algorithm.jwa().is_named(header.alg);
    if fits { Ok(key) } else { Err(JoseError::WrongAlgorithm) }
}

/// The names of `alg` that forgers write beside those of [`Jwa`]: no signature, and algorithms that no key has.
const NAMES_OF_FORGERS: [&str; 7] = ["none", "None", "NONE", "nOnE", "ES384", "ES512", "ES256K"];

/// Returns the encoded headers that name one of these keys and another algorithm than the key's, in their order as
/// texts. Reading decides: a header that is refused for another reason, or for none, is left out.
pub(super) fn headers_of_other_algorithms(keys: &[RingKey]) -> Vec<Box<str>> {
    let names = || Jwa::ALL.into_iter().map(Jwa::name).chain(["Ed25519"]).chain(NAMES_OF_FORGERS);
    let all = keys.iter().flat_map(|key| names().flat_map(|alg| headers(alg, &key.key.id)));
    let read = |header: &str| Header::read(header, |header| named_by(header, keys).map(drop));
    let mut others: Vec<_> = all.filter(|header| read(header) == Err(JoseError::WrongAlgorithm)).collect();
    others.sort_unstable();
    others
}

/// Returns the encoded headers with these values, in the orders in which issuers write the members.
fn headers(alg: &str, kid: &str) -> [Box<str>; 3] {
    let (typ, kid) = (ACCESS_TOKEN_TYPE, Value::from(kid));
    let headers = [
        format!(r#"{{"typ":"{typ}","alg":"{alg}","kid":{kid}}}"#),
        format!(r#"{{"alg":"{alg}","typ":"{typ}","kid":{kid}}}"#),
        format!(r#"{{"alg":"{alg}","kid":{kid},"typ":"{typ}"}}"#),
    ];
    headers.map(|json| URL_SAFE_NO_PAD.encode(json).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{KeyRing, SigningKey};

    /// The key of RFC 8037, appendix A.
    const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","kid":"a \"quoted\" id",
        "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    fn signing_keys() -> [SigningKey; 2] {
        let secret = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into()).unwrap();
        [secret, SigningKey::from_jwk(&ED25519.into()).unwrap()]
    }

    fn keys() -> [RingKey; 2] {
        signing_keys().map(|key| RingKey::new(key.retire()))
    }

    #[test]
    fn a_changed_algorithm_is_recognised_in_every_order() {
        let [new, old] = signing_keys();
        let ring = KeyRing::builder().sign_with(new).verify_with(old.retire()).build().unwrap();
        for key in keys() {
            for alg in ["HS512", "none", "nOnE", "RS256", "PS512", "ES256K"] {
                for header in headers(alg, &key.key.id) {
                    assert!(ring.is_of_other_algorithm(&header), "{alg}");
                }
            }
        }
    }

    #[test]
    fn what_is_recognised_is_refused_for_its_algorithm_when_it_is_read_too() {
        let keys = keys();
        let others = headers_of_other_algorithms(&keys);
        // The first key has one name, and the second has two.
        assert_eq!(others.len(), 3 * (2 * (Jwa::ALL.len() + 1 + NAMES_OF_FORGERS.len()) - 3));
        for header in &others {
            let read = Header::read(header, |header| named_by(header, &keys).map(drop));
            assert_eq!(read, Err(JoseError::WrongAlgorithm), "{header}");
        }
    }

    #[test]
    fn the_headers_of_accepted_tokens_are_not_recognised() {
        let keys = keys();
        let others = headers_of_other_algorithms(&keys);
        let is_recognised = |header: &str| others.iter().any(|other| **other == *header);
        assert!(keys.iter().flat_map(|key| &key.headers).all(|own| !is_recognised(own)));
        let [_, eddsa] = &keys;
        // Both names are those of the key's algorithm.
        assert!(headers("Ed25519", &eddsa.key.id).iter().all(|header| !is_recognised(header)));
        for other in ["", "e30", "eyJhbGciOiJub25lIn0"] {
            assert!(!is_recognised(other), "{other}");
        }
    }
}
