use std::{collections::HashSet, sync::LazyLock};

/// Passwords that are refused, beside the common ones: leaked ones, or those of an organisation's own list.
pub trait Blocklist: Send + Sync + 'static {
    /// Is this password listed? It is given after NFKC, in lower case.
    fn contains(&self, password: &str) -> bool;
}

/// Is this one of the passwords that are tried first? In lower case, after NFKC.
pub(super) fn is_common(folded: &str) -> bool {
    COMMON.contains(folded)
}

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| listed().collect());

/// One password to a line; lines that begin with `#` say what the file is.
fn listed() -> impl Iterator<Item = &'static str> {
    include_str!("common.txt").lines().filter(|line| !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_three_thousand_that_the_policy_would_admit() {
        let admissible = COMMON.iter().filter(|password| password.chars().count() >= 8).count();
        assert!(admissible >= 3_000, "{admissible}");
        assert_eq!(COMMON.len(), listed().count(), "a password is listed twice");
    }

    #[test]
    fn the_list_is_written_as_it_is_looked_up() {
        for password in listed() {
            assert_eq!(password, password.to_lowercase());
            assert_eq!(password, password.trim());
            assert!(password.is_ascii() && password.len() >= 8, "{password}");
        }
    }
}
