use core::fmt;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::extract::FromRef;

use crate::{
    clock::{Clock, SystemClock},
    secret::{Entropy, SystemEntropy},
};

use super::{Scanner, spool};

/// Where uploads are spooled, and what scans them. The router's state has it.
#[derive(Clone)]
pub struct Uploads(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    folder: PathBuf,
    scanner: Option<Arc<dyn Scanner>>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Uploads {
    /// Spools in this folder, which is created where it does not exist. Only this service should write there.
    ///
    /// Files that a killed process has left in the folder are deleted. Those of running processes are locked and stay.
    /// [`UploadedFile::persist`](super::UploadedFile::persist) is fastest where the folder is on the same file system
    /// as the files' later place.
    ///
    /// # Errors
    /// Returns the error of the file system.
    pub fn in_folder(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        spool::prepare(&folder)?;
        let (clock, entropy) = (Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new()));
        Ok(Self(Arc::new(Inner { folder, scanner: None, clock, entropy })))
    }

    /// Scans each file before the handler gets it.
    #[must_use]
    pub fn with_scanner(self, scanner: impl Scanner) -> Self {
        let mut inner = Arc::unwrap_or_clone(self.0);
        inner.scanner = Some(Arc::new(scanner));
        Self(Arc::new(inner))
    }

    /// Uses this clock and this source of randomness for the names of files.
    #[must_use]
    pub fn with_sources(self, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let inner = Arc::unwrap_or_clone(self.0);
        Self(Arc::new(Inner { clock, entropy, ..inner }))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.0.folder
    }

    pub(super) fn scanner(&self) -> Option<&dyn Scanner> {
        self.0.scanner.as_deref()
    }

    /// Returns a new identifier for a file.
    pub(super) fn new_id(&self) -> io::Result<String> {
        crate::store::new_id(&*self.0.clock, &*self.0.entropy).map_err(io::Error::other)
    }
}

impl fmt::Debug for Uploads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uploads").field("folder", &self.0.folder).finish_non_exhaustive()
    }
}

/// A router's state that has [`Uploads`].
///
/// A state has them by `#[derive(FromRef)]`, or by `impl FromRef<App> for Uploads`.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` carries no `Uploads`",
    label = "an `Upload` asks the state for `Uploads`, and `{Self}` has none",
    note = "add a field `uploads: Uploads` to the state's struct and put `#[derive(FromRef)]` on it"
)]
pub trait HasUploads {
    /// Returns where uploads are spooled.
    fn uploads(&self) -> Uploads;
}

#[diagnostic::do_not_recommend]
impl<S> HasUploads for S
where
    Uploads: FromRef<S>,
{
    fn uploads(&self) -> Uploads {
        Uploads::from_ref(self)
    }
}
