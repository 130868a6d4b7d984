//! Lists of passwords that leaked elsewhere.

mod build;
mod event;
mod file;
mod filter;
mod key;
mod line;
mod list;
mod page;

pub(in crate::password) use event::accepted_unchecked;
pub use file::LeakedFile;
pub use filter::LeakedFilter;
pub use key::LeakKey;
pub use list::LeakedPasswords;
