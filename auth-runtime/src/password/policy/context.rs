use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::length::SHORTEST;

/// The minimum length of a word. Shorter words occur in too many passwords by chance.
const SHORTEST_WORD: usize = 3;

/// Words that an attacker who knows the user or the service would try.
pub(super) struct Context(Vec<String>);

impl Context {
    /// Collects each word and its parts: `ann.smith`, `smith` and `ann` of `Ann.Smith@example.com`.
    pub(super) fn new(given: &[&str]) -> Self {
        let mut words: Vec<String> = given.iter().flat_map(|word| with_parts(word)).collect();
        // Removes the longest words first. Otherwise the remainder of a long word would count as the user's own.
        words.sort_by_key(|word| core::cmp::Reverse(word.chars().count()));
        Self(words)
    }

    /// Returns whether the password has too little beside these words. The remainder must itself be as long as the
    /// shortest password, so a long passphrase may contain a name.
    pub(super) fn is_most_of(&self, folded: &str) -> bool {
        let mut rest = Zeroizing::new(folded.to_owned());
        for word in &self.0 {
            rest = Zeroizing::new(rest.replace(word.as_str(), "\0"));
        }
        *rest != folded && rest.chars().filter(|&left| left != '\0').count() < SHORTEST
    }
}

fn with_parts(word: &str) -> Vec<String> {
    let local = word.rsplit_once('@').map(|(local, _)| local).filter(|local| !local.is_empty()).unwrap_or(word);
    let folded = local.nfkc().collect::<String>().to_lowercase();
    let parts = folded.split(|between: char| !between.is_alphanumeric()).map(str::to_owned);
    let all = core::iter::once(folded.clone()).chain(parts);
    all.filter(|word| word.chars().count() >= SHORTEST_WORD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_their_parts_are_found() {
        let context = Context::new(&["Ann-Marie.Smith@example.com", "Notes"]);
        for password in
            ["ann-marie.smith", "smith2024", "marie123", "annsmith99", "mynotes", "notesnotesnotes", "smithann"]
        {
            assert!(context.is_most_of(password), "{password}");
        }
    }

    #[test]
    fn a_word_counts_whole_and_as_often_as_it_comes() {
        assert!(Context::new(&["Ann Annabel"]).is_most_of("annabelxyzwvut"));
        assert!(Context::new(&["ann"]).is_most_of(&"ann".repeat(20)));
        assert!(Context::new(&["@annabel"]).is_most_of("annabel1"));
    }

    #[test]
    fn a_long_password_may_have_a_word_in_it() {
        let context = Context::new(&["mark"]);
        assert!(!context.is_most_of("remarkable otters"));
        assert!(context.is_most_of("mark-2024!"));
    }

    #[test]
    fn short_words_and_absent_ones_do_not_count() {
        let context = Context::new(&["al", "", "@", "-", "x@example.com"]);
        assert!(!context.is_most_of("al"));
        assert!(!context.is_most_of("x"));
        assert!(!context.is_most_of("short"));
    }

    #[test]
    fn spelling_does_not_matter() {
        // Full-width letters and capitals make the same word.
        assert!(Context::new(&["Ｊｕｌｉａ"]).is_most_of("julia1"));
    }
}
