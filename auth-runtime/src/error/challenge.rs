use core::{error::Error, fmt};

use axum::http::HeaderValue;

/// A challenge of the field `WWW-Authenticate` (RFC 9110, section 11.6.1): a scheme and its parameters.
///
/// [`AuthBuilder::challenge`](crate::auth::AuthBuilder::challenge) adds one to each 401, for the scheme of an
/// authenticator of the application. The challenge of bearer tokens is always there.
///
/// ```
/// use auth_runtime::error::Challenge;
///
/// let challenge = Challenge::new("Basic")?.with("realm", r#"the "old" API"#)?;
/// assert_eq!(challenge.to_string(), r#"Basic realm="the \"old\" API""#);
/// # Ok::<(), auth_runtime::error::ChallengeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// Creates a challenge without parameters.
    ///
    /// # Errors
    /// Returns [`ChallengeError`] when the scheme is no token of RFC 9110.
    pub fn new(scheme: impl Into<String>) -> Result<Self, ChallengeError> {
        let scheme = scheme.into();
        if !is_token(&scheme) {
            return Err(ChallengeError("the scheme is no token of RFC 9110, such as `Basic`"));
        }
        Ok(Self { scheme, parameters: Vec::new() })
    }

    /// Adds a parameter. The value is written as a quoted string, with the escapes that it needs.
    ///
    /// # Errors
    /// Returns [`ChallengeError`] when the name is no token or is there already, in any case of its letters. Returns it
    /// also when the value has other characters than printable ASCII: a line break would begin a new field.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Result<Self, ChallengeError> {
        let (name, value) = (name.into(), value.into());
        if !is_token(&name) {
            return Err(ChallengeError("the name of a parameter is no token of RFC 9110, such as `realm`"));
        }
        if self.parameters.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            return Err(ChallengeError("a parameter is there twice"));
        }
        if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(ChallengeError("the value of a parameter has other characters than printable ASCII"));
        }
        self.parameters.push((name, value));
        Ok(self)
    }

    /// Returns the scheme.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Returns the challenge as the value of the field. A challenge has no characters that a field refuses.
    pub(crate) fn to_header_value(&self) -> Option<HeaderValue> {
        HeaderValue::try_from(self.to_string()).ok()
    }
}

/// Writes the challenge as the field has it.
impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        f.write_str(&self.scheme)?;
        for (at, (name, value)) in self.parameters.iter().enumerate() {
            let joint = if at == 0 { " " } else { ", " };
            write!(f, "{joint}{name}=\"")?;
            for char in value.chars() {
                if matches!(char, '"' | '\\') {
                    f.write_char('\\')?;
                }
                f.write_char(char)?;
            }
            f.write_char('"')?;
        }
        Ok(())
    }
}

/// The error for a text that cannot stand in a challenge. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChallengeError(&'static str);

impl fmt::Display for ChallengeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for ChallengeError {}

/// Returns whether the text is a token (RFC 9110, section 5.6.2).
fn is_token(text: &str) -> bool {
    let is_token_char = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_char)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parameters_are_quoted_and_escaped() {
        let plain = Challenge::new("DPoP").unwrap();
        assert_eq!(plain.to_string(), "DPoP");
        let challenge = plain.with("algs", "ES256 EdDSA").unwrap().with("realm", r#"a"b\c, d="e""#).unwrap();
        assert_eq!(challenge.to_string(), r#"DPoP algs="ES256 EdDSA", realm="a\"b\\c, d=\"e\"""#);
        assert_eq!(challenge.scheme(), "DPoP");
    }

    #[test]
    fn what_would_begin_another_parameter_or_field_is_refused() {
        for scheme in ["", "Be arer", "Basic\r\nX-Evil:", "Bäsic", "Basic,"] {
            assert!(Challenge::new(scheme).is_err(), "{scheme:?}");
        }
        let basic = Challenge::new("Basic").unwrap();
        for (name, value) in [("", "x"), ("re alm", "x"), ("realm=", "x"), ("realm", "x\r\nSet-Cookie: a=b")] {
            assert!(basic.clone().with(name, value).is_err(), "{name:?} {value:?}");
        }
        for value in ["\0", "\t", "\u{7f}", "é"] {
            assert!(basic.clone().with("realm", value).is_err(), "{value:?}");
        }
        assert!(basic.with("realm", "a").unwrap().with("REALM", "b").is_err());
    }

    /// Reads the parameters of a challenge by the grammar.
    fn read(text: &str) -> Option<Vec<(String, String)>> {
        let mut rest = text.split_once(' ')?.1;
        let mut parameters = Vec::new();
        loop {
            let (name, mut after) = rest.split_once("=\"")?;
            let mut value = String::new();
            loop {
                let next = after.chars().next()?;
                after = &after[next.len_utf8()..];
                match next {
                    '"' => break,
                    '\\' => {
                        value.push(after.chars().next()?);
                        after = &after[1..];
                    }
                    other => value.push(other),
                }
            }
            parameters.push((name.to_owned(), value));
            if after.is_empty() {
                return Some(parameters);
            }
            rest = after.strip_prefix(", ")?;
        }
    }

    proptest! {
        #[test]
        fn each_accepted_value_is_read_as_it_was_given(values in proptest::collection::vec(any::<String>(), 1..4)) {
            let mut challenge = Challenge::new("X").unwrap();
            let mut accepted = Vec::new();
            for (at, value) in values.into_iter().enumerate() {
                if let Ok(next) = challenge.clone().with(format!("p{at}"), value.clone()) {
                    challenge = next;
                    accepted.push((format!("p{at}"), value));
                }
            }
            prop_assert!(challenge.to_header_value().is_some());
            if !accepted.is_empty() {
                prop_assert_eq!(read(&challenge.to_string()), Some(accepted));
            }
        }
    }
}
