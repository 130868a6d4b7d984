//! Files from clients: [`Upload`] takes them, and [`serve()`] sends them back.
//!
//! A file is spooled to disk while it arrives. The handler gets it after all checks have passed, and never otherwise.
//!
//! ```
//! use auth_runtime::upload::{FileType, Upload, UploadPolicy, UploadRules, Uploads};
//!
//! struct Photos;
//!
//! impl UploadPolicy for Photos {
//!     const RULES: UploadRules =
//!         UploadRules::new(5 << 20, &[FileType::Png, FileType::Jpeg]).with_max_files(3);
//! }
//!
//! async fn add_photos(photos: Upload<Photos>) -> String {
//!     format!("{} pictures", photos.files().len())
//! }
//! ```

mod archive;
mod client_name;
mod dimensions;
mod ending;
mod extract;
mod file_type;
mod form;
#[cfg(all(any(test, auth_fuzzing), feature = "remote", feature = "validation", feature = "web"))]
mod fuzzing;
mod gif;
mod inspect;
mod part;
mod pieces;
mod range;
mod receive;
mod refusal;
mod rules;
mod scanner;
mod serve;
mod served_body;
mod sniff;
mod spool;
#[cfg(test)]
mod tests;
mod text;
mod type_agreement;
mod uploaded_file;
mod uploads;

#[cfg(feature = "macros")]
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc(no_inline)]
pub use auth_macros::UploadPolicy;
pub use client_name::{ClientName, ClientNameError};
pub use extract::Upload;
pub use file_type::{FileFamily, FileType};
#[cfg(all(any(test, auth_fuzzing), feature = "remote", feature = "validation", feature = "web"))]
pub(crate) use fuzzing::{judged, range_of};
pub use rules::{UploadPolicy, UploadRules};
pub use scanner::{Scanner, Verdict};
pub use serve::serve;
pub use uploaded_file::UploadedFile;
pub use uploads::{HasUploads, Uploads};
