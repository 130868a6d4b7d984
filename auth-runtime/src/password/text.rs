//! Which bytes of a password are hashed: Unicode has several spellings of what looks alike on a keyboard.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use zeroize::Zeroizing;

use super::passwords::MAX_PASSWORD_BYTES;
use crate::secret;

/// What a form of stored hash was derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// Our own: the NFC form (RFC 8265). Before it was normalised here, the text as it was received; so both are tried.
    NfcOrRaw,
    /// The text as it was received: what most systems hash.
    Raw,
    /// The NFKC form: better-auth.
    Nfkc,
    /// WordPress: the text without white space around it, as PHP's `trim` takes it off. Its forms put a backslash before
    /// quotes and backslashes, its other ways to set a password do not; so both are tried where there are any.
    WordPress,
}

impl Text {
    /// The texts to try, the likelier first. Depends on the password alone, so that every account costs as many tries.
    pub(super) fn candidates(self, password: &str) -> Vec<Zeroizing<String>> {
        let owned = |text: &str| vec![Zeroizing::new(text.to_owned())];
        match self {
            Self::NfcOrRaw if is_nfc(password) => owned(password),
            // A form that is too long was never hashed.
            Self::NfcOrRaw => nfc(password).into_iter().chain(owned(password)).collect(),
            Self::Raw => owned(password),
            Self::Nfkc => vec![collect(password.nfkc())],
            Self::WordPress => {
                let trimmed = password.trim_matches([' ', '\n', '\r', '\t', '\u{b}', '\0']);
                slashed(trimmed).into_iter().chain(owned(trimmed)).collect()
            }
        }
    }
}

/// The NFC form, unless it is longer than any password.
pub(super) fn nfc(password: &str) -> Option<Zeroizing<String>> {
    let normal = collect(password.nfc());
    (normal.len() <= MAX_PASSWORD_BYTES).then_some(normal)
}

/// With a backslash before quotes and backslashes, where there are any.
fn slashed(text: &str) -> Option<Zeroizing<String>> {
    let with_slashes = text.chars().flat_map(|character| {
        let slash = matches!(character, '\'' | '"' | '\\').then_some('\\');
        slash.into_iter().chain([character])
    });
    text.contains(['\'', '"', '\\']).then(|| collect(with_slashes))
}

/// Returns whether both are one password, however their characters are composed.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    secret::is_same(collect(one.nfc()).as_bytes(), collect(other.nfc()).as_bytes())
}

/// Allocated once and for the whole, since the memory that a growing text leaves behind is not wiped.
fn collect(characters: impl Iterator<Item = char> + Clone) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(characters.clone().map(char::len_utf8).sum()));
    text.extend(characters);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: Text, password: &str) -> Vec<String> {
        text.candidates(password).iter().map(|candidate| candidate.to_string()).collect()
    }

    #[test]
    fn our_own_hashes_are_tried_normalised_first_and_as_received_second() {
        assert_eq!(texts(Text::NfcOrRaw, "cafe\u{301}"), ["caf\u{e9}", "cafe\u{301}"]);
        assert_eq!(texts(Text::NfcOrRaw, "caf\u{e9}"), ["caf\u{e9}"]);
        assert_eq!(texts(Text::NfcOrRaw, "plain"), ["plain"]);
        // No other change: neither compatibility forms nor white space nor case.
        assert_eq!(texts(Text::NfcOrRaw, " \u{fb03}\u{a0}X "), [" \u{fb03}\u{a0}X "]);
    }

    #[test]
    fn a_form_that_is_too_long_is_not_tried() {
        // U+0958 is three bytes, and six when it is normalised.
        let longest = "\u{958}".repeat(341);
        assert_eq!(texts(Text::NfcOrRaw, &longest), [&*longest]);
        assert_eq!(nfc(&longest), None);
        assert_eq!(nfc(&"\u{958}".repeat(170)).unwrap().len(), 1020);
    }

    #[test]
    fn other_systems_hash_what_they_hash() {
        assert_eq!(texts(Text::Raw, "cafe\u{301} "), ["cafe\u{301} "]);
        assert_eq!(texts(Text::Nfkc, "cafe\u{301}\u{fb03}"), ["caf\u{e9}ffi"]);
        assert_eq!(texts(Text::WordPress, " \t\0cafe\u{301} x\u{a0}\r\n"), ["cafe\u{301} x\u{a0}"]);
        assert_eq!(texts(Text::WordPress, " it's \"\\ "), [r#"it\'s \"\\"#, r#"it's "\"#]);
    }

    #[test]
    fn one_password_in_two_spellings_is_the_same() {
        assert!(is_same("caf\u{e9}", "cafe\u{301}"));
        assert!(!is_same("cafe", "caf\u{e9}"));
        assert!(!is_same("\u{fb03}", "ffi"));
    }
}
