//! For how long answers are remembered, how many are, and how much is asked.

use core::time::Duration;

use crate::{limit::Rate, policy::Quota};

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
/// The maximum number of these questions that one client address causes.
pub(super) const MOST_OF_ONE_ADDRESS: usize = 4;
/// The rate of refused credentials up to which a client address may ask about further ones.
pub(super) const REFUSALS: Rate = Rate::new(Quota::per_second(10).with_burst(100));
/// The maximum number of client addresses that have a count of questions.
pub(super) const MOST_ADDRESSES: usize = 8192;
/// After how many seconds a client may try again, if an issuer is asked as much as is allowed.
pub(super) const RETRY_SECONDS: u32 = 1;
/// The longest pause that an issuer can ask for, in seconds.
pub(super) const LONGEST_PAUSE: u32 = 60;
/// The time between two reports of failures.
pub(super) const BETWEEN_REPORTS: u64 = 30 * SECOND;
/// In nanoseconds.
pub(super) const SECOND: u64 = 1_000_000_000;
