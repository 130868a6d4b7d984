use core::pin::Pin;

use super::key::LeakKey;

/// A list of passwords that leaked, for [`PasswordPolicy::breached`](crate::password::PasswordPolicy::breached):
/// [`LeakedFile`](super::LeakedFile), `remote::HaveIBeenPwned`, or one of your own.
///
/// A list that cannot answer decides itself what holds then, and tells the operator. `false` admits the password.
pub trait LeakedPasswords: Send + Sync + 'static {
    /// Returns whether the list has the password with this key.
    fn contains<'a>(&'a self, key: &'a LeakKey) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
}
