use std::{
    io::{self, Seek as _},
    path::{Path, PathBuf},
};

use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    task::spawn_blocking,
};

use super::{
    ClientName, FileType, Uploads,
    spool::{Spooled, create_folder},
};

/// A file that has passed all checks. It is deleted when it is dropped without [`persist`](Self::persist).
#[derive(Debug)]
pub struct UploadedFile {
    pub(super) field: String,
    pub(super) client_name: ClientName,
    pub(super) file_type: FileType,
    pub(super) bytes: u64,
    pub(super) dimensions: Option<(u32, u32)>,
    pub(super) spooled: Spooled,
    pub(super) uploads: Uploads,
}

impl UploadedFile {
    /// Returns the name that was generated for the file, such as `019a…b3.png`. It holds nothing of the client's name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}.{}", self.spooled.id(), self.file_type.extension())
    }

    /// Returns the client's name, to show it to people.
    #[must_use]
    pub fn client_name(&self) -> &ClientName {
        &self.client_name
    }

    /// Returns the name of the form's field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns the type, on which the content, the extension and the declared type agree.
    #[must_use]
    pub fn file_type(&self) -> FileType {
        self.file_type
    }

    /// Returns the size in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns the width and the height of an image, in pixels, as its header says.
    #[must_use]
    pub fn dimensions(&self) -> Option<(u32, u32)> {
        self.dimensions
    }

    /// Opens the file for reading.
    ///
    /// # Errors
    /// Returns the error of the file system.
    pub async fn open(&self) -> io::Result<tokio::fs::File> {
        tokio::fs::File::open(self.spooled.path()).await
    }

    /// Copies the file to a sink. Returns the number of bytes.
    ///
    /// # Errors
    /// Returns the error of the file system or of the sink.
    pub async fn copy_to<W: AsyncWrite + Unpin + ?Sized>(&self, sink: &mut W) -> io::Result<u64> {
        let mut file = self.open().await?;
        let bytes = tokio::io::copy(&mut file, sink).await?;
        sink.flush().await?;
        Ok(bytes)
    }

    /// Moves the file into a folder, under its generated name. Returns its path. The folder is created where it does
    /// not exist, readable by this service's user alone.
    ///
    /// On another file system the file is copied first. The name appears when the copy is complete. A future that is
    /// dropped earlier leaves no file. A process that is killed meanwhile leaves a part of the copy there, which
    /// [`Uploads::in_folder`] of that folder deletes.
    ///
    /// # Errors
    /// Returns the error of the file system. The file is then deleted.
    pub async fn persist(self, folder: impl AsRef<Path>) -> io::Result<PathBuf> {
        let folder = folder.as_ref().to_owned();
        let name = self.name();
        let Self { mut spooled, uploads, .. } = self;
        let moved = spawn_blocking(move || {
            create_folder(&folder)?;
            let to = folder.join(name);
            match spooled.rename(to.clone()) {
                Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                    let mut copy = Spooled::create(&folder, || uploads.new_id())?;
                    let mut from = spooled.file()?;
                    from.rewind()?;
                    io::copy(&mut from, &mut copy.file()?)?;
                    copy.rename(to)?;
                    Ok(copy)
                }
                result => result.map(|()| spooled),
            }
        });
        // A handler that has ended meanwhile knows nothing of the file, which is dropped with the result.
        moved.await.map_err(io::Error::other)?.map(Spooled::keep)
    }
}
