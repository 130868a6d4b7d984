use core::fmt;

use crate::{
    account::session::{
        proof::Recognition,
        tokens::{MOST_METHOD_BYTES, MOST_METHODS},
    },
    store::OneTimeRecord,
};

/// A user whom the application recognised, and how. The application has verified the proof: the provider's signed
/// answer, the link's token, or the passkey's signature.
///
/// ```
/// use auth_runtime::account::Recognised;
///
/// let person = Recognised::new("8c0d5a2e-6f1b-4a7e-9d43-1b2c3d4e5f60", &["hwk", "user"]).on_device("Anna's phone");
/// # let _ = person;
/// ```
#[derive(Clone)]
#[must_use]
pub struct Recognised {
    pub(super) user_id: String,
    amr: String,
    /// The application's mistake, for the operator.
    fault: Option<&'static str>,
    email: Option<String>,
    pub(super) device: String,
}

impl Recognised {
    /// Describes the user with this account identifier, recognised by these methods of
    /// [RFC 8176](https://www.rfc-editor.org/rfc/rfc8176#section-2), for example `hwk` and `user` for a passkey. Access
    /// tokens carry them as `amr`.
    ///
    /// There are 1 to 8 methods, of letters, digits, `-`, `_` and `.`, with at most 63 bytes in total. Other lists are
    /// answered with 500 when the sign-in is finished, and an event names the fault.
    pub fn new(user_id: impl Into<String>, methods: &[&str]) -> Self {
        let amr = methods.join(" ");
        let are_methods = (1..=MOST_METHODS).contains(&methods.len())
            && amr.len() <= MOST_METHOD_BYTES
            && methods.iter().all(|method| is_method(method));
        let fault =
            (!are_methods).then_some("the methods of a sign-in are not 1 to 8 short names: see `Recognised::new`");
        Self { user_id: user_id.into(), amr, fault, email: None, device: String::new() }
    }

    /// Describes the user who sent back a token that was sent by mail. The account must still have the address to which
    /// it was sent.
    pub(super) fn by_one_time_token(record: OneTimeRecord) -> Self {
        Self::new(record.user_id, &["otp"]).with_verified_address(record.email)
    }

    /// States that the proof is one of this address, too: the provider says that it has verified the address. Never
    /// pass an address that the provider has not verified.
    ///
    /// The account must have exactly this address. If nobody had verified it before, a stranger may have opened the
    /// account and wait for its owner. So the account's password, sessions and API keys end, and so does a change of
    /// the address that was asked for. The address counts as verified then.
    /// [`AccountEvent::OwnerProven`](crate::auth::AccountEvent::OwnerProven) tells the application. A token of
    /// [`issue_token`](super::SignIn::issue_token) does the same without this call.
    ///
    /// Call this whenever you have found the account by its address.
    ///
    /// ```
    /// use auth_runtime::{account::Recognised, store::Account};
    ///
    /// /// `address` is the provider's `email`, where its `email_verified` is true.
    /// fn person(found: &Account, address: &str) -> Recognised {
    ///     Recognised::new(&found.id, &["fed"]).with_verified_address(address)
    /// }
    /// ```
    pub fn with_verified_address(mut self, address: impl Into<String>) -> Self {
        self.email = Some(address.into());
        self
    }

    /// Sets the user's name for the device, shown in the list of sessions.
    pub fn on_device(mut self, device: impl Into<String>) -> Self {
        self.device = device.into();
        self
    }

    /// Returns how the application recognised the user.
    ///
    /// # Errors
    /// Returns the application's mistake.
    pub(super) fn recognition(&self) -> Result<Recognition<'_>, &'static str> {
        let how = Recognition { amr: &self.amr, email: self.email.as_deref() };
        self.fault.map_or(Ok(how), Err)
    }
}

fn is_method(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

// The identifier finds rows, and the address is personal.
impl fmt::Debug for Recognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recognised").field("amr", &self.amr).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(methods: &[&str]) -> bool {
        Recognised::new("id", methods).recognition().is_ok()
    }

    #[test]
    fn methods_are_a_short_list_of_names() {
        assert!(is_valid(&["hwk", "user"]) && is_valid(&["fed"]) && is_valid(&["methods"; MOST_METHODS]));
        for bad in
            [&[][..], &[""], &["a b"], &["a\n"], &["\u{e9}"], &["x"; MOST_METHODS + 1], &["methodss"; MOST_METHODS]]
        {
            assert!(!is_valid(bad), "{bad:?}");
        }
    }
}
