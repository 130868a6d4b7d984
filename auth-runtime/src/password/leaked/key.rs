use core::fmt;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest as sha1};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::password::text::nfc;

/// The key of a password in lists of leaked ones: its SHA-1 hash, in upper-case hexadecimal digits. The password is
/// taken in its NFC form, like the password of a stored hash.
///
/// SHA-1 protects nothing here. The lists are published by it.
pub struct LeakKey(Zeroizing<String>);

impl LeakKey {
    /// The number of digits of a range.
    const RANGE: usize = 5;

    /// Returns the key of a password.
    pub fn of(password: &SecretString) -> Self {
        let text = password.expose_secret();
        let normal = nfc(text);
        let bytes = normal.as_deref().map_or(text, String::as_str).as_bytes();
        let mut digits = Zeroizing::new(String::with_capacity(40));
        for byte in sha1(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref() {
            for half in [byte >> 4, byte & 15] {
                digits.extend(char::from_digit(half.into(), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
        Self(digits)
    }

    /// Returns the first five digits. Many passwords share them, so a service that is asked for them learns little.
    pub fn range(&self) -> &str {
        self.0.get(..Self::RANGE).unwrap_or_default()
    }

    /// Returns the other 35 digits.
    pub fn rest(&self) -> &str {
        self.0.get(Self::RANGE..).unwrap_or_default()
    }

    /// Returns all 40 digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// Returns the 20 bytes that the digits stand for.
    pub(super) fn hash(&self) -> Zeroizing<[u8; 20]> {
        bytes_of(&self.0)
    }
}

/// Returns the bytes that 40 hexadecimal digits stand for.
pub(super) fn bytes_of(digits: &str) -> Zeroizing<[u8; 20]> {
    let mut bytes = Zeroizing::new([0; 20]);
    let value =
        |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or_default();
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *byte = pair.iter().fold(0, |byte, digit| (byte << 4) | value(*digit));
    }
    bytes
}

impl fmt::Debug for LeakKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LeakKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_published_hash() {
        let key = LeakKey::of(&"password".into());
        assert_eq!((key.range(), key.rest()), ("5BAA6", "1E4C9B93F3F0682250B6CF8331B7EE68FD8"));
        assert_eq!(key.digits().len(), 40);
        assert!(!format!("{key:?}").contains("5BAA"));
        // Both spellings of `é` are one password.
        assert_eq!(LeakKey::of(&"e\u{301}".into()).digits(), LeakKey::of(&"\u{e9}".into()).digits());
    }
}
