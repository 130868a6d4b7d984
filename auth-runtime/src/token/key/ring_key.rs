use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{VerifyingKey, algorithm::Jwa, key_of_header::NamedKey};
use crate::token::{ACCESS_TOKEN_TYPE, jose::JoseError};

/// A key, with the encoded headers of its tokens.
pub(crate) struct RingKey {
    key: VerifyingKey,
    /// The encoded headers that name this key, in the orders in which issuers write the members.
    pub(super) headers: [Box<str>; 3],
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

impl NamedKey for RingKey {
    fn id(&self) -> Option<&str> {
        Some(&self.key.id)
    }

    fn jwa(&self) -> Jwa {
        self.key.algorithm.jwa()
    }
}

/// Returns the encoded headers with these values, in the orders in which issuers write the members.
pub(super) fn headers(alg: &str, kid: &str) -> [Box<str>; 3] {
    let (typ, kid) = (ACCESS_TOKEN_TYPE, Value::from(kid));
    let headers = [
        format!(r#"{{"typ":"{typ}","alg":"{alg}","kid":{kid}}}"#),
        format!(r#"{{"alg":"{alg}","typ":"{typ}","kid":{kid}}}"#),
        format!(r#"{{"alg":"{alg}","kid":{kid},"typ":"{typ}"}}"#),
    ];
    headers.map(|json| URL_SAFE_NO_PAD.encode(json).into())
}
