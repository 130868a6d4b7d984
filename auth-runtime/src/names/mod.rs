//! The forms of the names that people choose for themselves: user names and e-mail addresses.

mod email_address;
mod username;

pub(crate) use email_address::is_email_address;
pub(crate) use username::is_username;
