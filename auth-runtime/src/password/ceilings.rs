use super::cost::Cost;

/// What a stored hash may ask for before it is refused unread.
///
/// A hash carries its own cost, so whoever can write one into the store could make each sign-in take hours or all memory.
/// The defaults admit what common systems write and keep the worst hash at a few seconds on a present machine.
///
/// ```
/// use auth_runtime::password::Ceilings;
///
/// let mut ceilings = Ceilings::default();
/// ceilings.bcrypt_cost = 16;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ceilings {
    /// Memory of one argon2 or scrypt hash, in KiB. By default 256 MiB.
    pub memory_kib: u32,
    /// Memory times passes of one argon2 hash, or times `p` of one scrypt hash, in KiB. By default 1 GiB.
    pub work_kib: u64,
    /// bcrypt's cost, a power of two. By default 15; never more than 31.
    pub bcrypt_cost: u32,
    /// PBKDF2's iterations. By default four million.
    pub pbkdf2_iterations: u32,
}

impl Ceilings {
    pub(super) fn raised_to(self, cost: &Cost) -> Self {
        Self {
            memory_kib: self.memory_kib.max(cost.memory_kib()),
            work_kib: self.work_kib.max(cost.work_kib()),
            ..self
        }
    }
}

impl Default for Ceilings {
    fn default() -> Self {
        Self { memory_kib: 262_144, work_kib: 1_048_576, bcrypt_cost: 15, pbkdf2_iterations: 4_000_000 }
    }
}
