use core::{fmt, num::NonZeroU16};
use std::{sync::Arc, thread};

use super::{
    ceilings::Ceilings, cost::Cost, hasher::Hasher, passwords::Passwords, pool::Pool, verifier::PasswordVerifier,
};
use crate::secret::Entropy;

/// The default number of hashes that may wait for each worker. At the default cost, a full queue drains in about a
/// second.
const QUEUE_PER_WORKER: u16 = 32;

/// The settings of [`Passwords`].
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

impl Passwords {
    /// Starts a builder with the default settings.
    pub fn builder(entropy: Arc<dyn Entropy>) -> PasswordsBuilder {
        PasswordsBuilder::new(entropy)
    }
}

impl PasswordsBuilder {
    fn new(entropy: Arc<dyn Entropy>) -> Self {
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

    /// Sets how many hashes run at once. Each worker takes the [`Cost`]'s memory and keeps it.
    ///
    /// The default is half of the processor's cores, and at least one. So sign-ins never take the whole machine from
    /// other requests.
    pub fn workers(mut self, workers: NonZeroU16) -> Self {
        self.workers = workers;
        self
    }

    /// Sets how many hashes may wait for a worker before a call returns [`Busy`](super::PasswordError::Busy). The
    /// default is 32 for each worker. Zero refuses every hash that cannot start at once.
    pub fn queue(mut self, queue: u16) -> Self {
        self.queue = Some(queue);
        self
    }

    /// Sets the cost of a new hash. An old hash with a lower cost is to be replaced. The default is [`Cost::OWASP`].
    pub fn cost(mut self, cost: Cost) -> Self {
        self.cost = cost;
        self
    }

    /// Sets the maximum cost of a stored hash. A hash within [`cost`](Self::cost) is always accepted.
    pub fn ceilings(mut self, ceilings: Ceilings) -> Self {
        self.ceilings = ceilings;
        self
    }

    /// Adds a verifier for stored hashes in the application's own format. It runs on the same workers and under the
    /// same ceilings. If there are several verifiers, the first that recognises a hash verifies it.
    pub fn verifier(mut self, verifier: Arc<dyn PasswordVerifier>) -> Self {
        self.verifiers.push(verifier);
        self
    }

    /// Reports a password of more than 72 bytes with a beginning that matches a bcrypt hash as
    /// [`Verified::SameBeginning`](super::Verified::SameBeginning). Off by default: such a password is then a mismatch.
    ///
    /// For tables of systems that silently truncated passwords for bcrypt. The ready-made endpoints sign the owner of
    /// such a password in once and ask for a new password, because the rest of the password was never verified.
    ///
    /// Only the feature `foreign-hashes` verifies bcrypt hashes.
    #[cfg(feature = "foreign-hashes")]
    #[cfg_attr(docsrs, doc(cfg(feature = "foreign-hashes")))]
    pub fn accept_truncated_bcrypt(mut self, accept: bool) -> Self {
        self.truncated_bcrypt = accept;
        self
    }

    /// Builds the hasher. It starts no thread and takes no memory before the first password.
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

impl fmt::Debug for PasswordsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordsBuilder")
            .field("workers", &self.workers)
            .field("queue", &self.queue)
            .field("cost", &self.cost)
            .field("ceilings", &self.ceilings)
            .finish_non_exhaustive()
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
