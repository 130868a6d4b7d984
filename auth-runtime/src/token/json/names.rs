use super::{JsonError, Span};

/// The maximum number of member names in all objects that are open at once. A token with more is refused.
const MAX_NAMES: usize = 64;

/// The names of the members read so far in the open objects, innermost object last.
pub(super) struct Names {
    names: [Name; MAX_NAMES],
    len: usize,
    open: usize,
}

/// A name, and its first four bytes as a number. Names mostly differ there, and numbers are compared faster than text.
#[derive(Clone, Copy, Default)]
struct Name {
    start: u32,
    span: Span,
}

/// The position at which the names of the enclosing object begin, to return to it.
#[derive(Clone, Copy)]
pub(super) struct Outer {
    open: usize,
}

impl Names {
    #[inline]
    pub(super) fn new() -> Self {
        Self { names: [Name::default(); MAX_NAMES], len: 0, open: 0 }
    }

    /// Begins an object.
    #[inline]
    pub(super) fn open(&mut self) -> Outer {
        let outer = Outer { open: self.open };
        self.open = self.len;
        outer
    }

    /// Ends the object that began last and forgets its names.
    #[inline]
    pub(super) fn close(&mut self, outer: Outer) {
        self.len = self.open;
        self.open = outer.open;
    }

    /// Records a name, or refuses it when the innermost object has it already.
    #[inline]
    pub(super) fn add(&mut self, bytes: &[u8], name: Span) -> Result<(), JsonError> {
        let start = name.first_four(bytes)?;
        let seen = self.names.get(self.open..self.len).unwrap_or_default();
        if seen.iter().any(|other| other.start == start && other.span.of(bytes) == name.of(bytes)) {
            return Err(JsonError::Duplicate);
        }
        let slot = self.names.get_mut(self.len).ok_or(JsonError::TooLarge)?;
        *slot = Name { start, span: name };
        self.len = self.len.saturating_add(1);
        Ok(())
    }
}
