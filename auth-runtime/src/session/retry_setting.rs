/// Which client may fetch the answer to a refresh again, for the time in which it may have been lost
/// ([`refresh_grace`](crate::auth::AuthBuilder::refresh_grace)).
///
/// A refresh token is used once. The second use within that time is a retry or a copy of the token, and only the client
/// tells which. A retry is answered with the same successor, and a copy ends the session. The fewer things have to
/// match, the fewer retries are taken for copies, and the longer a thief who is quick stays unnoticed.
///
/// The setting may be changed at any time, and processes that share a store may differ in it for as long as a release
/// takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefreshRetry {
    /// The same `client_id` with the same `User-Agent`. A copied token that another program uses is found at once.
    #[default]
    SameClientAndUserAgent,
    /// The same `client_id`, with any `User-Agent`. It is for a page and its server-side renderer that share a session.
    /// It is also for apps with a version in `User-Agent`, which an update changes between a lost answer and its retry.
    SameClient,
    /// No client: every second use ends the session. A lost answer means signing in again.
    Never,
}

/// When the second use of a refresh token is a retry, as stores judge it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RetryTerms {
    /// How long after the first use, in seconds. Zero answers no retry.
    pub(crate) grace_seconds: u32,
    pub(crate) must_match_fingerprint: bool,
}

impl RefreshRetry {
    /// Returns the terms of a retry, where answers may be lost for this many seconds.
    pub(crate) const fn terms(self, grace_seconds: u32) -> RetryTerms {
        match self {
            Self::SameClientAndUserAgent => RetryTerms { grace_seconds, must_match_fingerprint: true },
            Self::SameClient => RetryTerms { grace_seconds, must_match_fingerprint: false },
            Self::Never => RetryTerms { grace_seconds: 0, must_match_fingerprint: true },
        }
    }
}
