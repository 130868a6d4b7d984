use super::{names::Names, number, number::Number, text};

/// Nesting beyond this is refused; no token or key needs more.
const MAX_DEPTH: u8 = 32;

/// A cursor over one JSON document. The buffer is changed where strings carry escapes.
///
/// Bytes above 0x7F are taken as they are: the caller checks the whole buffer for UTF-8 once, after the pass.
/// Replacing escapes never makes an invalid buffer valid or the other way round.
pub(crate) struct Scanner<'b> {
    bytes: &'b mut [u8],
    at: usize,
    depth: u8,
    names: Names,
}

/// Where a string's unescaped text lies in the buffer, which is less than 64 KiB long as far as it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u16,
    end: u16,
}

/// Why a document was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonFault {
    /// Not JSON, or not the kind of value that is asked for.
    Malformed,
    /// A member name stands twice in one object.
    Duplicate,
    /// Too many members or too much nesting.
    TooLarge,
}

impl<'b> Scanner<'b> {
    pub(crate) fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, at: 0, depth: 0, names: Names::new() }
    }

    /// Reads an object; `visit` is called with each member's name, and reads its value.
    #[inline]
    pub(crate) fn object<E: From<JsonFault>>(
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

    /// Reads an array; `visit` is called before each element, and reads it.
    #[inline]
    pub(crate) fn array<E: From<JsonFault>>(
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
    pub(crate) fn string(&mut self) -> Result<Span, JsonFault> {
        self.expect(b'"')?;
        let (span, after) = text::read(self.bytes, self.at)?;
        self.at = after;
        Ok(span)
    }

    /// Reads a number.
    #[inline]
    pub(crate) fn number(&mut self) -> Result<Number, JsonFault> {
        self.space();
        let (number, after) = number::read(self.bytes, self.at)?;
        self.at = after;
        Ok(number)
    }

    /// Reads any value and forgets it; strict inside it all the same.
    pub(crate) fn skip(&mut self) -> Result<(), JsonFault> {
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

    /// The document must end here.
    pub(crate) fn finish(&mut self) -> Result<(), JsonFault> {
        if self.peek().is_none() { Ok(()) } else { Err(JsonFault::Malformed) }
    }

    /// The first byte of the next value, past white space.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        self.space();
        self.bytes.get(self.at).copied()
    }

    /// What a span covers.
    #[inline]
    pub(crate) fn slice(&self, span: Span) -> &[u8] {
        span.of(self.bytes)
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), JsonFault> {
        let after = self.at.saturating_add(word.len());
        if self.bytes.get(self.at..after) != Some(word) {
            return Err(JsonFault::Malformed);
        }
        self.at = after;
        Ok(())
    }

    /// Counts one level of nesting; true when the object or array is empty and closed at once.
    #[inline]
    fn enter(&mut self, close: u8) -> Result<bool, JsonFault> {
        if self.peek() == Some(close) {
            self.bump();
            return Ok(true);
        }
        if self.depth >= MAX_DEPTH {
            return Err(JsonFault::TooLarge);
        }
        self.depth = self.depth.saturating_add(1);
        Ok(false)
    }

    /// After a member or an element: false on a comma, true when the object or array closes.
    #[inline]
    fn closes(&mut self, close: u8) -> Result<bool, JsonFault> {
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
            _ => Err(JsonFault::Malformed),
        }
    }

    #[inline]
    fn expect(&mut self, wanted: u8) -> Result<(), JsonFault> {
        if self.peek() != Some(wanted) {
            return Err(JsonFault::Malformed);
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
        // Only called with a byte at `at`, so this stays within the buffer's length.
        self.at = self.at.wrapping_add(1);
    }
}

impl Span {
    #[inline]
    pub(crate) fn new(start: usize, end: usize) -> Result<Self, JsonFault> {
        match (u16::try_from(start), u16::try_from(end)) {
            (Ok(start), Ok(end)) => Ok(Self { start, end }),
            _ => Err(JsonFault::TooLarge),
        }
    }

    #[inline]
    pub(crate) fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(usize::from(self.start)..usize::from(self.end)).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn text(self, text: &str) -> Option<&str> {
        text.get(usize::from(self.start)..usize::from(self.end))
    }
}
