//! Mail to the owners of accounts: what is said, and that it is said off the request.

mod message;
mod outbox;

pub use message::{AccountMail, MailError, Message};
pub(crate) use outbox::Outbox;
