use precis_profiles::{UsernameCaseMapped, UsernameCasePreserved, precis_core::profile::PrecisFastInvocation as _};
use unicode_security::{RestrictionLevel, RestrictionLevelDetection as _};

/// A name of four bytes a character, before its composition. A longer text is not examined.
const MOST_BYTES: usize = 50 * 4 * 4;

/// Returns the form of the name that an account has, or `None` when the name is not allowed.
pub(super) fn enforce(name: &str) -> Option<String> {
    if name.len() > MOST_BYTES {
        return None;
    }
    UsernameCaseMapped::enforce(name).ok()?;
    let kept = UsernameCasePreserved::enforce(name).ok()?.into_owned();
    let is_allowed = (2..=50).contains(&kept.chars().count())
        && kept.chars().all(is_letter_or_digit)
        && (&*kept).check_restriction_level(RestrictionLevel::ModeratelyRestrictive);
    is_allowed.then_some(kept)
}

/// PRECIS takes all visible ASCII; of the rest, letters and digits with their marks.
fn is_letter_or_digit(char: char) -> bool {
    !char.is_ascii() || char.is_ascii_alphanumeric() || char == '_'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{names::is_misleading, store::login_key};

    #[test]
    fn names_of_many_writing_systems_are_accepted() {
        for name in [
            "Zo\u{eb}",
            "Дмитрий",
            "李小龙",
            "さくらサクラ",
            "김철수",
            "राधिका",
            "محمد",
            "דוד",
            "Οδυσσέας",
            "ab",
            "a_1",
        ] {
            assert_eq!(enforce(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn the_form_that_is_kept_has_one_composition_and_width() {
        assert_eq!(enforce("Zoe\u{308}").as_deref(), Some("Zo\u{eb}"));
        assert_eq!(enforce("\u{ff22}\u{ff4f}\u{ff42}").as_deref(), Some("Bob"));
    }

    #[test]
    fn names_that_mislead_are_refused() {
        let bad = [
            "",
            "a",
            "a b",
            "a-b",
            "a.b",
            "a@b",
            "\u{ff41}lice\u{ff20}example.org",
            "p\u{430}ypal",
            "\u{3b1}lice",
            "ali\u{200b}ce",
            "ali\u{200d}ce",
            "\u{202e}ecila",
            "ali\u{ad}ce",
            "\u{1f600}\u{1f600}",
            "\u{ab}alice\u{bb}",
            "a\u{5d0}b",
            "\u{5d0}\u{5d0}a",
            "alice\0",
            "alice\n",
            "\u{2460}\u{2461}",
            "e\u{feff}ve",
            "\u{fb01}n",
        ];
        for name in bad {
            assert_eq!(enforce(name), None, "{name:?}");
        }
        assert_eq!(enforce(&"\u{446}".repeat(51)), None);
        assert_eq!(enforce(&"\u{446}".repeat(50)).map(|name| name.chars().count()), Some(50));
        assert_eq!(enforce(&"a".repeat(100_000)), None);
    }

    proptest! {
        /// The key of the kept form is that of the typed one, so a name is found again as it was typed.
        #[test]
        fn an_accepted_name_has_one_key_and_no_address(name in r"[\PC\p{Cf}]{0,12}") {
            if let Some(kept) = enforce(&name) {
                prop_assert_eq!(login_key(&kept), login_key(&name));
                prop_assert!(!login_key(&kept).contains('@') && !kept.contains(is_misleading));
                prop_assert_eq!(enforce(&kept), Some(kept));
            }
        }
    }
}
