use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::secret::Entropy;

/// The `.env` file of a developer's machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DevelopmentEnv {
    /// There was none; now there is one with a fresh secret.
    Created,
    /// There is one already; it was not touched.
    Kept,
}

impl DevelopmentEnv {
    /// Makes sure that a `.env` file with a random `SECRET_KEY` exists at `path`, readable by its owner only, so that an
    /// example starts without any preparation. Says which of the two happened, so that the caller can tell people.
    ///
    /// # Errors
    /// When the file cannot be written or the source of randomness fails.
    pub fn ensure(path: &Path, entropy: &dyn Entropy) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        // `create_new` refuses to overwrite, and two processes at once make one file.
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                let mut secret = Zeroizing::new([0; 48]);
                entropy.fill(&mut *secret).map_err(io::Error::other)?;
                let secret = Zeroizing::new(URL_SAFE_NO_PAD.encode(*secret));
                writeln!(file, "ENVIRONMENT=development\nSECRET_KEY={}", *secret)?;
                Ok(Self::Created)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Self::Kept),
            Err(error) => Err(error),
        }
    }
}
