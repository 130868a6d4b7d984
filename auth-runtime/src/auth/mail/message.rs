use core::error::Error;

use secrecy::SecretString;

use crate::store::BoxFuture;

/// Sends mail to the owners of accounts, handed to [`AuthBuilder::mail`](crate::auth::AuthBuilder::mail).
///
/// It is called on a task of its own, after the request has been answered, so that neither what it returns nor how long it
/// takes tells anybody which accounts there are. What takes longer than 30 seconds is given up. Nothing is sent twice.
///
/// ```
/// use auth_runtime::{auth::{AccountMail, MailError, Message}, store::BoxFuture};
/// use secrecy::ExposeSecret;
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
/// Put a token into the fragment of a link, as above, or into its path; a page of yours then posts it. A link that uses
/// the token up by being opened is opened by mail scanners first.
pub trait AccountMail: Send + Sync + 'static {
    /// Send one message.
    ///
    /// # Errors
    /// When it cannot be sent. The error is logged, so it must not contain the token.
    fn send(&self, message: Message) -> BoxFuture<'_, Result<(), MailError>>;
}

/// Why a message was not sent.
pub type MailError = Box<dyn Error + Send + Sync>;

/// What the owner of an account is told. It does not print, since it may hold a token.
#[non_exhaustive]
pub enum Message {
    /// Somebody asked for a new password. If it was the owner, they go on with the token.
    PasswordReset {
        /// The account's e-mail address.
        to: String,
        /// The account's user name.
        username: String,
        /// What `POST /auth/password/reset` takes.
        token: SecretString,
        /// How long the token is good for.
        expires_in_seconds: i64,
    },
    /// The address is to be shown to be the owner's.
    VerifyEmail {
        /// The account's e-mail address.
        to: String,
        /// The account's user name.
        username: String,
        /// What `POST /auth/email/verify` takes.
        token: SecretString,
        /// How long the token is good for.
        expires_in_seconds: i64,
    },
    /// The password was changed. If it was not the owner, they need to know.
    PasswordChanged {
        /// The account's e-mail address.
        to: String,
        /// The account's user name.
        username: String,
        /// How many API keys of the account still work: they outlive the password unless its owner asks for their end, and one
        /// may be a thief's. `None` where the store could not tell.
        api_keys: Option<u64>,
    },
}
