use super::{Rate, handler_id::Place};

/// The owner of a counter: one limit of one handler, or all limits that share a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Handler { handler: &'static str, index: u32, place: Option<Place> },
    Named(&'static str),
}

impl Scope {
    /// The index that marks named limits. No handler has this many limits.
    const NAMED: u64 = u64::MAX;

    /// Returns 61 bits of FNV-1a followed by three zeros. All input comes from the program itself, so an attacker
    /// cannot choose a collision.
    pub(super) const fn fingerprint(&self, interval: u64, tolerance: u64) -> u64 {
        let (place, name) = self.parts();
        fingerprint(place, name, interval, tolerance)
    }

    /// Appends the scope as bytes.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (place, name) = self.parts();
        write_number(out, place);
        write_text(out, name.as_bytes());
        if let Self::Handler { handler, place: Some(place), .. } = self {
            write_number(out, place.beyond(handler));
        }
    }

    /// Returns the number that distinguishes handlers with the same name. The bits of the tag stay free.
    #[inline]
    pub(super) fn place(&self) -> u64 {
        match self {
            Self::Handler { place: Some(place), .. } => place.number() << 3,
            Self::Handler { place: None, .. } | Self::Named(_) => 0,
        }
    }

    const fn parts(&self) -> (u64, &'static str) {
        match *self {
            Self::Handler { handler, index, .. } => (index as u64, handler),
            Self::Named(name) => (Self::NAMED, name),
        }
    }
}

/// Returns the fingerprint of all limits of this name and rate.
pub(super) fn fingerprint_of_name(name: &str, rate: Rate) -> u64 {
    let (interval, tolerance) = (rate.interval().as_nanos() as u64, rate.tolerance().as_nanos() as u64);
    fingerprint(Scope::NAMED, name, interval, tolerance)
}

const fn fingerprint(place: u64, name: &str, interval: u64, tolerance: u64) -> u64 {
    let state = fnv(0xcbf2_9ce4_8422_2325, &place.to_le_bytes());
    let state = fnv(fnv(state, &interval.to_le_bytes()), &tolerance.to_le_bytes());
    fnv(state, name.as_bytes()) << 3
}

const fn fnv(mut state: u64, mut bytes: &[u8]) -> u64 {
    while let [byte, rest @ ..] = bytes {
        state = (state ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
        bytes = rest;
    }
    state
}

/// Appends a number in the form of all numbers in a stored key.
pub(super) fn write_number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Appends a text with its length, so that two texts cannot pass for two others.
pub(super) fn write_text(out: &mut Vec<u8>, text: &[u8]) {
    write_number(out, text.len() as u64);
    out.extend_from_slice(text);
}
