use super::{FileFamily, FileType};

/// What a handler takes as an upload. `#[derive(UploadPolicy)]` implements the trait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which files it takes [AUTH206]",
    label = "not an upload policy",
    note = "put `#[derive(UploadPolicy)]` and `#[upload(max = \"5 MiB\", types(\"image/png\"))]` on the type"
)]
pub trait UploadPolicy: Send + Sync + 'static {
    /// The limits and the types.
    const RULES: UploadRules;
}

/// The limits of an upload and the types of its files.
#[derive(Clone, Copy, Debug)]
pub struct UploadRules {
    pub(super) max_bytes: u64,
    pub(super) types: &'static [FileType],
    pub(super) max_files: u32,
    pub(super) max_pixels: u64,
    pub(super) max_entries: u32,
    pub(super) max_unpacked: u64,
}

impl UploadRules {
    /// Takes one file of at most `max_bytes` bytes and of one of these types. An empty list admits no file.
    ///
    /// An image has at most 50 million pixels. An archive has at most 1,000 entries, of together at most 100 MiB.
    #[must_use]
    pub const fn new(max_bytes: u64, types: &'static [FileType]) -> Self {
        Self { max_bytes, types, max_files: 1, max_pixels: 50_000_000, max_entries: 1_000, max_unpacked: 100 << 20 }
    }

    /// Sets the largest number of files in one request.
    #[must_use]
    pub const fn with_max_files(mut self, files: u32) -> Self {
        self.max_files = files;
        self
    }

    /// Sets the largest number of pixels of an image, width times height.
    #[must_use]
    pub const fn with_max_pixels(mut self, pixels: u64) -> Self {
        self.max_pixels = pixels;
        self
    }

    /// Sets the largest number of entries of an archive.
    #[must_use]
    pub const fn with_max_entries(mut self, entries: u32) -> Self {
        self.max_entries = entries;
        self
    }

    /// Sets the largest sum of the unpacked sizes of an archive's entries, in bytes.
    #[must_use]
    pub const fn with_max_unpacked(mut self, bytes: u64) -> Self {
        self.max_unpacked = bytes;
        self
    }

    /// Returns the largest size of one file, in bytes.
    #[must_use]
    pub const fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    pub(super) fn allows(&self, file_type: FileType) -> bool {
        self.types.contains(&file_type)
    }

    /// Returns whether an image of this type may be so large. Other files have no size in pixels.
    pub(super) fn allows_size(&self, file_type: FileType, (width, height): (u32, u32)) -> bool {
        const LONGEST_SIDE: u32 = 16_384;
        file_type.family() != FileFamily::Image
            || width > 0
                && height > 0
                && width.max(height) <= LONGEST_SIDE
                && u64::from(width).saturating_mul(u64::from(height)) <= self.max_pixels
    }
}
