//! Decides which bytes of a password are hashed: Unicode has several spellings of text that looks alike.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use zeroize::Zeroizing;

use crate::secret;

/// The maximum length of a password, in bytes, both as received and as normalised. Longer passwords are refused before
/// any work is done for them.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// The characters that PHP's `trim` removes.
const PHP_SPACE: [char; 6] = [' ', '\n', '\r', '\t', '\u{b}', '\0'];

/// The text from which a form of stored hash was derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// This crate's own form: the NFC form (RFC 8265). Earlier versions hashed the text as received, so both are tried.
    NfcOrRaw,
    /// The text as received, which most systems hash.
    Raw,
    /// The NFKC form, which better-auth hashes.
    Nfkc,
    /// WordPress: the text without the white space around it that PHP's `trim` removes. WordPress's forms put a
    /// backslash before quotes and backslashes; its other ways to set a password do not. So both texts are tried when
    /// the password has any of these characters.
    WordPress,
    /// phpass's portable form: WordPress before 6.8, and other systems that hash the text as received. Both are tried.
    Phpass,
    /// phpBB: the text with the characters that HTML gives a meaning written as entities, as PHP's `htmlspecialchars`
    /// writes them. Imported passwords may lack them, so both texts are tried.
    PhpBb,
}

impl Text {
    /// Returns the texts to try, the likelier first. They depend on the password alone, so every account costs the same
    /// number of tries.
    pub(super) fn candidates(self, password: &str) -> Vec<Zeroizing<String>> {
        let owned = |text: &str| vec![Zeroizing::new(text.to_owned())];
        match self {
            Self::NfcOrRaw if is_nfc(password) => owned(password),
            // A form that is too long was never hashed.
            Self::NfcOrRaw => nfc(password).into_iter().chain(owned(password)).collect(),
            Self::Raw => owned(password),
            Self::Nfkc => vec![collect(password.nfkc())],
            Self::WordPress => {
                let trimmed = password.trim_matches(PHP_SPACE);
                slashed(trimmed).into_iter().chain(owned(trimmed)).collect()
            }
            Self::Phpass => {
                let mut texts = Self::WordPress.candidates(password);
                if !Self::WordPress.is_plain(password) {
                    texts.extend(owned(password));
                }
                texts
            }
            Self::PhpBb => with_entities(password).into_iter().chain(owned(password)).collect(),
        }
    }
}

impl Text {
    /// Returns whether a hash of this crate may replace a hash that this password matches.
    ///
    /// WordPress and better-auth take several texts for one password. Only the text without those differences replaces
    /// the hash. After another text did, the password as its owner wrote it at first would no longer match.
    pub(super) fn is_plain(self, password: &str) -> bool {
        match self {
            Self::NfcOrRaw | Self::Raw | Self::PhpBb => true,
            Self::Nfkc => secret::is_same(collect(password.nfkc()).as_bytes(), collect(password.nfc()).as_bytes()),
            Self::WordPress | Self::Phpass => password.trim_matches(PHP_SPACE).len() == password.len(),
        }
    }
}

/// Returns the NFC form, unless it is longer than the maximum length of a password.
pub(super) fn nfc(password: &str) -> Option<Zeroizing<String>> {
    Some(collect(password.nfc())).filter(is_short)
}

/// Returns the text with a backslash before quotes and backslashes, if it has any and is not too long then.
fn slashed(text: &str) -> Option<Zeroizing<String>> {
    let with_slashes = text.chars().flat_map(|character| {
        let slash = matches!(character, '\'' | '"' | '\\').then_some('\\');
        slash.into_iter().chain([character])
    });
    text.contains(['\'', '"', '\\']).then(|| collect(with_slashes)).filter(is_short)
}

/// Returns the text with HTML's entities for its special characters, if it has any and is not too long then.
fn with_entities(text: &str) -> Option<Zeroizing<String>> {
    let escaped = text.chars().flat_map(|character| {
        let entity = match character {
            '&' => "&amp;",
            '"' => "&quot;",
            '<' => "&lt;",
            '>' => "&gt;",
            _ => "",
        };
        entity.chars().chain(entity.is_empty().then_some(character))
    });
    text.contains(['&', '"', '<', '>']).then(|| collect(escaped)).filter(is_short)
}

/// Returns whether the text has at most the length of a password. An entity has up to six bytes for one, and phpass
/// hashes all of them in every round.
fn is_short(text: &Zeroizing<String>) -> bool {
    text.len() <= MAX_PASSWORD_BYTES
}

/// Returns whether both are one password, however their characters are composed.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    secret::is_same(collect(one.nfc()).as_bytes(), collect(other.nfc()).as_bytes())
}

/// Allocates the whole text at once. A text that grows would leave memory behind that is not wiped.
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
        // U+0958 has three bytes, and six when it is normalised.
        let longest = "\u{958}".repeat(341);
        assert_eq!(texts(Text::NfcOrRaw, &longest), [&*longest]);
        assert_eq!(nfc(&longest), None);
        assert_eq!(nfc(&"\u{958}".repeat(170)).unwrap().len(), 1020);
    }

    /// Otherwise one password could take six times the work that the ceilings of its hash allow.
    #[test]
    fn no_text_is_tried_that_is_longer_than_a_password() {
        let (quotes, longer) = ("\"".repeat(170), "\"".repeat(171));
        assert_eq!(texts(Text::PhpBb, &quotes), [&*"&quot;".repeat(170), &quotes]);
        assert_eq!(texts(Text::PhpBb, &longer), [&*longer]);
        let (quotes, longer) = ("'".repeat(512), "'".repeat(513));
        for text in [Text::WordPress, Text::Phpass] {
            assert_eq!(texts(text, &quotes), [&*"\\'".repeat(512), &quotes]);
            assert_eq!(texts(text, &longer), [&*longer]);
        }
    }

    #[test]
    fn text_of_foreign_hashes_is_normalised_as_its_system_does() {
        assert_eq!(texts(Text::Raw, "cafe\u{301} "), ["cafe\u{301} "]);
        assert_eq!(texts(Text::Nfkc, "cafe\u{301}\u{fb03}"), ["caf\u{e9}ffi"]);
        assert_eq!(texts(Text::WordPress, " \t\0cafe\u{301} x\u{a0}\r\n"), ["cafe\u{301} x\u{a0}"]);
        assert_eq!(texts(Text::WordPress, " it's \"\\ "), [r#"it\'s \"\\"#, r#"it's "\"#]);
        assert_eq!(texts(Text::Phpass, " it's"), [r"it\'s", "it's", " it's"]);
        assert_eq!(texts(Text::Phpass, "x"), ["x"]);
        assert_eq!(texts(Text::PhpBb, "a & 'b' <\"c\">"), ["a &amp; 'b' &lt;&quot;c&quot;&gt;", "a & 'b' <\"c\">"]);
        assert_eq!(texts(Text::PhpBb, " x "), [" x "]);
    }

    #[test]
    fn only_the_plain_text_of_a_password_replaces_a_hash() {
        assert!(Text::Nfkc.is_plain("caf\u{e9}") && Text::Nfkc.is_plain("cafe\u{301}"));
        assert!(!Text::Nfkc.is_plain("\u{ff50}ass") && !Text::Nfkc.is_plain("\u{fb03}"));
        assert!(Text::WordPress.is_plain("it's") && Text::WordPress.is_plain("x\u{a0}"));
        assert!(!Text::WordPress.is_plain("it's ") && !Text::WordPress.is_plain("\tx"));
        assert!(Text::Raw.is_plain(" \u{fb03} ") && Text::NfcOrRaw.is_plain("cafe\u{301}"));
    }

    #[test]
    fn one_password_in_two_spellings_is_the_same() {
        assert!(is_same("caf\u{e9}", "cafe\u{301}"));
        assert!(!is_same("cafe", "caf\u{e9}"));
        assert!(!is_same("\u{fb03}", "ffi"));
    }
}
