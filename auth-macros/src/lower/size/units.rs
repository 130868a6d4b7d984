//! The units of sizes, and the shortest text of one.
//!
//! `auth-runtime/src/router/describe.rs` writes sizes into the matrix in the same way.
//! `tests/tests/architecture/pairs.rs` reads this file and compares both, so it imports nothing.

/// The units, those that are written in helps first. `MB` are decimal and `MiB` binary, as IEC 80000-13 says.
pub(super) const UNITS: &[(&str, u64)] = &[
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
    ("KB", 1_000),
    ("byte", 1),
    ("bytes", 1),
];

/// Returns a number of bytes in the unit that makes it shortest.
pub(super) fn text(bytes: u64) -> String {
    let whole = UNITS.iter().filter(|(_, size)| bytes.is_multiple_of(*size));
    whole.map(|(unit, size)| format!("{} {unit}", bytes / size)).min_by_key(String::len).unwrap_or_default()
}
