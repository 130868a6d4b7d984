use super::JsonError;

/// The position of a string's unescaped text in the buffer. A position must fit 16 bits, so text beyond 64 KiB is
/// refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u16,
    end: u16,
}

impl Span {
    #[inline]
    pub(crate) fn new(start: usize, end: usize) -> Result<Self, JsonError> {
        match (u16::try_from(start), u16::try_from(end)) {
            (Ok(start), Ok(end)) => Ok(Self { start, end }),
            _ => Err(JsonError::TooLarge),
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
