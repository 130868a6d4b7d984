/// Returns whether the character makes text read as another text: a control character, a separator of lines or
/// paragraphs, or an invisible character. The joiners without width stay, since names of several languages need them.
pub(crate) fn is_misleading(char: char) -> bool {
    let after = HIDDEN.partition_point(|(first, _)| *first <= char);
    let in_table = HIDDEN.get(..after).and_then(<[_]>::last).is_some_and(|(_, last)| char <= *last);
    char.is_control() || matches!(char, '\u{2028}' | '\u{2029}') || in_table
}

/// Ranges of characters, in order: the property `Default_Ignorable_Code_Point` and the general category `Cf` of Unicode
/// 16.0, in `DerivedCoreProperties.txt` and `DerivedGeneralCategory.txt` of the Unicode Character Database. The joiners
/// U+200C and U+200D are left out.
const HIDDEN: [(char, char); 26] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200b}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(HIDDEN.iter().all(|(first, last)| first <= last));
        assert!(HIDDEN.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn characters_that_do_not_show_are_misleading() {
        for char in "\0\n\u{7f}\u{85}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}\u{180e}\u{180f}\
                     \u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\u{2060}\u{2061}\u{2062}\u{2063}\u{2064}\
                     \u{2065}\u{2066}\u{2069}\u{206a}\u{206f}\u{3164}\u{fe00}\u{fe0f}\u{feff}\u{ffa0}\u{fff0}\u{fff8}\
                     \u{fff9}\u{fffb}\u{600}\u{6dd}\u{70f}\u{890}\u{8e2}\u{110bd}\u{110cd}\u{13430}\u{1343f}\u{1bca0}\
                     \u{1d173}\u{1d17a}\u{e0000}\u{e0001}\u{e0020}\u{e0041}\u{e007f}\u{e0100}\u{e01ef}\u{e0fff}"
            .chars()
        {
            assert!(is_misleading(char), "U+{:04X}", u32::from(char));
        }
    }

    /// Hindi and Persian need the joiners.
    #[test]
    fn characters_of_names_are_not() {
        for char in "aé ß\u{a0}한کशﷺ中😀\u{200c}\u{200d}\u{301}\u{fffd}".chars() {
            assert!(!is_misleading(char), "U+{:04X}", u32::from(char));
        }
    }

    proptest! {
        /// The tables of another crate, which generates them from the Unicode Character Database.
        #[test]
        fn the_table_has_every_character_of_both_properties(
            hidden in r"[[\p{Cf}\p{DI}]&&[^\x{200C}\x{200D}\x{E0100}-\x{E0FFF}]]",
            other in r"[^\p{Cf}\p{DI}\p{Cc}\p{Zl}\p{Zp}]",
        ) {
            prop_assert!(hidden.chars().all(is_misleading), "{hidden:?}");
            prop_assert!(!other.contains(is_misleading), "{other:?}");
        }
    }
}
