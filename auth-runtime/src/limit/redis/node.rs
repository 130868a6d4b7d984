use core::fmt;
use std::sync::Arc;

use redis::{Cmd, Value};
use tokio::time::Instant;

use super::{
    RedisLimitsError,
    link::Link,
    open::Target,
    refusal::{Failure, Refusal},
    script::Script,
    url::{Access, Address},
};
use crate::{
    clock::Monotonic,
    error::{Extent, StoreError},
    limit::{
        breaker::{Breaker, Change, Turn},
        event,
    },
};

/// A node of a cluster, with a circuit breaker of its own. So the counters of a dead node follow their outage modes,
/// and those of the other nodes are counted.
pub(super) struct Node {
    address: Address,
    pub(super) link: Arc<Link>,
    breaker: Breaker,
    made: Instant,
}

impl Node {
    pub(super) fn new(address: &Address, access: &Access) -> Self {
        let link = Link::new(Target::Node(address.clone()), access);
        Self { address: address.clone(), link, breaker: Breaker::default(), made: Instant::now() }
    }

    /// Returns what the next call does. A call with the turn to probe does not wait: it starts [`probe`](Self::probe).
    pub(super) fn turn(&self) -> Turn {
        self.breaker.turn(self.now())
    }

    /// Sends a call, and records whether the node answers.
    pub(super) async fn ask(
        &self,
        script: &Script,
        call: &Cmd,
        asking: bool,
        deadline: Instant,
    ) -> Result<Value, Refusal> {
        let answer = script.evaluate(&self.link, call, asking, deadline).await;
        self.record(Turn::Ask, answer)
    }

    /// Asks in the background whether the node counts again.
    pub(super) fn probe(self: &Arc<Self>, script: &Arc<Script>, trial: Cmd, deadline: Instant) {
        let (node, script) = (Arc::clone(self), Arc::clone(script));
        tokio::spawn(async move {
            let answer = script.evaluate(&node.link, &trial, false, deadline).await;
            let _ = node.record(Turn::Probe, answer);
        });
    }

    /// Ends the outage of a node after other nodes took over its slots.
    pub(super) fn replaced(&self) {
        self.answered(Turn::Probe);
    }

    /// Returns the failure of a call that is not sent, since the node failed a moment ago.
    pub(super) fn unasked() -> Failure {
        let error = RedisLimitsError::Unreachable("the node failed a moment ago".to_owned());
        Failure { error, extent: Extent::Told }
    }

    /// Counts a failure here, so that the limiter's breaker does not count it for the other nodes.
    fn record(&self, turn: Turn, answer: Result<Value, Refusal>) -> Result<Value, Refusal> {
        let Failure { error, extent } = match answer {
            Err(Refusal::Failed(failure)) => failure,
            answer => {
                self.answered(turn);
                return answer;
            }
        };
        let now = self.now();
        if extent == Extent::Connection && !self.breaker.counts_connection(turn, now) {
            return Err(Failure { error, extent: Extent::Told }.into());
        }
        if let Some(change) = self.breaker.failed(turn, now) {
            self.tell(change, Some(&error));
        }
        Err(Failure { error, extent: Extent::Part }.into())
    }

    fn answered(&self, turn: Turn) {
        if let Some(change) = self.breaker.answered(turn) {
            self.tell(change, None);
        }
    }

    fn tell(&self, change: Change, error: Option<&RedisLimitsError>) {
        let error = error.map(|error| StoreError::new("redis limits", error.clone()));
        event::node_changed(change, &self.address, error.as_ref());
    }

    fn now(&self) -> Monotonic {
        Monotonic::from_nanos(u64::try_from(self.made.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(host, port) => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}
