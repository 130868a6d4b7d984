use axum::http::StatusCode;
use tracing::Level;

use crate::error::{Problem, UNAVAILABLE};

/// Why an upload is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NotAForm,
    /// The body has a content coding. It is not decoded here, so its size would not be the size of the files.
    Encoded,
    FormMalformed,
    FormTooLarge,
    BodyTooLarge,
    Stalled,
    TooManyFiles,
    FileTooLarge,
    NameRefused,
    TypeNotAllowed,
    TypeDisagrees,
    TypeAmbiguous,
    Damaged,
    ImageTooLarge,
    ArchiveRefused,
    ScannerRefused,
    /// The disk or the scanner failed. An event has the error.
    Failed,
}

impl Refusal {
    fn reason(self) -> &'static str {
        match self {
            Self::NotAForm => "not_a_form",
            Self::Encoded => "body_encoded",
            Self::FormMalformed => "form_malformed",
            Self::FormTooLarge => "form_too_large",
            Self::BodyTooLarge => "body_too_large",
            Self::Stalled => "upload_stalled",
            Self::TooManyFiles => "too_many_files",
            Self::FileTooLarge => "file_too_large",
            Self::NameRefused => "file_name_refused",
            Self::TypeNotAllowed => "file_type_not_allowed",
            Self::TypeDisagrees => "file_type_disagrees",
            Self::TypeAmbiguous => "file_type_ambiguous",
            Self::Damaged => "file_damaged",
            Self::ImageTooLarge => "image_too_large",
            Self::ArchiveRefused => "archive_refused",
            Self::ScannerRefused => "scanner_refused",
            Self::Failed => "unavailable",
        }
    }

    fn problem(self) -> Problem {
        match self {
            Self::NotAForm => Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The body must be `multipart/form-data`.",
            ),
            Self::Encoded => Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The body must have no content coding.",
            ),
            Self::FormMalformed => Problem::new(StatusCode::BAD_REQUEST, "bad-request", "The form could not be read."),
            Self::FormTooLarge => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "form-too-large",
                "The form has too many or too long fields.",
            ),
            Self::BodyTooLarge => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "payload-too-large", "The body is too large.")
            }
            Self::Stalled => {
                Problem::new(StatusCode::REQUEST_TIMEOUT, "request-timeout", "The body did not arrive in time.")
            }
            Self::TooManyFiles => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too-many-files", "The form has too many files.")
            }
            Self::FileTooLarge => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file-too-large", "The file is too large.")
            }
            Self::NameRefused => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "file-name-refused",
                "The name of the file is not allowed.",
            ),
            Self::TypeNotAllowed | Self::TypeDisagrees | Self::TypeAmbiguous => Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "file-type-refused",
                "The file is not of an allowed type.",
            ),
            Self::Damaged => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "file-damaged", "The file is damaged or incomplete.")
            }
            Self::ImageTooLarge => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "image-too-large", "The image has too many pixels.")
            }
            Self::ArchiveRefused => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "archive-refused", "The archive is not allowed.")
            }
            Self::ScannerRefused => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "file-refused", "The file was refused.")
            }
            Self::Failed => UNAVAILABLE.problem(),
        }
    }

    /// Writes the event and returns the answer. `file` is the place of the file in the form, from 1.
    pub(super) fn answer(self, file: Option<u32>) -> Problem {
        if self != Self::Failed {
            tracing::event!(
                target: "auth_runtime::upload", Level::INFO, outcome = "refused", reason = self.reason(), file,
            );
        }
        match file {
            Some(file) if self != Self::Failed => self.problem().with_detail(format!("It is file {file} of the form.")),
            _ => self.problem(),
        }
    }
}

/// Writes the event of a failure of the disk or the scanner.
pub(super) fn failed(part: &'static str, error: &dyn core::error::Error) -> Refusal {
    let error = error.to_string();
    tracing::event!(
        target: "auth_runtime::upload", Level::ERROR, outcome = "failed", reason = "unavailable", store = part, error,
    );
    Refusal::Failed
}

/// Turns an error of the disk into a refusal.
pub(super) fn disk(error: std::io::Error) -> Refusal {
    failed("upload_disk", &error)
}

/// Turns an error of reading into a refusal. A file that ends too early is damaged. Other errors are those of the disk.
pub(super) fn ended(error: std::io::Error) -> Refusal {
    if error.kind() == std::io::ErrorKind::UnexpectedEof { Refusal::Damaged } else { disk(error) }
}
