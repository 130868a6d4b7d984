use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use redis::{Cmd, Value};
use tokio::time::Instant;

use super::{link::Link, refusal::Refusal};

/// A script with its name in the server's cache.
pub(super) struct Script {
    pub(super) text: String,
    /// The SHA-1 of the text, in hexadecimal digits. Redis demands this hash; no security rests on it.
    pub(super) name: String,
}

const CHARGE: &str = include_str!("charge.lua");
const REFUND: &str = include_str!("refund.lua");

/// The server's clock. All processes count by it, so their own clocks may differ.
///
/// A counter outlives its debt by a millisecond, because an expiry is in whole milliseconds of another reading.
const SERVER_TIME: &str = "
local time = redis.call('TIME')
local now_s, now_n, slack = tonumber(time[1]), time[2] * 1000, 1
";

impl Script {
    /// Creates the script that charges the limits of a request.
    pub(super) fn charge() -> Self {
        Self::new(SERVER_TIME, CHARGE)
    }

    /// Creates the script that takes charges back.
    pub(super) fn refund() -> Self {
        Self::new(SERVER_TIME, REFUND)
    }

    /// Creates the script that charges at a time which the caller hands in as the last two arguments. Counters stay for
    /// an hour, because their expiry follows the server's clock.
    #[cfg(test)]
    pub(super) fn charge_at_a_time() -> Self {
        Self::new(HANDED_IN, CHARGE)
    }

    /// Creates the script that takes charges back at a time which the caller hands in.
    #[cfg(test)]
    pub(super) fn refund_at_a_time() -> Self {
        Self::new(HANDED_IN, REFUND)
    }

    /// Sends a call of this script. A server that does not know the script gets its text, and then the call again: it
    /// has carried out nothing.
    pub(super) async fn evaluate(
        &self,
        link: &Arc<Link>,
        call: &Cmd,
        asking: bool,
        deadline: Instant,
    ) -> Result<Value, Refusal> {
        match link.ask(call, asking, deadline).await {
            Err(Refusal::NoScript) => {
                link.ask(redis::cmd("SCRIPT").arg("LOAD").arg(&self.text), false, deadline).await?;
                link.ask(call, asking, deadline).await
            }
            answer => answer,
        }
    }

    fn new(time: &str, body: &str) -> Self {
        let text = format!("{}{body}", time.trim_start());
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
        let name = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { text, name }
    }
}

#[cfg(test)]
const HANDED_IN: &str = "
local now_s, now_n, slack = tonumber(ARGV[#ARGV - 1]), tonumber(ARGV[#ARGV]), 3600000
";
