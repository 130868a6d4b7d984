//! Whether a server forgets counters when its memory is full.

use core::sync::atomic::{AtomicBool, Ordering};

use redis::aio::MultiplexedConnection;
use tokio::time::timeout;

use super::open::LONGEST_ATTEMPT;
use crate::limit::event;

/// Tells the operator of a server that evicts counters, once, and not at each connection.
#[derive(Debug, Default)]
pub(super) struct Eviction {
    is_told: AtomicBool,
}

impl Eviction {
    /// Asks the server. A server that says nothing of its memory, for example because the user may not ask, is no cause
    /// for an event.
    pub(super) async fn look(&self, mut connection: MultiplexedConnection) {
        let mut question = redis::cmd("INFO");
        let asked = timeout(LONGEST_ATTEMPT, question.arg("memory").query_async::<String>(&mut connection)).await;
        let Ok(Ok(memory)) = asked else { return };
        let Some(policy) = evicting_policy(&memory) else { return self.is_told.store(false, Ordering::Relaxed) };
        if !self.is_told.swap(true, Ordering::Relaxed) {
            event::evicts(policy);
        }
    }
}

/// Returns the policy by which a full server evicts counters. A server without a bound of its memory evicts nothing,
/// and `noeviction` refuses writes instead. Every other policy takes counters, since all of them expire.
fn evicting_policy(memory: &str) -> Option<&str> {
    let field = |name: &str| memory.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim));
    let bound: u64 = field("maxmemory")?.parse().ok()?;
    field("maxmemory_policy").filter(|policy| bound > 0 && !policy.is_empty() && *policy != "noeviction")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_counts_where_memory_is_bounded() {
        for (memory, policy) in [
            (
                "# Memory\r\nmaxmemory:100\r\nmaxmemory_human:100B\r\nmaxmemory_policy:allkeys-lru\r\n",
                Some("allkeys-lru"),
            ),
            ("maxmemory_policy:volatile-ttl\r\nmaxmemory:1\r\n", Some("volatile-ttl")),
            ("maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n", None),
            ("maxmemory:100\r\nmaxmemory_policy:noeviction\r\n", None),
            ("maxmemory:100\r\n", None),
            ("maxmemory_policy:allkeys-lru\r\n", None),
            ("maxmemory:much\r\nmaxmemory_policy:allkeys-lru\r\n", None),
            ("maxmemory:100\r\nmaxmemory_policy:\r\n", None),
            ("", None),
        ] {
            assert_eq!(evicting_policy(memory), policy, "{memory}");
        }
    }
}
