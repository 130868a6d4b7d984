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

    /// Returns the first four bytes of a member's name as a number. A shorter name is filled up with zeros.
    ///
    /// # Errors
    /// Returns an error where the buffer ends within four bytes. A quote, a colon, a value and a brace follow a name,
    /// so that a buffer of this length holds no document.
    #[inline]
    pub(super) fn first_four(self, bytes: &[u8]) -> Result<u32, JsonError> {
        const OF_LENGTH: [u32; 4] = [0, 0xff, 0xffff, 0xff_ffff];
        let from_start = bytes.get(usize::from(self.start)..).unwrap_or_default();
        let four = from_start.first_chunk::<4>().ok_or(JsonError::Malformed)?;
        let length = usize::from(self.end.saturating_sub(self.start));
        Ok(u32::from_le_bytes(*four) & OF_LENGTH.get(length).copied().unwrap_or(u32::MAX))
    }

    #[inline]
    pub(crate) fn text(self, text: &str) -> Option<&str> {
        text.get(usize::from(self.start)..usize::from(self.end))
    }
}
