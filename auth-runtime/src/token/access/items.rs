use super::{Claim, TokenError, value::string};
use crate::token::json::{Scanner, Span};

/// The maximum number of elements that are kept of one token's arrays, counted together.
pub(crate) const MAX_ITEMS: usize = 96;

/// The elements of a token's arrays, such as its roles.
pub(crate) struct Items {
    spans: [Span; MAX_ITEMS],
    len: usize,
}

/// The elements of one array: a range of [`Items`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct List {
    start: usize,
    end: usize,
}

impl Items {
    pub(crate) fn new() -> Self {
        Self { spans: [Span::default(); MAX_ITEMS], len: 0 }
    }

    /// Reads an array of strings.
    pub(crate) fn read(&mut self, scanner: &mut Scanner<'_>, claim: Claim) -> Result<List, TokenError> {
        if scanner.peek() != Some(b'[') {
            return Err(TokenError::ClaimType(claim));
        }
        let start = self.len;
        scanner.array(|scanner| self.push(string(scanner, claim)?))?;
        Ok(List { start, end: self.len })
    }

    /// Returns the elements of an array.
    pub(crate) fn of(&self, list: List) -> &[Span] {
        self.spans.get(list.start..list.end).unwrap_or_default()
    }

    fn push(&mut self, span: Span) -> Result<(), TokenError> {
        *self.spans.get_mut(self.len).ok_or(TokenError::ClaimsTooLarge)? = span;
        self.len = self.len.saturating_add(1);
        Ok(())
    }
}
