/// The shortest password that any policy admits, in code points.
pub(super) const SHORTEST: usize = 8;

/// The highest minimum that a policy may set, in code points. Passwords of 64 code points are always long enough.
pub(super) const LONGEST_MINIMUM: usize = 64;
