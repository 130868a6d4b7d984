use crate::{clock::UnixTime, store::Revocation};

/// The newest revocation that this process has read. Later answers must go on from it: otherwise the store has another
/// history than this list, or lacks a part of it.
#[derive(Clone, Copy)]
pub(super) struct Newest {
    pub(super) position: u64,
    mark: [u8; 16],
    remember_until: UnixTime,
}

impl Newest {
    pub(super) fn of(revocation: &Revocation) -> Self {
        let Revocation { position, mark, remember_until, .. } = *revocation;
        Self { position, mark, remember_until }
    }

    /// Returns the position after which to ask, so that the answer begins with this revocation.
    pub(super) fn before(self) -> u64 {
        self.position.saturating_sub(1)
    }

    /// Returns whether the answer begins with this revocation, and lacks no revocation after it.
    ///
    /// An older copy of the database that was restored has another revocation at the position, or no revocation there
    /// yet. A process with a wrong clock may have removed rows that this one has not read.
    pub(super) fn is_continued_by(self, news: &[Revocation]) -> bool {
        let is_first = news.first().is_some_and(|first| first.mark == self.mark);
        is_first && news.iter().zip(self.position..=u64::MAX).all(|(one, position)| one.position == position)
    }

    /// Returns whether this revocation had expired and was removed after another one was added. Then nothing need have
    /// been missed, and nothing shows that it was not.
    pub(super) fn was_cleaned(self, news: &[Revocation], now: UnixTime) -> bool {
        now >= self.remember_until
            && news.first().is_some_and(|first| first.position == self.position.saturating_add(1))
    }
}
