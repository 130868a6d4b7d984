//! `application/x-www-form-urlencoded`.

use core::fmt::Write as _;

/// Appends a value in its encoded form.
pub(super) fn push(form: &mut String, value: &str) {
    for byte in value.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'-' | b'.' | b'_' => form.push(char::from(byte)),
            b' ' => form.push('+'),
            // Writing to a `String` does not fail.
            _ => drop(write!(form, "%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_encoded() {
        let mut form = String::new();
        push(&mut form, "a b&c=d+e/\u{e9}%~*-._Z9");
        assert_eq!(form, "a+b%26c%3Dd%2Be%2F%C3%A9%25%7E*-._Z9");
    }
}
