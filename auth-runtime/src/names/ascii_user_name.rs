/// Returns whether the text is 3 to 50 ASCII letters, digits or underscores.
///
/// No user name contains `@`, so the key of a user name is never the key of an e-mail address.
pub(crate) fn is_username(name: &str) -> bool {
    (3..=50).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
