use core::{fmt, hash::BuildHasher};

use super::{
    AddressKey, PreparedLimit,
    scope::{write_number, write_text},
};

/// The value by which a limit counts a request: the part of the counter's key that the client determines.
///
/// In the hashed or stored form, every kind of value has its own tag and every part its own length, so that different
/// keys never collide.
///
/// `Debug` names the kind alone: the value may be a token, a name or an address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyValue<'a>(Parts<'a>);

/// A value after its tag. Tags are below 8, because a fingerprint leaves three bits free.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parts<'a> {
    Number(u8, u64),
    Texts(u8, &'a [u8], &'a [u8]),
}

impl<'a> KeyValue<'a> {
    /// One counter for all requests.
    pub const GLOBAL: Self = Self(Parts::Number(0, 0));

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

    /// Creates the value of an API key's public identifier, which is unique only within its issuer.
    #[inline]
    pub const fn api_key(issuer: &'a str, id: &'a str) -> Self {
        Self(Parts::Texts(4, issuer.as_bytes(), id.as_bytes()))
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

impl fmt::Debug for KeyValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Parts::Number(tag, _) | Parts::Texts(tag, ..)) = self.0;
        let kind = match tag {
            0 => "everyone",
            1 | 2 => "address",
            3 => "user",
            4 => "api_key",
            5 => "header",
            6 => "path",
            _ => "custom",
        };
        f.debug_struct("KeyValue").field("kind", &kind).finish_non_exhaustive()
    }
}

/// Hashes two texts. Slices hash their length first. The function is not inlined, so that the path for numbers stays
/// small enough for inlining.
#[inline(never)]
fn hash_texts(first: &[u8], second: &[u8], state: &impl BuildHasher) -> u64 {
    state.hash_one((first, second))
}

#[cfg(test)]
mod tests;
