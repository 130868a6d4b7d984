use core::pin::Pin;

use crate::error::StoreError;

use super::key::LeakKey;

/// A list of passwords that leaked, for [`PasswordPolicy::breached`](crate::password::PasswordPolicy::breached):
/// [`LeakedFile`](super::LeakedFile), [`LeakedFilter`](super::LeakedFilter), `remote::HaveIBeenPwned`, or one of your
/// own.
pub trait LeakedPasswords: Send + Sync + 'static {
    /// Returns whether the list has the password with this key.
    ///
    /// # Errors
    /// Returns an error if the list cannot tell. The policy decides what holds then.
    fn contains<'a>(&'a self, key: &'a LeakKey) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 'a>>;
}
