use core::{error::Error, time::Duration};

use axum::body::Bytes;
use http_body_util::LengthLimitError;
use multer::Field;
use tokio::time::timeout;

use super::{pieces::HeadTooLong, refusal::Refusal};

/// How long a client may send nothing.
pub(super) const STALL: Duration = Duration::from_secs(30);

/// A part of a form: a file if it has a file's name, or a text field.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) declared: Option<String>,
    first: Option<Bytes>,
    field: Field<'static>,
}

impl Part {
    pub(super) fn new(name: String, declared: Option<String>, field: Field<'static>) -> Self {
        Self { name, file_name: field.file_name().map(str::to_owned), declared, first: None, field }
    }

    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let chunk = timeout(STALL, self.field.chunk()).await.map_err(|_| Refusal::Stalled)?;
        chunk.map_err(|error| of_error(&error))
    }

    /// Returns whether this is an input for files that the user left empty: no name, and no content.
    pub(super) async fn is_unused_input(&mut self) -> Result<bool, Refusal> {
        if self.file_name.as_deref() != Some("") {
            return Ok(false);
        }
        while let Some(bytes) = self.next().await? {
            if !bytes.is_empty() {
                self.first = Some(bytes);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the name and the text of a text field.
    pub(super) async fn text(mut self, room: usize) -> Result<(String, String), Refusal> {
        let mut text = Vec::new();
        while let Some(bytes) = self.next().await? {
            if text.len().saturating_add(bytes.len()) > room {
                return Err(Refusal::FormTooLarge);
            }
            text.extend_from_slice(&bytes);
        }
        Ok((self.name, String::from_utf8(text).map_err(|_| Refusal::FormMalformed)?))
    }
}

/// Tells the bounds of the body from mistakes of the form.
pub(super) fn of_error(error: &multer::Error) -> Refusal {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Refusal::BodyTooLarge;
        }
        if error.is::<HeadTooLong>() {
            return Refusal::FormTooLarge;
        }
        cause = error.source();
    }
    Refusal::FormMalformed
}
