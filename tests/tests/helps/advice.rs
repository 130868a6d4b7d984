use auth_tests::{read, root};

/// A line of `helps/advice.txt`. In it, `…` between backticks stands for words of the user.
pub struct Pinned(String);

impl Pinned {
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Returns whether this is the text that the compiler printed.
    pub fn is(&self, advice: &str) -> bool {
        let (pinned, printed): (Vec<_>, Vec<_>) = (self.0.split('`').collect(), advice.split('`').collect());
        // Every second part stands between backticks.
        let mut parts = pinned.iter().zip(&printed).enumerate();
        pinned.len() == printed.len() && parts.all(|(at, (ours, theirs))| ours == theirs || at % 2 == 1 && *ours == "…")
    }
}

pub fn pinned() -> Vec<Pinned> {
    read(&root().join("tests/tests/helps/advice.txt")).lines().map(|line| Pinned(line.to_owned())).collect()
}

#[test]
fn an_ellipsis_between_backticks_stands_for_any_words() {
    let pinned = Pinned("accept `…` in `via(..)`".to_owned());
    assert!(pinned.is("accept `session` in `via(..)`"));
    assert!(!pinned.is("accept `session` in `by`"));
    assert!(!pinned.is("accept `session`"));
}
