use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign, verify};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    secret::{Entropy, EntropyError},
    token::SessionSecret,
};

/// The key that signs and verifies the tokens in the forms of this session's pages.
///
/// The key is derived from the cookie's value, which is stored nowhere. A token is valid for one session, until its
/// cookie is renewed. An attacker who can set a cookie, or who reads the store, cannot make a token.
pub(crate) struct CsrfKey(Key);

const NONCE: usize = 16;
const TAG: usize = 32;

impl CsrfKey {
    pub(crate) fn of(secret: &SessionSecret) -> Self {
        let session = Key::new(HMAC_SHA256, secret.expose().as_bytes());
        Self(Key::new(HMAC_SHA256, sign(&session, PURPOSE).as_ref()))
    }

    /// Makes a new token. Each token differs, so the size of a compressed page reveals no part of it.
    ///
    /// # Errors
    /// Returns an error when there is no randomness.
    pub(crate) fn mint(&self, entropy: &dyn Entropy) -> Result<String, EntropyError> {
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce)?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce, sign(&self.0, &nonce).as_ref()].concat()))
    }

    /// Returns whether this session made the token. Compares in constant time.
    pub(crate) fn verifies(&self, token: &[u8]) -> bool {
        let mut bytes = [0; NONCE + TAG];
        if token.len() != TEXT || URL_SAFE_NO_PAD.decode_slice(token, &mut bytes) != Ok(bytes.len()) {
            return false;
        }
        bytes.split_first_chunk::<NONCE>().is_some_and(|(nonce, tag)| verify(&self.0, nonce, tag).is_ok())
    }
}

const PURPOSE: &[u8] = b"auth-runtime csrf token";

/// The length of a token: 48 bytes in base64url.
const TEXT: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SystemEntropy;

    fn session() -> SessionSecret {
        SessionSecret::mint(&SystemEntropy::new()).unwrap()
    }

    #[test]
    fn a_token_is_good_for_its_session_only() {
        let (mine, others) = (CsrfKey::of(&session()), CsrfKey::of(&session()));
        let token = mine.mint(&SystemEntropy::new()).unwrap();
        assert!(mine.verifies(token.as_bytes()));
        assert!(!others.verifies(token.as_bytes()));
    }

    #[test]
    fn no_two_tokens_are_alike() {
        let key = CsrfKey::of(&session());
        let (one, other) = (key.mint(&SystemEntropy::new()).unwrap(), key.mint(&SystemEntropy::new()).unwrap());
        assert_ne!(one.get(..21), other.get(..21));
        assert_ne!(one.get(22..), other.get(22..));
        assert_eq!(one.len(), TEXT);
    }

    #[test]
    fn altered_and_invented_tokens_are_refused() {
        let secret = session();
        let key = CsrfKey::of(&secret);
        let token = key.mint(&SystemEntropy::new()).unwrap();
        for at in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            assert!(!key.verifies(&altered), "character {at}");
        }
        let unsigned = URL_SAFE_NO_PAD.encode([0; 48]);
        for other in ["", "A", secret.expose(), &token[..63], &format!("{token}="), &format!("{token}A"), &unsigned] {
            assert!(!key.verifies(other.as_bytes()), "{other}");
        }
    }
}
