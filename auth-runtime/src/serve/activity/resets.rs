/// Counts the requests of a connection that were answered, and those that the client cancelled before.
#[derive(Debug, Default)]
pub(super) struct Resets {
    answered: u32,
    taken_back: u32,
}

/// A client may cancel this many requests on a connection, and after that as many as were answered.
const FREE: u32 = 100;

impl Resets {
    /// Counts a request that has ended.
    pub(super) fn count(&mut self, is_answered: bool) {
        let counter = if is_answered { &mut self.answered } else { &mut self.taken_back };
        *counter = counter.saturating_add(1);
    }

    /// Returns whether the client has cancelled too many.
    pub(super) fn are_flood(&self) -> bool {
        self.taken_back > self.answered.saturating_add(FREE)
    }
}
