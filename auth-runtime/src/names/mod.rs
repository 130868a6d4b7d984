//! The forms of the names that people choose for themselves: user names and e-mail addresses; and the characters that
//! mislead the readers of any text.

mod ascii_user_name;
mod email_address;
#[cfg(feature = "international")]
mod international_user_name;
mod misleading;
mod user_names;

pub(crate) use ascii_user_name::is_username;
pub(crate) use email_address::is_email_address;
pub(crate) use misleading::is_misleading;
pub use user_names::UserNames;
