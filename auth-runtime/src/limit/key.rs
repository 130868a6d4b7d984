use core::hash::BuildHasher;

use super::{AddressKey, PreparedLimit, handler_id::Place};

/// The value by which a limit counts a request: the part of the counter's key that the client determines.
///
/// In the hashed or stored form, every kind of value has its own tag and every part its own length, so that different
/// keys never collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyValue<'a>(Parts<'a>);

/// A value after its tag. Tags are below 8, because a fingerprint leaves three bits free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parts<'a> {
    Number(u8, u64),
    Texts(u8, &'a [u8], &'a [u8]),
}

impl<'a> KeyValue<'a> {
    /// One counter for all requests.
    pub const EVERYONE: Self = Self(Parts::Number(0, 0));

    /// Creates the value of the client's address.
    #[inline]
    pub const fn address(address: AddressKey) -> Self {
        match address {
            AddressKey::V4(bits) => Self(Parts::Number(1, bits as u64)),
            AddressKey::V6(prefix) => Self(Parts::Number(2, prefix)),
        }
    }

    /// Creates the value of the authenticated caller. A subject is unique only within its issuer. The issuer may be
    /// empty for callers of this application itself.
    #[inline]
    pub const fn user(issuer: &'a str, subject: &'a str) -> Self {
        Self(Parts::Texts(3, issuer.as_bytes(), subject.as_bytes()))
    }

    /// Creates the value of an API key's public identifier.
    #[inline]
    pub const fn api_key(id: &'a str) -> Self {
        Self(Parts::Texts(4, &[], id.as_bytes()))
    }

    /// Creates the value of the header `name`, which must be in lower case.
    #[inline]
    pub const fn header(name: &'a str, value: &'a [u8]) -> Self {
        Self(Parts::Texts(5, name.as_bytes(), value))
    }

    /// Creates the value of the decoded path parameter `name`.
    #[inline]
    pub const fn path(name: &'a str, value: &'a str) -> Self {
        Self(Parts::Texts(6, name.as_bytes(), value.as_bytes()))
    }

    /// Creates the value that the application's function at the path `name` returned.
    #[inline]
    pub const fn custom(name: &'a str, value: &'a str) -> Self {
        Self(Parts::Texts(7, name.as_bytes(), value.as_bytes()))
    }

    /// Hashes limit and value with a keyed hash.
    ///
    /// Only the value is hashed; the limit's scope and the kind of value are combined with its hash. Two keys with the
    /// same value but different scopes or kinds therefore always differ. Two keys with different values differ as
    /// reliably as their hashes do, regardless of the constants they are combined with.
    #[inline]
    pub(super) fn hash(&self, limit: &PreparedLimit, state: &impl BuildHasher) -> u64 {
        let (tag, value) = match self.0 {
            Parts::Number(tag, number) => (tag, state.hash_one(number)),
            Parts::Texts(tag, first, second) => (tag, hash_texts(first, second, state)),
        };
        value ^ limit.scope().place() ^ (limit.fingerprint() | u64::from(tag))
    }

    /// Appends limit and value as bytes.
    pub(super) fn write(&self, limit: &PreparedLimit, out: &mut Vec<u8>) {
        limit.scope().write(out);
        write_number(out, limit.rate().interval().as_nanos() as u64);
        write_number(out, limit.rate().tolerance().as_nanos() as u64);
        match self.0 {
            Parts::Number(tag, number) => {
                write_number(out, tag.into());
                write_number(out, number);
            }
            Parts::Texts(tag, first, second) => {
                write_number(out, tag.into());
                write_text(out, first);
                write_text(out, second);
            }
        }
    }
}

/// Hashes two texts. Slices hash their length first. The function is not inlined, so that the path for numbers stays
/// small enough for inlining.
#[inline(never)]
fn hash_texts(first: &[u8], second: &[u8], state: &impl BuildHasher) -> u64 {
    state.hash_one((first, second))
}

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
        let state = fnv(0xcbf2_9ce4_8422_2325, &place.to_le_bytes());
        let state = fnv(fnv(state, &interval.to_le_bytes()), &tolerance.to_le_bytes());
        fnv(state, name.as_bytes()) << 3
    }

    fn write(&self, out: &mut Vec<u8>) {
        let (place, name) = self.parts();
        write_number(out, place);
        write_text(out, name.as_bytes());
        if let Self::Handler { handler, place: Some(place), .. } = self {
            write_number(out, place.beyond(handler));
        }
    }

    /// Returns the number that distinguishes handlers with the same name. The bits of the tag stay free.
    fn place(&self) -> u64 {
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

const fn fnv(mut state: u64, mut bytes: &[u8]) -> u64 {
    while let [byte, rest @ ..] = bytes {
        state = (state ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
        bytes = rest;
    }
    state
}

fn write_number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn write_text(out: &mut Vec<u8>, text: &[u8]) {
    write_number(out, text.len() as u64);
    out.extend_from_slice(text);
}

#[cfg(test)]
mod tests;
