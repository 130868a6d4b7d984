//! Lists of passwords that leaked elsewhere.

mod event;
mod file;
mod key;
mod list;

pub use file::LeakedFile;
pub use key::LeakKey;
pub use list::LeakedPasswords;
