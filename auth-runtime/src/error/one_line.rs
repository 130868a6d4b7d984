use std::borrow::Cow;

/// Returns the text without characters that could begin a new line of a log, or change a terminal. A client or another
/// issuer's users may have chosen a part of it, and not every subscriber escapes its output.
pub(crate) fn on_one_line(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let escaped = |sign: char| if is_plain(sign) { sign.to_string() } else { sign.escape_default().to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
}

/// Returns whether a character neither ends a line nor controls the output. U+2028 and U+2029 end lines in some
/// programs.
fn is_plain(sign: char) -> bool {
    !sign.is_control() && !matches!(sign, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_on_its_line() {
        assert!(matches!(on_one_line("anna|Ænna \"x\""), Cow::Borrowed("anna|Ænna \"x\"")));
        let hostile = "a\nINFO\r\u{1b}[2J\u{85}\u{2028}\u{202e}é";
        assert_eq!(on_one_line(hostile), "a\\nINFO\\r\\u{1b}[2J\\u{85}\\u{2028}\\u{202e}é");
    }
}
