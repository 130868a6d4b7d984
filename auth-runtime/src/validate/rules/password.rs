use core::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserialize, Deserializer, Visitor};
use validator::{Validate, ValidationError, ValidationErrors};

use crate::{
    password::{PasswordPolicy, PasswordPolicyError},
    validate::tree::SECRET,
};

/// A new password in a body. It cannot be printed or serialized, and its text is overwritten when it is dropped. A page
/// that shows a form again does not get it ([`Invalid::typed`](crate::validate::Invalid::typed)).
///
/// `#[validate(nested)]` judges it by [`PasswordPolicy::default`], and tells all faults. For another policy, take the
/// text with [`into_secret`](Self::into_secret) and ask that policy.
///
/// ```
/// use auth_runtime::validate::Password;
/// use serde::Deserialize;
/// use validator::Validate;
///
/// #[derive(Deserialize, Validate)]
/// struct Registration {
///     #[validate(nested)]
///     password: Password,
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Password(SecretString);

impl Password {
    /// Returns the text, for example for [`Passwords::hash`](crate::password::Passwords::hash).
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

impl From<Password> for SecretString {
    fn from(password: Password) -> Self {
        password.0
    }
}

impl ExposeSecret<str> for Password {
    fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Reads a text, and tells the reader of a form that it is a secret.
impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SECRET, Secret)
    }
}

struct Secret;

impl<'de> Visitor<'de> for Secret {
    type Value = Password;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Password, D::Error> {
        SecretString::deserialize(deserializer).map(Password)
    }
}

impl Validate for Password {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let Err(faults) = PasswordPolicy::default().check(&self.0, &[]) else { return Ok(()) };
        let mut errors = ValidationErrors::new();
        for fault in faults {
            errors.add("", error(fault));
        }
        Err(errors)
    }
}

/// Accepts a password that [`PasswordPolicy::default`] admits. The code is the one of
/// [`PasswordPolicyError::code`], for example `password-common`.
///
/// Prefer [`Password`] as the field's type: a `String` can be printed.
///
/// # Errors
/// Returns the first fault of the password.
pub fn password(text: &str) -> Result<(), ValidationError> {
    let faults = PasswordPolicy::default().check(&SecretString::from(text), &[]);
    faults.map_err(|faults| faults.into_iter().next().map_or_else(|| ValidationError::new("password"), error))
}

fn error(fault: PasswordPolicyError) -> ValidationError {
    let mut error = ValidationError::new(fault.code());
    if let PasswordPolicyError::TooShort { min } = fault {
        error.add_param("min".into(), &min);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_printed() {
        let password: Password = serde_json::from_str(r#""correct horse battery""#).unwrap();
        assert!(!format!("{password:?}").contains("horse"));
        assert!(password.validate().is_ok());
    }

    #[test]
    fn the_policy_judges() {
        assert!(password("correct horse battery").is_ok());
        assert_eq!(password("short").unwrap_err().code, "password-too-short");
        assert_eq!(password("password1").unwrap_err().code, "password-common");
    }
}
