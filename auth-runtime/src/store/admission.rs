use crate::clock::UnixTime;

/// The store's decision about an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Admission {
    /// The attempt was counted, and the caller may verify the password.
    Admitted,
    /// Too many attempts have failed. This one was not counted.
    #[non_exhaustive]
    Locked {
        /// The first second in which an attempt is admitted again.
        until: UnixTime,
    },
}

impl Admission {
    /// Describes a refusal of every attempt until this second.
    pub const fn locked(until: UnixTime) -> Self {
        Self::Locked { until }
    }
}
