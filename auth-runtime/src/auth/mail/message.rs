use core::{error::Error, fmt, time::Duration};

use secrecy::SecretString;

use crate::store::BoxFuture;

/// Sends mail to the owners of accounts. Give it to [`AuthBuilder::mail`](crate::auth::AuthBuilder::mail).
///
/// The engine calls it on a separate task after it has answered the request, so neither its result nor its duration
/// reveals which accounts exist. A call is cancelled after 30 seconds. A message is never sent twice.
///
/// ```
/// use auth_runtime::{BoxFuture, auth::{AccountMail, MailError, Message}, secrecy::ExposeSecret};
///
/// struct Smtp;
///
/// impl AccountMail for Smtp {
///     fn send(&self, message: Message) -> BoxFuture<'_, Result<(), MailError>> {
///         Box::pin(async move {
///             match message {
///                 Message::PasswordReset { to, token, .. } => {
///                     let link = format!("https://example.com/reset#{}", token.expose_secret());
///                     self.deliver(&to, &link).await
///                 }
///                 _ => Ok(()),
///             }
///         })
///     }
/// }
/// # impl Smtp { async fn deliver(&self, _: &str, _: &str) -> Result<(), MailError> { Ok(()) } }
/// ```
///
/// Put a token into the fragment of a link, as above, or into its path, and let a page of your application post it. Do
/// not send a link that uses the token up when it is opened: mail scanners open links first.
///
/// A message names no host, since the client chooses the host of its request. Write your own into links, as above.
pub trait AccountMail: Send + Sync + 'static {
    /// Sends one message.
    ///
    /// # Errors
    /// Returns [`MailError`] when the message cannot be sent. The engine logs the error, so it must not contain the
    /// token.
    fn send(&self, message: Message) -> BoxFuture<'_, Result<(), MailError>>;
}

/// The reason why a message was not sent.
pub type MailError = Box<dyn Error + Send + Sync>;

/// A message to the owner of an account, or to the person who is invited to one. Its `Debug` names the kind of message
/// alone.
#[non_exhaustive]
pub enum Message {
    /// A client asked for a new password. If it was the owner, the token lets them choose one.
    #[non_exhaustive]
    PasswordReset {
        /// The account's e-mail address.
        to: String,
        /// The account's user name.
        username: String,
        /// The token for `POST /auth/password/reset`, or that path below another prefix.
        token: SecretString,
        /// How long the token is valid: a whole number of seconds.
        expires_in: Duration,
    },
    /// The owner must prove that the address is theirs.
    #[non_exhaustive]
    VerifyEmail {
        /// The account's e-mail address.
        to: String,
        /// The account's user name.
        username: String,
        /// The token for `POST /auth/email/verify`, or that path below another prefix.
        token: SecretString,
        /// How long the token is valid: a whole number of seconds.
        expires_in: Duration,
    },
    /// A person was invited to open an account.
    #[non_exhaustive]
    Invitation {
        /// The invited e-mail address.
        to: String,
        /// The token, which the person posts as `invitation` to `POST /auth/register`.
        token: SecretString,
        /// How long the token is valid: a whole number of seconds.
        expires_in: Duration,
    },
    /// The password was changed. If the owner did not change it, they need to know.
    #[non_exhaustive]
    PasswordChanged {
        /// The account's e-mail address.
        to: String,
        /// The account's user name.
        username: String,
        /// How many API keys of the account still work; `None` when the store could not answer. API keys outlive the
        /// password unless the owner asks to revoke them, and a thief may hold one of them.
        api_keys: Option<u64>,
    },
    /// The owner wants this address for the account, and must prove that it is theirs.
    #[non_exhaustive]
    EmailChange {
        /// The new e-mail address.
        to: String,
        /// The account's user name.
        username: String,
        /// The token for `POST /auth/email/change`.
        token: SecretString,
        /// How long the token is valid: a whole number of seconds.
        expires_in: Duration,
    },
    /// A signed-in client asked for another address for the account. If the client was not the owner, the owner needs
    /// to know in time: a new password ends the change.
    #[non_exhaustive]
    EmailChangeRequested {
        /// The account's present e-mail address.
        to: String,
        /// The account's user name.
        username: String,
        /// The address that the account shall get.
        new_email: String,
    },
    /// The account has another address now. This is the last message to the former one.
    #[non_exhaustive]
    EmailChanged {
        /// The account's former e-mail address.
        to: String,
        /// The account's user name.
        username: String,
        /// The account's new e-mail address.
        new_email: String,
    },
    /// The account was deleted, by its owner or an administrator. This is the last message about it.
    #[non_exhaustive]
    AccountDeleted {
        /// The e-mail address of the deleted account.
        to: String,
        /// The user name of the deleted account.
        username: String,
    },
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PasswordReset { .. } => "PasswordReset { .. }",
            Self::VerifyEmail { .. } => "VerifyEmail { .. }",
            Self::Invitation { .. } => "Invitation { .. }",
            Self::PasswordChanged { .. } => "PasswordChanged { .. }",
            Self::EmailChange { .. } => "EmailChange { .. }",
            Self::EmailChangeRequested { .. } => "EmailChangeRequested { .. }",
            Self::EmailChanged { .. } => "EmailChanged { .. }",
            Self::AccountDeleted { .. } => "AccountDeleted { .. }",
        })
    }
}
