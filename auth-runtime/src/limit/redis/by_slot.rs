use core::{future::Future, pin::Pin, task::Poll, time::Duration};
use std::{future::poll_fn, sync::Arc};

use smallvec::{SmallVec, smallvec};
use tokio::time::Instant;

use super::{
    charging::{self, Answered, Entries, Key},
    cluster::{Call, Cluster},
    link::within,
    refusal::Failure,
    script::Script,
    slots::slot,
};
use crate::limit::{Charge, Verdict};

/// Charges the limits of a request on a cluster, where a call reaches the counters of one slot.
pub(super) struct BySlot<'c> {
    pub(super) cluster: &'c Arc<Cluster>,
    pub(super) prefix: &'c str,
    pub(super) charge: &'c Arc<Script>,
    pub(super) refund: &'c Arc<Script>,
    pub(super) deadline: Instant,
}

/// The charges of one slot.
struct Group<'r> {
    slot: u16,
    entries: Entries<'r>,
}

type Groups<'r> = SmallVec<[Group<'r>; 4]>;

/// The time in which charges are taken back. No request waits for it.
pub(super) const REFUND_TIMEOUT: Duration = Duration::from_secs(1);

impl BySlot<'_> {
    /// Charges each slot by a call of its own, all at the same time. When one refuses or fails, takes back what the
    /// others charged.
    pub(super) async fn charge(&self, entries: Entries<'_>, charges: &mut [Charge<'_>]) -> Result<(), Failure> {
        let groups = grouped(entries);
        let answers = all(groups.iter().map(|group| Box::pin(self.ask(group)))).await;
        let is_admitted = answers.iter().all(|answer| answer.as_ref().is_ok_and(|(answered, _)| answered.admitted));
        let mut failure = Ok(());
        for (group, answer) in groups.iter().zip(answers) {
            let (answered, verdicts) = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    failure = Err(error);
                    continue;
                }
            };
            if answered.admitted && !is_admitted {
                self.take_back(group, &answered, &verdicts);
            }
            for (entry, verdict) in group.entries.iter().zip(verdicts) {
                if let Some(charge) = charges.get_mut(entry.place) {
                    charge.answer(if is_admitted { verdict } else { verdict.uncharged(charge.limit().price()) });
                }
            }
        }
        failure
    }

    async fn ask(&self, group: &Group<'_>) -> Result<(Answered, SmallVec<[Verdict; 4]>), Failure> {
        let command = &charging::call(self.charge, &group.entries);
        let counter = group.entries.first().map(|entry| (self.prefix, &entry.key));
        let Group { slot, .. } = *group;
        let call = Call { slot, script: self.charge, command, deadline: self.deadline, counter };
        let answer = self.cluster.evaluate(&call).await?;
        let answered = Answered::read(&answer, group.entries.len())?;
        let verdicts = answered.verdicts(&group.entries)?;
        Ok((answered, verdicts))
    }

    /// Takes the charges of a slot back in the background: the request is refused at once.
    fn take_back(&self, group: &Group<'_>, answered: &Answered, verdicts: &[Verdict]) {
        // A shadow limit that refused has charged nothing.
        let charged = group.entries.iter().zip(verdicts).filter(|(_, verdict)| verdict.is_allowed());
        let charged: Vec<(Key, u64)> =
            charged.map(|(entry, _)| (entry.key.clone(), entry.charge.limit().price())).collect();
        if charged.is_empty() {
            return;
        }
        let command = charging::refund(self.refund, &charged, answered.at);
        let (cluster, script, slot) = (Arc::clone(self.cluster), Arc::clone(self.refund), group.slot);
        tokio::spawn(async move {
            // Without its refund, a limit is stricter for as long as the charge lasts.
            let deadline = within(REFUND_TIMEOUT);
            let _ = cluster.evaluate(&Call { slot, script: &script, command: &command, deadline, counter: None }).await;
        });
    }
}

fn grouped(entries: Entries<'_>) -> Groups<'_> {
    let mut groups = Groups::new();
    for entry in entries {
        let slot = slot(&entry.key);
        match groups.iter_mut().find(|group| group.slot == slot) {
            Some(group) => group.entries.push(entry),
            None => groups.push(Group { slot, entries: smallvec![entry] }),
        }
    }
    groups
}

/// Waits for all futures at the same time.
async fn all<F: Future + Unpin>(futures: impl Iterator<Item = F>) -> SmallVec<[F::Output; 4]> {
    let mut waiting: SmallVec<[(F, Option<F::Output>); 4]> = futures.map(|future| (future, None)).collect();
    poll_fn(|context| {
        for (future, output) in &mut waiting {
            if output.is_none()
                && let Poll::Ready(done) = Pin::new(future).poll(context)
            {
                *output = Some(done);
            }
        }
        if waiting.iter().all(|(_, output)| output.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, output)| output).collect()
}
