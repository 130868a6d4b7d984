use super::cost::Cost;

/// The maximum cost of a stored hash. A hash above it is refused before any work is done.
///
/// A hash carries its own cost. An attacker who can write a hash into the store could otherwise make each sign-in take
/// hours or all memory. By default no hash takes more than about 250 ms of a present processor core.
/// `docs/performance.md` has the time at each ceiling, and the command that measures it.
///
/// ```
/// use auth_runtime::password::Ceilings;
///
/// let mut ceilings = Ceilings::default();
/// ceilings.bcrypt_cost = 14;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ceilings {
    /// Memory of one argon2 hash, in KiB. The default is 128 MiB.
    pub memory_kib: u32,
    /// Memory times passes of one argon2 hash, in KiB. The default is 256 MiB, for example 64 MiB and four passes.
    pub work_kib: u64,
    /// Memory of one scrypt hash, `128·r·(N + p)` bytes, in KiB. By default 96 MiB. `r` is never more than 64.
    pub scrypt_memory_kib: u32,
    /// Memory times `p` of one scrypt hash, in KiB. The default is 96 MiB, for example `N` of 2¹⁶, `r` of 8 and
    /// `p` of 1.
    pub scrypt_work_kib: u64,
    /// bcrypt's cost, the exponent of a power of two. The default is 12; the maximum is 31.
    pub bcrypt_cost: u32,
    /// PBKDF2's iterations with SHA-1 or SHA-256, for each block of the tag: a tag of 32 bytes by SHA-1 counts twice.
    /// The default is 1,500,000.
    pub pbkdf2_iterations: u32,
    /// PBKDF2's iterations with SHA-512, which take longer. The default is 350,000.
    pub pbkdf2_sha512_iterations: u32,
    /// The number of bytes that one sha-crypt hash (`$5$`, `$6$`) processes. It is the rounds times the length of tag,
    /// salt and twice the password, at least 128 bytes a round. The default is 84,000,000: 656,000 rounds for a
    /// password of up to 24 bytes.
    ///
    /// The ceiling is checked for each password, so a long password may exceed it where a short one does not.
    /// [`Passwords::check_stored`](super::Passwords::check_stored) checks it for a password of 64 bytes.
    pub sha_crypt_bytes: u64,
    /// phpass's exponent: the hash takes two to this power rounds of MD5. The default is 15; WordPress writes 13.
    pub phpass_exponent: u32,
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
        Self {
            memory_kib: 131_072,
            work_kib: 262_144,
            scrypt_memory_kib: 98_304,
            scrypt_work_kib: 98_304,
            bcrypt_cost: 12,
            pbkdf2_iterations: 1_500_000,
            pbkdf2_sha512_iterations: 350_000,
            sha_crypt_bytes: 84_000_000,
            phpass_exponent: 15,
        }
    }
}
