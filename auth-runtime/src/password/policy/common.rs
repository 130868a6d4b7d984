use std::{collections::HashSet, sync::LazyLock};

/// A list of passwords to refuse beside the common ones: leaked passwords, or an organisation's own list.
pub trait Blocklist: Send + Sync + 'static {
    /// Returns whether the list has this password. The password is given after NFKC, in lower case.
    fn contains(&self, password: &str) -> bool;
}

/// Returns whether attackers try this password first. `folded` is in lower case, after NFKC.
pub(super) fn is_common(folded: &str) -> bool {
    COMMON.contains(folded)
}

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| listed().collect());

/// Returns the passwords, one from each line. Lines that begin with `#` describe the file.
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
