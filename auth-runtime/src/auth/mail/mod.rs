//! Mail to the owners of accounts: the messages, and a queue that sends them outside the request.

mod message;
mod outbox;

pub use message::{AccountMail, MailError, Message};
pub(crate) use outbox::Outbox;
