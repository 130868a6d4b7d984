use std::{fs::OpenOptions, io, path::Path};

/// Create the database file, empty, unless something is there. SQLite gives its companions (`-wal`, `-shm`) the same
/// permissions; left to itself it would make them all as readable as the process's umask lets it.
pub(super) fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            let message = format!("cannot create the database file `{}`: {error}", path.display());
            Err(io::Error::new(error.kind(), message))
        }
        _ => Ok(()),
    }
}
