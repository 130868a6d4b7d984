//! The usual forgery: the header of an own token, with another `alg`.

use super::{
    algorithm::Jwa,
    key_of_header::named_by,
    ring_key::{RingKey, headers},
};
use crate::token::jose::{Header, JoseError};

/// The names of `alg` that forgers write beside those of [`Jwa`]: no signature, and algorithms that no key has.
const NAMES_OF_FORGERS: [&str; 7] = ["none", "None", "NONE", "nOnE", "ES384", "ES512", "ES256K"];

/// Returns the encoded headers that name one of these keys and another algorithm than the key's, in their order as
/// texts. Reading decides: a header that is refused for another reason, or for none, is left out.
pub(super) fn headers_of_other_algorithms(keys: &[RingKey]) -> Vec<Box<str>> {
    let names = || Jwa::ALL.into_iter().map(Jwa::name).chain(["Ed25519"]).chain(NAMES_OF_FORGERS);
    let all = keys.iter().flat_map(|key| names().flat_map(|alg| headers(alg, &key.verifying().id)));
    let read = |header: &str| Header::read(header, |header| named_by(header, keys).map(drop));
    let mut others: Vec<_> = all.filter(|header| read(header) == Err(JoseError::WrongAlgorithm)).collect();
    others.sort_unstable();
    others
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
                for header in headers(alg, &key.verifying().id) {
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
        assert!(headers("Ed25519", &eddsa.verifying().id).iter().all(|header| !is_recognised(header)));
        for other in ["", "e30", "eyJhbGciOiJub25lIn0"] {
            assert!(!is_recognised(other), "{other}");
        }
    }
}
