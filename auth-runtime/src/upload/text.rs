use super::refusal::Refusal;

/// Decodes a text while it arrives: UTF-8 without control characters, except tabs, form feeds and line ends.
#[derive(Debug, Default)]
pub(super) struct TextCheck {
    /// The bytes of a character of which the rest has not arrived.
    begun: Vec<u8>,
}

impl TextCheck {
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let mut rest = bytes;
        while let (false, Some((first, after))) = (self.begun.is_empty(), rest.split_first()) {
            self.begun.push(*first);
            rest = after;
            match core::str::from_utf8(&self.begun) {
                Ok(text) => {
                    allowed(text)?;
                    self.begun.clear();
                }
                Err(error) if error.error_len().is_some() => return Err(Refusal::TypeDisagrees),
                Err(_) => {}
            }
        }
        let text = match core::str::from_utf8(rest) {
            Ok(text) => text,
            Err(error) if error.error_len().is_some() => return Err(Refusal::TypeDisagrees),
            Err(error) => {
                let (valid, begun) = rest.split_at_checked(error.valid_up_to()).unwrap_or_default();
                self.begun.extend_from_slice(begun);
                core::str::from_utf8(valid).unwrap_or_default()
            }
        };
        allowed(text)
    }

    /// Checks that the last character is complete.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        if self.begun.is_empty() { Ok(()) } else { Err(Refusal::TypeDisagrees) }
    }
}

fn allowed(text: &str) -> Result<(), Refusal> {
    let is_control = |char: char| char.is_control() && !['\t', '\n', '\r', '\x0c'].contains(&char);
    if text.contains(is_control) { Err(Refusal::TypeDisagrees) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decodes(bytes: &[u8], cut: usize) -> bool {
        let mut check = TextCheck::default();
        let all = bytes.chunks(cut.max(1)).all(|chunk| check.push(chunk).is_ok());
        all && check.finish().is_ok()
    }

    #[test]
    fn a_text_is_the_same_in_pieces_of_any_length() {
        for cut in 1..12 {
            assert!(decodes("ä,€,𝄞\tb\r\n".as_bytes(), cut), "{cut}");
            for bad in
                [&b"a\0b"[..], b"\xff", b"\xc3", b"ab\xf0\x9d\x84", b"\xed\xa0\x80", b"\x1b[2J", "\u{85}".as_bytes()]
            {
                assert!(!decodes(bad, cut), "{bad:?} {cut}");
            }
        }
    }
}
