use core::time::Duration;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use redis::{Cmd, Value};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout_at},
};

use super::{
    RedisLimitsError,
    charging::{self, Key},
    link::within,
    node::Node,
    refusal::{Failure, Refusal},
    script::Script,
    slots::{self, Range, SLOTS},
    url::{Access, Address},
};
use crate::limit::breaker::Turn;

/// A call with all its keys in one slot.
pub(super) struct Call<'c> {
    pub(super) slot: u16,
    pub(super) script: &'c Arc<Script>,
    pub(super) command: &'c Cmd,
    pub(super) deadline: Instant,
    /// The prefix and a counter of the call, for the trial of a node that failed. Without it the node is asked in any
    /// case.
    pub(super) counter: Option<(&'c str, &'c Key)>,
}

/// The nodes of a cluster, and which of them answers for which slot.
pub(super) struct Cluster {
    access: Access,
    seeds: Vec<Address>,
    nodes: Mutex<Nodes>,
    /// The result of the last look at the slots.
    looked: watch::Sender<Result<(), RedisLimitsError>>,
}

#[derive(Default)]
struct Nodes {
    known: HashMap<Address, Arc<Node>>,
    /// The node of each slot. Empty before the first look.
    owners: Vec<Option<Address>>,
    looking: bool,
    looked_at: Option<Instant>,
}

/// How often one call follows the cluster to another node.
const MOST_REDIRECTIONS: u32 = 5;
/// The pause before a call is repeated because its keys are on their way to another node.
const MOVING_PAUSE: Duration = Duration::from_millis(5);
/// The shortest time between two looks at the slots.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
const LONGEST_LOOK: Duration = Duration::from_millis(500);

impl Cluster {
    pub(super) fn new(seeds: Vec<Address>, access: &Access) -> Arc<Self> {
        let looked = watch::Sender::new(Ok(()));
        Arc::new(Self { access: access.clone(), seeds, nodes: Mutex::default(), looked })
    }

    /// Runs a call. Follows the slot to another node, but repeats no call that may have been carried out.
    pub(super) async fn evaluate(self: &Arc<Self>, call: &Call<'_>) -> Result<Value, Failure> {
        let owner = self.owner(call.slot, call.deadline).await;
        let mut node = owner.map_err(Failure::of_connection)?;
        let mut asking = false;
        for _ in 0..MOST_REDIRECTIONS {
            match self.ask(&node, call, asking).await {
                Ok(answer) => return Ok(answer),
                Err(Refusal::Moved(other)) => {
                    self.moved(call.slot, &other);
                    (node, asking) = (other, false);
                }
                Err(Refusal::Ask(other)) => (node, asking) = (other, true),
                Err(Refusal::TryAgain) => sleep(MOVING_PAUSE).await,
                Err(refusal) => return Err(refusal.into_failure()),
            }
        }
        Err(RedisLimitsError::NoPrimary.into())
    }

    async fn ask(self: &Arc<Self>, address: &Address, call: &Call<'_>, asking: bool) -> Result<Value, Refusal> {
        let node = self.node(address);
        let turn = call.counter.map(|counter| (node.turn(), counter));
        let answer = match turn {
            None => call.script.evaluate(&node.link, call.command, asking, call.deadline).await,
            Some((Turn::Ask, _)) => node.ask(call.script, call.command, asking, call.deadline).await,
            Some((Turn::Skip, _)) => return Err(Node::unasked().into()),
            Some((Turn::Probe, (prefix, counter))) => {
                let trial = charging::trial_beside(call.script, prefix, counter);
                node.probe(call.script, trial, call.deadline);
                Err(Node::unasked().into())
            }
        };
        if matches!(answer, Err(Refusal::Failed(_))) {
            // The node may be gone, and another one in its place.
            self.look();
        }
        answer
    }

    async fn owner(self: &Arc<Self>, slot: u16, deadline: Instant) -> Result<Address, RedisLimitsError> {
        let mut looked = self.looked.subscribe();
        loop {
            if let Some(Some(node)) = self.nodes().owners.get(usize::from(slot)) {
                return Ok(node.clone());
            }
            self.look();
            if timeout_at(deadline, looked.changed()).await.is_err() {
                return Err(RedisLimitsError::TimedOut);
            }
            looked.borrow_and_update().clone()?;
            if self.nodes().owners.get(usize::from(slot)).is_some_and(Option::is_none) {
                return Err(RedisLimitsError::NoPrimary);
            }
        }
    }

    fn node(&self, address: &Address) -> Arc<Node> {
        let mut nodes = self.nodes();
        let new = || Arc::new(Node::new(address, &self.access));
        Arc::clone(nodes.known.entry(address.clone()).or_insert_with(new))
    }

    fn moved(self: &Arc<Self>, slot: u16, node: &Address) {
        if let Some(owner) = self.nodes().owners.get_mut(usize::from(slot)) {
            *owner = Some(node.clone());
        }
        self.look();
    }

    /// Looks at the slots in the background, unless a look is under way or was a moment ago.
    fn look(self: &Arc<Self>) {
        let mut nodes = self.nodes();
        if nodes.looking {
            return;
        }
        nodes.looking = true;
        let pause = nodes.looked_at.map_or(Duration::ZERO, |last| BETWEEN_LOOKS.saturating_sub(last.elapsed()));
        drop(nodes);
        let looking = Looking(Arc::clone(self));
        tokio::spawn(async move {
            sleep(pause).await;
            let found = looking.0.ask_nodes().await;
            looking.end(found);
        });
    }

    async fn ask_nodes(&self) -> Result<Vec<Range>, RedisLimitsError> {
        let known: Vec<_> = self.nodes().known.keys().cloned().collect();
        let mut failure = RedisLimitsError::NoPrimary;
        for node in known.iter().chain(&self.seeds) {
            let question = redis::cmd("CLUSTER").arg("SLOTS").take();
            match self.node(node).link.ask(&question, false, within(LONGEST_LOOK)).await {
                Ok(answer) => match slots::read(&answer, node).filter(|ranges| !ranges.is_empty()) {
                    Some(ranges) => return Ok(ranges),
                    None => failure = RedisLimitsError::NoPrimary,
                },
                Err(refusal) => failure = refusal.into_failure().error,
            }
        }
        Err(failure)
    }

    fn nodes(&self) -> MutexGuard<'_, Nodes> {
        // No code panics under the lock. If some did, each entry would still be whole.
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A look that is under way. Dropped with its runtime, it makes room for another one.
struct Looking(Arc<Cluster>);

impl Looking {
    fn end(self, found: Result<Vec<Range>, RedisLimitsError>) {
        let result = found.map(|ranges| self.0.nodes().take_over(ranges));
        let cluster = Arc::clone(&self.0);
        drop(self);
        let _ = cluster.looked.send_replace(result);
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        let mut nodes = self.0.nodes();
        nodes.looking = false;
        nodes.looked_at = Some(Instant::now());
    }
}

impl Nodes {
    fn take_over(&mut self, ranges: Vec<Range>) {
        let mut owners = vec![None; SLOTS];
        for (first, last, node) in &ranges {
            for owner in owners.get_mut(usize::from(*first)..=usize::from(*last)).into_iter().flatten() {
                *owner = Some(node.clone());
            }
        }
        self.owners = owners;
        self.known.retain(|address, node| {
            let stays = ranges.iter().any(|(_, _, owner)| owner == address);
            if !stays {
                node.replaced();
            }
            stays
        });
    }
}
