use core::{error::Error, fmt};

use unicode_normalization::UnicodeNormalization as _;

use crate::names::is_misleading;

/// The name that a client gave a file: text to show, never a path.
///
/// The name is one line of at most 255 bytes in Unicode's form C. It holds no `/`, `\` or `:`, no control characters,
/// and none that are invisible or change the direction of text. It neither begins nor ends with a full stop or a space,
/// and is no reserved name of Windows, such as `NUL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientName(String);

/// The text is no name of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientNameError;

impl fmt::Display for ClientNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is no name of a file")
    }
}

impl Error for ClientNameError {}

impl ClientName {
    /// Checks a name.
    ///
    /// # Errors
    /// Returns [`ClientNameError`] for a name that could be a path or that deceives its reader.
    pub fn new(name: &str) -> Result<Self, ClientNameError> {
        const LONGEST: usize = 255;
        if name.len() > LONGEST {
            return Err(ClientNameError);
        }
        let name: String = name.nfc().collect();
        let edges = ['.', ' '];
        let is_named = !name.is_empty() && name.len() <= LONGEST && !name.starts_with(edges) && !name.ends_with(edges);
        if !is_named || name.contains(is_refused) || is_reserved(&name) {
            return Err(ClientNameError);
        }
        Ok(Self(name))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text after the last full stop.
    pub(super) fn extension(&self) -> Option<&str> {
        self.0.rsplit_once('.').map(|(_, extension)| extension)
    }
}

impl fmt::Display for ClientName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_refused(char: char) -> bool {
    // The selector U+FE0F makes an emoji of the character before it.
    matches!(char, '/' | '\\' | ':' | '\u{200c}' | '\u{200d}') || is_misleading(char) && char != '\u{fe0f}'
}

/// Returns whether Windows would open a device instead of a file.
pub(super) fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().find_map(|device| stem.strip_prefix(device));
    ["con", "prn", "aux", "nul", "conin$", "conout$"].contains(&stem.as_str())
        || numbered.is_some_and(|number| {
            let mut digits = number.chars();
            matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_text_and_never_a_path() {
        for name in [
            "a.png",
            "Ünïcode ? *.pdf",
            "x.php.png",
            "no extension",
            "comet.txt",
            "com10.txt",
            "日本.zip",
            "❤\u{fe0f}.png",
        ] {
            assert_eq!(ClientName::new(name).unwrap().as_str(), name);
        }
        for name in [
            "",
            ".",
            "..",
            "../a.png",
            "/a.png",
            "a/b.png",
            "a\\b.png",
            "C:a.png",
            "a.png:x",
            ".htaccess",
            "a.png.",
            "a.png ",
            " a.png",
            "NUL",
            "nul.png",
            "CON.txt",
            "com1.png",
            "LPT9",
            "COM¹.x",
            "con .png",
            "a\0.png",
            "a\n.png",
            "a\u{202e}gnp.exe",
            "a\u{200b}.png",
            "\u{feff}a.png",
            "CONIN$",
            "a.png\u{3164}.png",
            "a\u{34f}.png",
            "a\u{1d173}.png",
            "a\u{e0100}.png",
        ] {
            assert_eq!(ClientName::new(name), Err(ClientNameError), "{name:?}");
        }
        assert!(ClientName::new(&"ä".repeat(127)).is_ok() && ClientName::new(&"ä".repeat(128)).is_err());
    }

    #[test]
    fn a_name_is_in_one_form() {
        assert_eq!(ClientName::new("a\u{308}.png").unwrap().as_str(), "ä.png");
        // The form C of this character is three times as long.
        assert!(ClientName::new(&"\u{1d160}".repeat(63)).is_err());
    }
}
