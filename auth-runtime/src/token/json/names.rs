use super::{JsonError, Span};

/// The maximum number of member names in all objects that are open at once. A token with more is refused.
const MAX_NAMES: usize = 64;

/// The names of the members read so far in the open objects, innermost object last.
pub(super) struct Names {
    names: [Name; MAX_NAMES],
    len: usize,
    open: usize,
    /// A bit for each of the names in the innermost object, by [`Name::bit`]. Two names may share a bit.
    bits: u64,
}

/// A name, and its first four bytes as a number. Names mostly differ there, and numbers are compared faster than text.
#[derive(Clone, Copy, Default)]
struct Name {
    start: u32,
    span: Span,
}

impl Name {
    /// Returns the bit of names that begin with these four bytes.
    #[inline]
    const fn bit(start: u32) -> u64 {
        // The upper bits of the product depend on all bits of the number (Knuth's multiplicative hash).
        1 << (start.wrapping_mul(0x9E37_79B1) >> 26)
    }
}

/// The position at which the names of the enclosing object begin, to return to it.
#[derive(Clone, Copy)]
pub(super) struct Outer {
    open: usize,
    bits: u64,
}

impl Names {
    #[inline]
    pub(super) fn new() -> Self {
        Self { names: [Name::default(); MAX_NAMES], len: 0, open: 0, bits: 0 }
    }

    /// Begins an object.
    #[inline]
    pub(super) fn open(&mut self) -> Outer {
        let outer = Outer { open: self.open, bits: self.bits };
        (self.open, self.bits) = (self.len, 0);
        outer
    }

    /// Ends the object that began last and forgets its names.
    #[inline]
    pub(super) fn close(&mut self, outer: Outer) {
        self.len = self.open;
        (self.open, self.bits) = (outer.open, outer.bits);
    }

    /// Records a name, or refuses it when the innermost object has it already.
    #[inline]
    pub(super) fn add(&mut self, bytes: &[u8], name: Span) -> Result<(), JsonError> {
        let start = name.first_four(bytes)?;
        let bit = Name::bit(start);
        if self.bits & bit != 0 && self.has(bytes, start, name) {
            return Err(JsonError::Duplicate);
        }
        self.bits |= bit;
        let slot = self.names.get_mut(self.len).ok_or(JsonError::TooLarge)?;
        *slot = Name { start, span: name };
        self.len = self.len.saturating_add(1);
        Ok(())
    }

    /// Returns whether the innermost object has the name already.
    fn has(&self, bytes: &[u8], start: u32, name: Span) -> bool {
        let seen = self.names.get(self.open..self.len).unwrap_or_default();
        seen.iter().any(|other| other.start == start && other.span.of(bytes) == name.of(bytes))
    }
}
