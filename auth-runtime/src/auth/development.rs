use std::{
    env,
    fs::OpenOptions,
    io::{self, Write as _},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::secret::Entropy;

/// The result of ensuring that a developer's machine has a `.env` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DevelopmentEnv {
    /// The file did not exist, and was created with a fresh secret.
    Created,
    /// The file already existed, and was not changed.
    Kept,
    /// The environment already configures the service. No file was created.
    Configured,
    /// The program is a release. No file was created.
    Release,
}

/// The variables that say which service this is. Every service that is configured by its environment has one of them.
const CONFIGURING: [&str; 5] = ["ENVIRONMENT", "SECRET_KEY", "PRIVATE_KEY", "ISSUER", "AUDIENCE"];

impl DevelopmentEnv {
    /// Ensures that a `.env` file with a random `SECRET_KEY` exists at `path`, so that an example starts without
    /// preparation. Only the file's owner can read a file that this function creates. Returns whether it created the
    /// file, so that the caller can report it.
    ///
    /// A service that should be in production must not start in development instead, so no file is created in these
    /// cases:
    ///
    /// - The environment has `ENVIRONMENT`, `SECRET_KEY`, `PRIVATE_KEY`, `ISSUER` or `AUDIENCE`, even with an empty
    ///   value.
    /// - This crate was compiled without `debug_assertions`, as in a release. A server without settings looks like a
    ///   developer's machine at the program's first start. Only the build tells them apart.
    ///   [`Settings::from_env`](super::Settings::from_env) then reports the missing settings.
    ///
    /// A program can therefore call this function without a condition of its own.
    ///
    /// # Errors
    /// Returns an error when the file cannot be written or the source of randomness fails.
    pub fn ensure(path: &Path, entropy: &dyn Entropy) -> io::Result<Self> {
        match Self::unneeded(cfg!(debug_assertions), |name| env::var_os(name).is_some()) {
            Some(reason) => Ok(reason),
            None => Self::create(path, entropy),
        }
    }

    /// Returns why the program must not get a file for development, if there is a reason.
    fn unneeded(is_debug_build: bool, is_set: impl Fn(&str) -> bool) -> Option<Self> {
        if CONFIGURING.into_iter().any(is_set) {
            Some(Self::Configured)
        } else {
            (!is_debug_build).then_some(Self::Release)
        }
    }

    pub(super) fn create(path: &Path, entropy: &dyn Entropy) -> io::Result<Self> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SystemEntropy;

    #[test]
    fn a_configured_service_and_a_release_get_no_file() {
        for name in CONFIGURING {
            for is_debug_build in [true, false] {
                let reason = DevelopmentEnv::unneeded(is_debug_build, |set| set == name);
                assert_eq!(reason, Some(DevelopmentEnv::Configured), "{name}");
            }
        }
        assert_eq!(DevelopmentEnv::unneeded(false, |_| false), Some(DevelopmentEnv::Release));
        assert_eq!(DevelopmentEnv::unneeded(true, |set| set == "DATABASE_URL"), None);
    }

    #[test]
    fn an_existing_file_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made.env");
        let create = || DevelopmentEnv::create(&path, &SystemEntropy::new()).unwrap();
        assert_eq!(create(), DevelopmentEnv::Created);
        let before = std::fs::read(&path).unwrap();
        assert_eq!(create(), DevelopmentEnv::Kept);
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}
