use core::error::Error;
use std::path::Path;

use crate::store::BoxFuture;

use super::FileType;

/// A scanner of files, such as a client of an antivirus service. The handler gets a file only after its answer.
pub trait Scanner: Send + Sync + 'static {
    /// Scans the file at `path`, which has passed all other checks.
    ///
    /// An error refuses the upload with 503, and so does a scan of more than 60 seconds.
    fn scan<'a>(
        &'a self,
        path: &'a Path,
        file_type: FileType,
    ) -> BoxFuture<'a, Result<Verdict, Box<dyn Error + Send + Sync>>>;
}

/// What a scanner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The handler may have the file.
    Clean,
    /// The upload is refused with 422.
    Refused,
}
