//! For how long answers are remembered, and how many are.

use core::time::Duration;

/// The maximum time for which a live credential is remembered.
pub(in crate::remote) const LIVE_SECONDS: u64 = 30;
/// The maximum time for which a live API key is remembered. Its issuer counts each use.
pub(in crate::remote) const KEY_SECONDS: u64 = 5;
/// The time for which a refused credential is remembered.
pub(super) const REFUSED_SECONDS: u64 = 5;
/// The time for one question.
pub(super) const WITHIN: Duration = Duration::from_secs(5);
/// The maximum number of questions that an issuer is asked at once.
pub(super) const MOST_AT_ONCE: usize = 16;
/// After how many seconds a client may try again, if an issuer is asked as much as is allowed.
pub(super) const RETRY_SECONDS: u32 = 1;
/// The longest pause that an issuer can ask for, in seconds.
pub(super) const LONGEST_PAUSE: u32 = 60;
/// The time between two reports of failures.
pub(super) const BETWEEN_REPORTS: u64 = 30 * SECOND;
/// In nanoseconds.
pub(super) const SECOND: u64 = 1_000_000_000;
