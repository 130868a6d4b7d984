use unicode_normalization::UnicodeNormalization;

/// Returns the form in which stores compare user names and e-mail addresses. Two logins with the same key are the same
/// login.
///
/// The key is compatibility-normalised and case-folded (Unicode NFKC and case folding). E-mail addresses are folded as
/// a whole, including the local part. RFC 5321 lets a host distinguish case there, but no host gives two people
/// addresses that differ only in case.
///
/// ```
/// use auth_runtime::store::login_key;
///
/// assert_eq!(login_key("Alice@Example.org"), login_key("alice@example.ORG"));
/// assert_eq!(login_key("ＺＯË"), login_key("zoe\u{308}"));
/// ```
pub fn login_key(login: &str) -> String {
    if login.is_ascii() {
        return login.to_ascii_lowercase();
    }
    login.nfkc().flat_map(fold).nfkc().collect()
}

/// Folds the case of one character. Converting to upper case first joins characters that lower-casing alone keeps
/// apart, for example the two small sigmas, or `ß` and `ss`.
fn fold(character: char) -> impl Iterator<Item = char> {
    // The upper case of the Turkish dotless i is the plain `I`. Unicode's folding keeps it apart from `i`. Keeping it
    // apart here means that two addresses that only look alike stay different.
    let dotless = character == 'ı';
    let folded = character.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    folded.map(move |folded| if dotless { 'ı' } else { folded })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_compatibility_forms_make_no_difference() {
        let same = [
            ("ALICE", "alice"),
            ("Straße", "STRASSE"),
            ("STRAẞE", "straße"),
            ("ß\u{301}", "SS\u{301}"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
            ("Zoe\u{308}", "ZOË"),
            ("ｂｏｂ", "bob"),
            ("\u{212a}elvin", "kelvin"),
            ("ﬁn", "FIN"),
            ("ДМИТРИЙ", "дмитрий"),
        ];
        for (one, other) in same {
            assert_eq!(login_key(one), login_key(other), "{one} {other}");
        }
    }

    #[test]
    fn different_names_stay_different() {
        for (one, other) in [("alice", "alıce"), ("bob", "b0b"), ("a", "a "), ("a", "a\0"), ("", "\0"), ("а", "a")] {
            assert_ne!(login_key(one), login_key(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn the_key_of_a_key_is_itself_for_every_character() {
        for character in '\0'..=char::MAX {
            let key = login_key(&character.to_string());
            assert_eq!(login_key(&key), key, "{character:?}");
        }
    }

    #[test]
    fn the_short_way_for_ascii_agrees_with_the_long_way() {
        for character in '\0'..='\x7f' {
            let long: String = character.to_string().nfkc().flat_map(fold).nfkc().collect();
            assert_eq!(login_key(&character.to_string()), long);
        }
    }

    proptest! {
        #[test]
        fn upper_and_lower_case_have_one_key(name in "[^ıİ]*") {
            prop_assert_eq!(login_key(&name.to_uppercase()), login_key(&name));
            prop_assert_eq!(login_key(&name.to_lowercase()), login_key(&name));
        }
    }
}
