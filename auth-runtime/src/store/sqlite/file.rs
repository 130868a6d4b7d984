use std::{fs::OpenOptions, io, path::Path};

/// Creates the database file, empty, unless it exists. SQLite gives its companion files (`-wal`, `-shm`) the same
/// permissions. Without this step, SQLite would create all of them with the permissions that the process's umask
/// allows.
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
