use core::num::NonZeroU16;
use std::{sync::Arc, thread};

use super::{
    ceilings::Ceilings,
    cost::Cost,
    passwords::{Hasher, Passwords},
    pool::Pool,
    verifier::PasswordVerifier,
};
use crate::secret::Entropy;

/// How many hashes may wait for each worker by default. At the default cost they are through in about a second.
const QUEUE_PER_WORKER: u16 = 32;

/// Settings of [`Passwords`].
#[must_use]
pub struct PasswordsBuilder {
    entropy: Arc<dyn Entropy>,
    workers: NonZeroU16,
    queue: Option<u16>,
    cost: Cost,
    ceilings: Ceilings,
    verifiers: Vec<Arc<dyn PasswordVerifier>>,
    truncated_bcrypt: bool,
}

impl PasswordsBuilder {
    pub(super) fn new(entropy: Arc<dyn Entropy>) -> Self {
        let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
        Self {
            entropy,
            workers: half_of(cores),
            queue: None,
            cost: Cost::OWASP,
            ceilings: Ceilings::default(),
            verifiers: Vec::new(),
            truncated_bcrypt: false,
        }
    }

    /// How many hashes run at once. Each worker takes the [`Cost`]'s memory and keeps it.
    ///
    /// By default half of the processor's cores and at least one, so that sign-ins never take the whole machine from
    /// other requests.
    pub fn workers(mut self, workers: NonZeroU16) -> Self {
        self.workers = workers;
        self
    }

    /// How many hashes may wait for a worker before [`Busy`](super::PasswordError::Busy) is answered; by default 32 for each
    /// worker. Zero refuses whatever cannot start at once.
    pub fn queue(mut self, queue: u16) -> Self {
        self.queue = Some(queue);
        self
    }

    /// What a new hash costs, and below which an old one is to be replaced. By default [`Cost::OWASP`].
    pub fn cost(mut self, cost: Cost) -> Self {
        self.cost = cost;
        self
    }

    /// What a stored hash may ask for at most. What [`cost`](Self::cost) allows is always accepted.
    pub fn ceilings(mut self, ceilings: Ceilings) -> Self {
        self.ceilings = ceilings;
        self
    }

    /// Verifies stored hashes of the application's own format, too, by the same workers and under the same ceilings. Of
    /// several verifiers, the first that recognises a hash verifies it.
    pub fn verifier(mut self, verifier: Arc<dyn PasswordVerifier>) -> Self {
        self.verifiers.push(verifier);
        self
    }

    /// Tells passwords of more than 72 bytes whose beginning matches a bcrypt hash from wrong ones, as
    /// [`Verified::SameBeginning`](super::Verified::SameBeginning). Off by default: they do not match then.
    ///
    /// For tables of systems whose bcrypt cut passwords off in silence. The ready-made endpoints sign such an owner in once
    /// and ask for a new password, since the rest of the password was never verified.
    pub fn accept_truncated_bcrypt(mut self, accept: bool) -> Self {
        self.truncated_bcrypt = accept;
        self
    }

    /// The hasher. No thread is started and no memory taken before the first password.
    pub fn build(self) -> Passwords {
        let pool = Pool::new(self.workers, self.queue_or_default(), &self.cost);
        let hasher = Hasher {
            ceilings: self.ceilings.raised_to(&self.cost),
            cost: self.cost,
            entropy: self.entropy,
            verifiers: self.verifiers.into(),
            truncated_bcrypt: self.truncated_bcrypt,
        };
        Passwords::new(pool, hasher)
    }

    fn queue_or_default(&self) -> u16 {
        self.queue.unwrap_or_else(|| self.workers.get().saturating_mul(QUEUE_PER_WORKER))
    }
}

fn half_of(cores: usize) -> NonZeroU16 {
    let half = u16::try_from(cores / 2).unwrap_or(u16::MAX);
    NonZeroU16::new(half).unwrap_or(NonZeroU16::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SystemEntropy;

    fn builder() -> PasswordsBuilder {
        Passwords::builder(Arc::new(SystemEntropy::new()))
    }

    #[test]
    fn half_of_the_cores_hash_and_at_least_one() {
        for (cores, workers) in [(1, 1), (2, 1), (3, 1), (4, 2), (64, 32), (usize::MAX, u16::MAX)] {
            assert_eq!(half_of(cores).get(), workers, "{cores}");
        }
    }

    #[test]
    fn the_queue_grows_with_the_workers_unless_it_is_set() {
        let workers = |count| builder().workers(NonZeroU16::new(count).unwrap());
        assert_eq!(workers(1).queue_or_default(), 32);
        assert_eq!(workers(4).queue_or_default(), 128);
        assert_eq!(workers(u16::MAX).queue_or_default(), u16::MAX);
        assert_eq!(workers(4).queue(0).queue_or_default(), 0);
    }
}
