use super::{JsonError, Number, Span, names::Names, number, text};

/// The maximum depth of nesting. Tokens and keys need less.
const MAX_DEPTH: u8 = 32;

/// A cursor over one JSON document. It changes the buffer where strings contain escapes.
///
/// The scanner accepts all bytes above 0x7F. After the pass, the caller checks the whole buffer for UTF-8 once.
/// Replacing escapes neither makes an invalid buffer valid nor a valid one invalid.
pub(crate) struct Scanner<'b> {
    bytes: &'b mut [u8],
    at: usize,
    depth: u8,
    names: Names,
}

impl<'b> Scanner<'b> {
    pub(crate) fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, at: 0, depth: 0, names: Names::new() }
    }

    /// Reads an object. It calls `visit` with the name of each member, and `visit` reads the value.
    #[inline]
    pub(crate) fn object<E: From<JsonError>>(
        &mut self,
        mut visit: impl FnMut(&mut Self, Span) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(b'{')?;
        if self.enter(b'}')? {
            return Ok(());
        }
        let outer = self.names.open();
        loop {
            let name = self.string()?;
            self.names.add(self.bytes, name)?;
            self.expect(b':')?;
            visit(self, name)?;
            if self.closes(b'}')? {
                self.names.close(outer);
                return Ok(());
            }
        }
    }

    /// Reads an array. It calls `visit` before each element, and `visit` reads the element.
    #[inline]
    pub(crate) fn array<E: From<JsonError>>(
        &mut self,
        mut visit: impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(b'[')?;
        if self.enter(b']')? {
            return Ok(());
        }
        loop {
            visit(self)?;
            if self.closes(b']')? {
                return Ok(());
            }
        }
    }

    /// Reads a string and unescapes it in place.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Span, JsonError> {
        self.expect(b'"')?;
        let (span, after) = text::read(self.bytes, self.at)?;
        self.at = after;
        Ok(span)
    }

    /// Reads a number.
    #[inline]
    pub(crate) fn number(&mut self) -> Result<Number, JsonError> {
        self.space();
        let (number, after) = number::read(self.bytes, self.at)?;
        self.at = after;
        Ok(number)
    }

    /// Reads any value and discards it, as strictly as a value that is kept.
    pub(crate) fn skip(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'{') => self.object(|scanner, _| scanner.skip()),
            Some(b'[') => self.array(Self::skip),
            Some(b't') => self.literal(b"true"),
            Some(b'f') => self.literal(b"false"),
            Some(b'n') => self.literal(b"null"),
            _ => self.number().map(drop),
        }
    }

    /// Checks that the document ends here.
    pub(crate) fn finish(&mut self) -> Result<(), JsonError> {
        if self.peek().is_none() { Ok(()) } else { Err(JsonError::Malformed) }
    }

    /// Skips white space and returns the first byte of the next value.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        self.space();
        self.bytes.get(self.at).copied()
    }

    /// Returns the bytes that a span covers.
    #[inline]
    pub(crate) fn slice(&self, span: Span) -> &[u8] {
        span.of(self.bytes)
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), JsonError> {
        let after = self.at.saturating_add(word.len());
        if self.bytes.get(self.at..after) != Some(word) {
            return Err(JsonError::Malformed);
        }
        self.at = after;
        Ok(())
    }

    /// Counts one level of nesting. Returns true when the object or array is empty, and consumes its end.
    #[inline]
    fn enter(&mut self, close: u8) -> Result<bool, JsonError> {
        if self.peek() == Some(close) {
            self.bump();
            return Ok(true);
        }
        if self.depth >= MAX_DEPTH {
            return Err(JsonError::TooLarge);
        }
        self.depth = self.depth.saturating_add(1);
        Ok(false)
    }

    /// Consumes the byte after a member or an element. Returns false for a comma, and true when the object or array
    /// closes.
    #[inline]
    fn closes(&mut self, close: u8) -> Result<bool, JsonError> {
        match self.peek() {
            Some(b',') => {
                self.bump();
                Ok(false)
            }
            Some(byte) if byte == close => {
                self.bump();
                self.depth = self.depth.saturating_sub(1);
                Ok(true)
            }
            _ => Err(JsonError::Malformed),
        }
    }

    #[inline]
    fn expect(&mut self, wanted: u8) -> Result<(), JsonError> {
        if self.peek() != Some(wanted) {
            return Err(JsonError::Malformed);
        }
        self.bump();
        Ok(())
    }

    #[inline]
    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.at) {
            self.bump();
        }
    }

    #[inline]
    fn bump(&mut self) {
        // The callers have seen a byte at `at`, so the position stays within the buffer's length.
        self.at = self.at.wrapping_add(1);
    }
}
