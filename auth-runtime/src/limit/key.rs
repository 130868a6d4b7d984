use core::hash::BuildHasher;

use super::{AddressKey, PreparedLimit, place::Place};

/// What a request is counted by under one limit: the part of the key that the client decides.
///
/// Every kind of key has its own tag and every part its own length in what is hashed or stored, so that no two
/// different keys run into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyValue<'a>(Parts<'a>);

/// What is counted by, after its tag: a number below 8, since a fingerprint leaves three bits free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parts<'a> {
    Number(u8, u64),
    Texts(u8, &'a [u8], &'a [u8]),
}

impl<'a> KeyValue<'a> {
    /// One counter for all.
    pub const EVERYONE: Self = Self(Parts::Number(0, 0));

    /// The client's address.
    #[inline]
    pub const fn address(address: AddressKey) -> Self {
        match address {
            AddressKey::V4(bits) => Self(Parts::Number(1, bits as u64)),
            AddressKey::V6(prefix) => Self(Parts::Number(2, prefix)),
        }
    }

    /// The authenticated caller: a subject is unique within its issuer only. The issuer may be empty for callers of
    /// this application's own.
    #[inline]
    pub const fn user(issuer: &'a str, subject: &'a str) -> Self {
        Self(Parts::Texts(3, issuer.as_bytes(), subject.as_bytes()))
    }

    /// An API key's public identifier.
    #[inline]
    pub const fn api_key(id: &'a str) -> Self {
        Self(Parts::Texts(4, &[], id.as_bytes()))
    }

    /// The value of the header `name`, which is in lower case.
    #[inline]
    pub const fn header(name: &'a str, value: &'a [u8]) -> Self {
        Self(Parts::Texts(5, name.as_bytes(), value))
    }

    /// The decoded value of the path parameter `name`.
    #[inline]
    pub const fn path(name: &'a str, value: &'a str) -> Self {
        Self(Parts::Texts(6, name.as_bytes(), value.as_bytes()))
    }

    /// What the application's function of this path returned.
    #[inline]
    pub const fn custom(name: &'a str, value: &'a str) -> Self {
        Self(Parts::Texts(7, name.as_bytes(), value.as_bytes()))
    }

    /// Limit and value by a keyed hash.
    ///
    /// The limit's scope and the kind of key join the hash of the value without being hashed themselves. Where those
    /// differ and the value is the same, the results differ for certain; where the values differ, they are as far from
    /// each other as the hash can make them, whatever constants they are joined with.
    #[inline]
    pub(super) fn hash(&self, limit: &PreparedLimit, state: &impl BuildHasher) -> u64 {
        let (tag, value) = match self.0 {
            Parts::Number(tag, number) => (tag, state.hash_one(number)),
            Parts::Texts(tag, first, second) => (tag, hash_texts(first, second, state)),
        };
        value ^ limit.scope().place() ^ (limit.fingerprint() | u64::from(tag))
    }

    /// Append limit and value as bytes.
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

/// Slices hash their length first. Not inlined, so that what numbers take is small enough to be.
#[inline(never)]
fn hash_texts(first: &[u8], second: &[u8], state: &impl BuildHasher) -> u64 {
    state.hash_one((first, second))
}

/// Where a counter belongs: to one limit of one handler, or to every limit that has its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Handler { handler: &'static str, index: u32, place: Option<Place> },
    Named(&'static str),
}

impl Scope {
    /// No handler has so many limits.
    const NAMED: u64 = u64::MAX;

    /// 61 bits of FNV-1a and three zeros. Only the program's own text goes in, so nobody can choose what collides.
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

    /// What tells apart the handlers that share a name, with the bits of the tag left free.
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
