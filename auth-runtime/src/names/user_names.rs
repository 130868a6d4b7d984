use std::borrow::Cow;

/// The user names that new accounts may have, for [`AuthBuilder::user_names`](crate::auth::AuthBuilder::user_names).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserNames {
    /// 3 to 50 ASCII letters, digits or underscores.
    #[default]
    Ascii,
    /// 2 to 50 letters or digits of one writing system, or underscores: `Zoë`, `Дмитрий`, `李小龙`.
    ///
    /// The name follows the profile UsernameCaseMapped (RFC 8265, section 3.3): no spaces, no symbols, no invisible
    /// characters, and the rules of writing from right to left. Two names that differ in case, width or composition are
    /// the same name. The account has the name as it was typed, in one composition and width.
    ///
    /// A name that mixes writing systems is refused where that misleads, for example a Cyrillic `а` among Latin
    /// letters: the level "moderately restrictive" of UTS 39. A name that looks like another one within one writing
    /// system, or is written in another one as a whole, is accepted.
    #[cfg(feature = "international")]
    International,
}

impl UserNames {
    /// Returns the form of the name that an account has, or `None` when the name is not allowed.
    ///
    /// No user name has a key with `@`, so the key of a user name is never the key of another account's address.
    pub(crate) fn enforce(self, name: &str) -> Option<Cow<'_, str>> {
        match self {
            Self::Ascii => super::is_username(name).then_some(Cow::Borrowed(name)),
            #[cfg(feature = "international")]
            Self::International => super::international_user_name::enforce(name).map(Cow::Owned),
        }
    }

    /// Returns the rule, for people.
    pub(crate) const fn rule(self) -> &'static str {
        match self {
            Self::Ascii => "must be 3 to 50 letters, digits or underscores",
            #[cfg(feature = "international")]
            Self::International => "must be 2 to 50 letters or digits of one writing system, or underscores",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_names_are_three_to_fifty_word_characters() {
        let names = UserNames::Ascii;
        for good in ["abc", "A_1", &"x".repeat(50)] {
            assert_eq!(names.enforce(good).as_deref(), Some(good));
        }
        for bad in ["", "ab", &"x".repeat(51), "a b", "a-b", "a@b", "caf\u{e9}", "abc\n", "abc\0"] {
            assert_eq!(names.enforce(bad), None, "{bad:?}");
        }
    }

    /// User names and addresses share one space of keys. A key without `@` is the key of no address.
    #[test]
    fn no_spelling_of_an_address_is_a_user_name() {
        for name in ["\u{ff41}lice@example.org", "alice\u{ff20}example.org", "\u{212a}elvin@example.org", "a\u{fe6b}b"]
        {
            assert!(crate::store::login_key(name).contains('@'), "{name}");
            assert_eq!(UserNames::Ascii.enforce(name), None, "{name}");
            #[cfg(feature = "international")]
            assert_eq!(UserNames::International.enforce(name), None, "{name}");
        }
    }
}
