use core::fmt;

use argon2::Params;

/// The cost of one argon2id hash: memory, passes over it, and lanes (RFC 9106).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost(Params);

impl Cost {
    /// 19 MiB, two passes, one lane: the minimum that OWASP's password storage guide asks for.
    pub const OWASP: Self = Self(Params::DEFAULT);

    /// Creates a setting that is at least as strong as [`OWASP`](Self::OWASP).
    ///
    /// `memory_kib` is in units of 1024 bytes. Each worker takes this memory. Lanes are computed one after the other.
    ///
    /// # Errors
    /// Returns [`TooWeak`](CostError::TooWeak) below 19456 KiB, and below 47104 KiB for a single pass. Returns
    /// [`TooHigh`](CostError::TooHigh) above 4 GiB, 64 passes or 64 lanes, and for zero lanes.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, CostError> {
        let least = if passes < 2 { 47_104 } else { 19_456 };
        if passes == 0 || memory_kib < least {
            return Err(CostError::TooWeak);
        }
        if memory_kib > 4 * 1024 * 1024 || passes > 64 || lanes > 64 {
            return Err(CostError::TooHigh);
        }
        Params::new(memory_kib, passes, lanes, None).map(Self).map_err(|_| CostError::TooHigh)
    }

    /// Returns 64 KiB and one pass: no protection, but fast for tests that hash many passwords.
    #[cfg(any(test, feature = "testing"))]
    pub fn weak_for_testing() -> Self {
        Self(Params::new(64, 1, 1, None).unwrap_or(Params::DEFAULT))
    }

    /// Returns the memory of one hash, in KiB.
    pub fn memory_kib(&self) -> u32 {
        self.0.m_cost()
    }

    /// Returns the number of passes over the memory.
    pub fn passes(&self) -> u32 {
        self.0.t_cost()
    }

    /// Returns the number of lanes into which the memory is divided.
    pub fn lanes(&self) -> u32 {
        self.0.p_cost()
    }

    /// Returns memory times passes. The time grows with this product.
    pub(super) fn work_kib(&self) -> u64 {
        u64::from(self.memory_kib()).saturating_mul(u64::from(self.passes()))
    }

    pub(super) fn params(&self) -> &Params {
        &self.0
    }
}

impl Default for Cost {
    fn default() -> Self {
        Self::OWASP
    }
}

/// The reason why a [`Cost`] is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CostError {
    /// The cost protects less than 19 MiB and two passes.
    TooWeak,
    /// The cost is more than any machine should spend on one password, or has zero lanes.
    TooHigh,
}

impl fmt::Display for CostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooWeak => "argon2id needs at least 19456 KiB and 2 passes, or 47104 KiB for 1 pass",
            Self::TooHigh => "argon2id takes at most 4194304 KiB, 64 passes and 1 to 64 lanes",
        })
    }
}

impl core::error::Error for CostError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_owasps() {
        let cost = Cost::OWASP;
        assert_eq!((cost.memory_kib(), cost.passes(), cost.lanes()), (19_456, 2, 1));
        assert_eq!(Cost::default(), cost);
    }

    #[test]
    fn weaker_is_refused() {
        for (memory, passes) in [(19_455, 2), (19_455, 64), (47_103, 1), (1_000_000, 0), (0, 0)] {
            assert_eq!(Cost::new(memory, passes, 1), Err(CostError::TooWeak), "{memory} {passes}");
        }
        for (memory, passes) in [(19_456, 2), (47_104, 1), (65_536, 3)] {
            assert!(Cost::new(memory, passes, 4).is_ok(), "{memory} {passes}");
        }
    }

    #[test]
    fn absurd_is_refused() {
        for (memory, passes, lanes) in [(4_194_305, 2, 1), (19_456, 65, 1), (19_456, 2, 65), (19_456, 2, 0)] {
            assert_eq!(Cost::new(memory, passes, lanes), Err(CostError::TooHigh), "{memory} {passes} {lanes}");
        }
    }
}
