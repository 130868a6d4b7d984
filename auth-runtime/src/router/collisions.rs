//! Finds routes that two handlers would answer.

use super::entry::Entry;

/// Panics when two handlers would answer the same method of the same path. axum panics, too, but its message does not
/// name the handlers.
#[track_caller]
pub(super) fn assert_free(present: &[Entry], new: &[Entry]) {
    let collisions: Vec<_> = new.iter().flat_map(|new| present.iter().filter_map(|old| of(old, new))).collect();
    assert!(collisions.is_empty(), "{}", collisions.join("; "));
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
