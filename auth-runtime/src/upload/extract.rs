use core::{fmt, marker::PhantomData};

use axum::extract::{FromRequest, Request};

use crate::error::Problem;

use super::{HasUploads, UploadPolicy, UploadedFile, form};

/// The files of a form (`multipart/form-data`), as the rules of `P` allow them, and its text fields.
///
/// The extractor reads the body, so it is the last argument of a handler. The state of the router has
/// [`Uploads`](super::Uploads). The limits hold while the body arrives, and a file of another type than it claims is
/// refused within its first 4 KiB. All files are checked before the handler runs.
///
/// The body's own bound comes from `#[body]`, the limit of `web::hardened`, or neither: axum's default limit does not
/// apply. `max` of the policy must be below `max` of `#[body]`.
///
/// | fault | answer |
/// |---|---|
/// | the body is no form, or has a `Content-Encoding` | 415 `unsupported-media-type` |
/// | the form cannot be read | 400 `bad-request` |
/// | more than 32 text fields and empty inputs, or more than 64 KiB of text | 413 `form-too-large` |
/// | more files than `max_files` | 422 `too-many-files` |
/// | a longer file than `max` | 413 `file-too-large` |
/// | a name that could be a path, or deceives | 422 `file-name-refused` |
/// | content, extension, declared type and list disagree | 415 `file-type-refused` |
/// | an incomplete file, or something after its end | 422 `file-damaged` |
/// | too many pixels | 422 `image-too-large` |
/// | an archive with links, paths that climb, too many or too large entries | 422 `archive-refused` |
/// | the scanner refuses | 422 `file-refused` |
/// | no byte for 30 seconds | 408 `request-timeout` |
/// | the disk or the scanner fails | 503 `unavailable` |
pub struct Upload<P: UploadPolicy> {
    files: Vec<UploadedFile>,
    fields: Vec<(String, String)>,
    policy: PhantomData<fn() -> P>,
}

impl<P: UploadPolicy> Upload<P> {
    /// Returns the files, in the order of the form. A form may have no file.
    #[must_use]
    pub fn files(&self) -> &[UploadedFile] {
        &self.files
    }

    /// Returns the files, to persist them.
    #[must_use]
    pub fn into_files(self) -> Vec<UploadedFile> {
        self.files
    }

    /// Returns the first text field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields().find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// Returns the text fields, in the order of the form.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<P: UploadPolicy> fmt::Debug for Upload<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values of text fields may be secrets.
        f.debug_struct("Upload").field("files", &self.files).finish_non_exhaustive()
    }
}

impl<S: HasUploads + Send + Sync, P: UploadPolicy> FromRequest<S> for Upload<P> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (files, fields) = form::read(request, &state.uploads(), &P::RULES).await?;
        Ok(Self { files, fields, policy: PhantomData })
    }
}
