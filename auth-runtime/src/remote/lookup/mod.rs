//! What issuers said of credentials that only they can verify: asked once, remembered for a short time.

mod answer;
mod cache;
mod flights;
mod lookups;
mod report;
mod shares;
mod times;

pub(super) use answer::{Answer, Failure, Kind, Upstream};
pub(crate) use answer::{Found, NotAsked};
pub(super) use lookups::Lookups;
pub(super) use times::{KEY_SECONDS, LIVE_SECONDS};
