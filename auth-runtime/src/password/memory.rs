use std::sync::{Mutex, PoisonError};

use argon2::{Argon2, Block};
use zeroize::Zeroize;

use super::error::HashingError;

/// The memory that argon2 fills, kept from one hash to the next.
///
/// Fresh memory from the system costs about a third of a hash, in page faults. There are never more buffers than hashes
/// that ran at once, because only a running hash holds a buffer.
pub(super) struct Buffers {
    blocks_each: usize,
    idle: Mutex<Vec<Vec<Block>>>,
    /// The number of hashes computed, for tests that count work instead of time.
    #[cfg(test)]
    pub(super) computed: std::sync::atomic::AtomicUsize,
}

impl Buffers {
    pub(super) fn new(blocks_each: usize) -> Self {
        Self {
            blocks_each,
            idle: Mutex::default(),
            #[cfg(test)]
            computed: Default::default(),
        }
    }

    /// Computes `tag` in a kept buffer. A hash that needs a larger buffer gets a new one, which is returned to the
    /// system afterwards.
    pub(super) fn derive(
        &self,
        argon2: &Argon2<'_>,
        password: &[u8],
        salt: &[u8],
        tag: &mut [u8],
    ) -> Result<(), HashingError> {
        #[cfg(test)]
        self.computed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut lease = self.lend(argon2.params().block_count())?;
        // The lengths of password, salt and tag were checked, so only the memory can still fail.
        argon2.hash_password_into_with_memory(password, salt, tag, &mut lease).map_err(|_| HashingError::Memory)
    }

    fn lend(&self, used: usize) -> Result<Lease<'_>, HashingError> {
        let kept = if used > self.blocks_each { None } else { self.idle().pop() };
        let blocks = match kept {
            Some(blocks) => blocks,
            None => allocate(used.max(self.blocks_each))?,
        };
        Ok(Lease { blocks, used, home: self })
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Vec<Block>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn allocate(count: usize) -> Result<Vec<Block>, HashingError> {
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(count).map_err(|_| HashingError::Memory)?;
    blocks.resize(count, Block::new());
    Ok(blocks)
}

/// A buffer in use. It is wiped before its next use, however this use ends.
struct Lease<'a> {
    blocks: Vec<Block>,
    used: usize,
    home: &'a Buffers,
}

impl AsMut<[Block]> for Lease<'_> {
    fn as_mut(&mut self) -> &mut [Block] {
        &mut self.blocks
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.blocks.iter_mut().take(self.used).for_each(Zeroize::zeroize);
        if self.blocks.len() == self.home.blocks_each {
            self.home.idle().push(core::mem::take(&mut self.blocks));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use argon2::{Algorithm, Params, Version};

    use super::*;

    fn argon2(memory_kib: u32) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(memory_kib, 1, 1, None).unwrap())
    }

    fn is_wiped(blocks: &[Block]) -> bool {
        blocks.iter().all(|block| block.as_ref().iter().all(|&word| word == 0))
    }

    #[test]
    fn a_buffer_is_kept_and_wiped() {
        let buffers = Buffers::new(64);
        for _ in 0..3 {
            buffers.derive(&argon2(64), b"password", b"somesalt", &mut [0; 32]).unwrap();
            let idle = buffers.idle();
            assert_eq!(idle.iter().map(Vec::len).collect::<Vec<_>>(), [64]);
            assert!(is_wiped(&idle[0]));
        }
    }

    #[test]
    fn a_buffer_in_use_is_not_wiped_already() {
        let buffers = Buffers::new(64);
        let mut lease = buffers.lend(64).unwrap();
        argon2(64).fill_memory(b"password", b"somesalt", &mut lease).unwrap();
        assert!(!is_wiped(lease.as_mut()));
    }

    #[test]
    fn kept_memory_gives_what_fresh_memory_gives() {
        let buffers = Buffers::new(64);
        for password in [b"first", b"other"] {
            let (mut kept, mut fresh) = ([0; 32], [0; 32]);
            buffers.derive(&argon2(32), password, b"somesalt", &mut kept).unwrap();
            argon2(32).hash_password_into(password, b"somesalt", &mut fresh).unwrap();
            assert_eq!(kept, fresh);
        }
    }

    #[test]
    fn a_larger_hash_leaves_nothing_behind() {
        let buffers = Buffers::new(64);
        buffers.derive(&argon2(128), b"password", b"somesalt", &mut [0; 32]).unwrap();
        assert!(buffers.idle().is_empty());
        // A larger hash does not get a buffer that is too small, even when one is idle.
        drop(buffers.lend(64).unwrap());
        buffers.derive(&argon2(128), b"password", b"somesalt", &mut [0; 32]).unwrap();
        assert_eq!(buffers.idle().len(), 1);
    }

    #[test]
    fn there_are_as_many_buffers_as_hashes_at_once() {
        let (buffers, both) = (Buffers::new(8), Barrier::new(2));
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let _lease = buffers.lend(8).unwrap();
                        both.wait();
                    }
                });
            }
        });
        assert_eq!(buffers.idle().len(), 2);
    }

    #[test]
    fn memory_that_cannot_be_had_is_an_outage() {
        assert_eq!(Buffers::new(8).lend(usize::MAX / 2048).err(), Some(HashingError::Memory));
    }
}
