use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::secret::Entropy;

/// The result of ensuring that a developer's machine has a `.env` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DevelopmentEnv {
    /// The file did not exist, and was created with a fresh secret.
    Created,
    /// The file already existed, and was not changed.
    Kept,
}

impl DevelopmentEnv {
    /// Ensures that a `.env` file with a random `SECRET_KEY` exists at `path`, so that an example starts without
    /// preparation. Only the file's owner can read a file that this function creates. Returns whether it created the
    /// file, so that the caller can report it.
    ///
    /// # Errors
    /// Returns an error when the file cannot be written or the source of randomness fails.
    pub fn ensure(path: &Path, entropy: &dyn Entropy) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        // `create_new` refuses to overwrite, so two processes at once create only one file.
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
