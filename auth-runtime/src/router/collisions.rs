//! Finds routes that two handlers would answer.

use super::{GuardedRouter, entry::Entry};

impl<S> GuardedRouter<S> {
    /// Adds entries to the list of the router.
    ///
    /// # Panics
    /// Panics when two handlers would answer the same method of the same path. axum panics, too, but its message does
    /// not name the handlers.
    #[track_caller]
    pub(super) fn list(&mut self, entries: impl IntoIterator<Item = Entry>) {
        let entries: Vec<_> = entries.into_iter().collect();
        let collisions: Vec<_> =
            entries.iter().flat_map(|new| self.entries.iter().filter_map(|old| of(old, new))).collect();
        assert!(collisions.is_empty(), "{}", collisions.join("; "));
        self.entries.extend(entries);
    }
}

/// Returns what collides, with the names of both handlers.
fn of(old: &Entry, new: &Entry) -> Option<String> {
    let (path, ours) = old.own_methods()?;
    let (other_path, theirs) = new.own_methods()?;
    let shared: Vec<_> = ours.iter().filter(|method| theirs.contains(method)).copied().collect();
    (path == other_path && !shared.is_empty()).then(|| {
        format!(
            "`{} {path}` has two handlers, `{}` and `{}`: give one of them another path",
            shared.join(","),
            old.name(),
            new.name(),
        )
    })
}
