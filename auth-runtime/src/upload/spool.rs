//! Files that are locked while they exist, and deleted when they are dropped.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

const BEFORE: &str = ".upload-";
const AFTER: &str = ".part";

/// A spooled file. It is deleted when it is dropped.
#[derive(Debug)]
pub(super) struct Spooled {
    /// `None` once the file is to stay.
    path: Option<PathBuf>,
    /// The lock tells other processes that the file is in use.
    file: File,
    id: String,
}

impl Spooled {
    /// Creates an empty file with a new name.
    pub(super) fn create(folder: &Path, new_id: impl Fn() -> io::Result<String>) -> io::Result<Self> {
        const ATTEMPTS: u32 = 8;
        for _ in 0..ATTEMPTS {
            let id = new_id()?;
            let path = folder.join(format!("{BEFORE}{id}{AFTER}"));
            let file = private().read(true).write(true).create_new(true).open(&path)?;
            let spooled = Self { path: Some(path.clone()), file, id };
            // A process that starts may have deleted the file before it was locked.
            if spooled.file.try_lock().is_ok() && path.exists() {
                return Ok(spooled);
            }
        }
        Err(io::Error::other("no file could be locked"))
    }

    pub(super) fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(""))
    }

    /// Moves the file to a path on the same file system. It is still deleted when it is dropped.
    pub(super) fn rename(&mut self, to: PathBuf) -> io::Result<()> {
        fs::rename(self.path(), &to)?;
        self.path = Some(to);
        Ok(())
    }

    /// Lets the file stay. Returns its path.
    pub(super) fn keep(mut self) -> PathBuf {
        self.path.take().unwrap_or_default()
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            // A file that cannot be deleted now is deleted at the next start.
            let _ = fs::remove_file(path);
        }
    }
}

/// Creates the folder where it does not exist. Only this user can read it then.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Creates the folder, and deletes what killed processes have left there.
pub(super) fn prepare(folder: &Path) -> io::Result<()> {
    create_folder(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(BEFORE) && name.ends_with(AFTER));
        if is_ours && entry.file_type()?.is_file() {
            delete_unlocked(&entry.path())?;
        }
    }
    Ok(())
}

fn delete_unlocked(path: &Path) -> io::Result<()> {
    let result = File::open(path).and_then(|file| match file.try_lock() {
        Ok(()) => fs::remove_file(path),
        Err(fs::TryLockError::WouldBlock) => Ok(()),
        Err(fs::TryLockError::Error(error)) => Err(error),
    });
    match result {
        // Its process has deleted it meanwhile.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Options for a file that only this user can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
