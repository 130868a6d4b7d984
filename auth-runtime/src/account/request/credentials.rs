use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    error::FieldError,
    names::{is_email_address, is_username},
};

/// The body of a registration. The password is hashed, never stored.
#[derive(Deserialize)]
pub(crate) struct Registration {
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) password: SecretString,
}

/// The body of a sign-in: a user name or an e-mail address, and the password.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    #[serde(alias = "email", alias = "login")]
    pub(crate) username: String,
    pub(crate) password: SecretString,
    /// The user's name for the device, shown in the list of sessions.
    pub(crate) device: Option<String>,
}

/// The body of a refresh: a refresh token to exchange.
#[derive(Deserialize)]
pub(crate) struct Exchange {
    pub(crate) refresh_token: SecretString,
}

/// Returns all faults of the user name and the address, with pointers into the body.
pub(crate) fn faults(registration: &Registration) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut add = |code: &'static str, message: &str| {
        faults.push(FieldError::new(format!("/{code}"), message).with_code(code));
    };
    if !is_username(&registration.username) {
        add("username", "must be 3 to 50 letters, digits or underscores");
    }
    if !is_email_address(&registration.email) {
        add("email", "must be an e-mail address");
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(username: &str, email: &str) -> Vec<String> {
        let registration =
            Registration { username: username.to_owned(), email: email.to_owned(), password: "x".to_owned().into() };
        faults(&registration).into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn user_names_are_three_to_fifty_word_characters() {
        for good in ["abc", "A_1", &"x".repeat(50)] {
            assert_eq!(pointers(good, "a@example.org"), [""; 0], "{good}");
        }
        for bad in ["", "ab", &"x".repeat(51), "a b", "a-b", "a@b", "caf\u{e9}", "abc\n", "abc\0"] {
            assert_eq!(pointers(bad, "a@example.org"), ["/username"], "{bad:?}");
        }
    }

    /// User names and addresses share one space of keys. A key without `@` is the key of no address.
    #[test]
    fn no_spelling_of_an_address_is_a_user_name() {
        for name in ["\u{ff41}lice@example.org", "alice\u{ff20}example.org", "\u{212a}elvin@example.org", "a\u{fe6b}b"]
        {
            assert!(crate::store::login_key(name).contains('@'), "{name}");
            assert_eq!(pointers(name, "a@example.org"), ["/username"], "{name}");
        }
    }

    #[test]
    fn every_fault_is_reported() {
        assert_eq!(pointers("", ""), ["/username", "/email"]);
    }
}
