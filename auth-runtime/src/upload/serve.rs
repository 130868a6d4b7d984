use std::{
    io::{self, SeekFrom},
    path::Path,
};

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE, X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::{IntoResponse as _, Response},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::{fs::File, io::AsyncSeekExt as _};
use uuid::Uuid;

use crate::error::Problem;

use super::{ClientName, FileType, range::Range, refusal::disk, served_body::ServedBody};

/// Answers with a file that [`UploadedFile::persist`](super::UploadedFile::persist) has moved into `folder`.
///
/// `name` is the generated name. It may come from the request's path: other text than a generated name is 404.
/// `shown_name` is the name that the browser suggests, such as the client's. A name that is no [`ClientName`], or has
/// no extension of the file's type, is replaced by the generated one.
///
/// The browser saves the file and runs nothing of it: the answer has `Content-Disposition: attachment`,
/// `X-Content-Type-Options: nosniff` and `Content-Security-Policy: sandbox; default-src 'none'`. HTML and SVG are
/// `application/octet-stream`. A request for one range gets it; the answer to a request for more is the whole file.
///
/// The handler decides who gets the file, by its policy like any other:
///
/// ```
/// use auth_runtime::{error::Problem, upload::serve};
/// use axum::{extract::Path, http::HeaderMap, response::Response};
///
/// async fn photo(Path(name): Path<String>, request: HeaderMap) -> Result<Response, Problem> {
///     serve("/var/lib/gallery/photos", &name, "holiday.png", &request).await
/// }
/// ```
///
/// # Errors
/// Returns 404 `not-found` if the file does not exist, 416 `range-not-satisfiable` for a range outside the file, and
/// 503 `unavailable` if the disk fails.
pub async fn serve(
    folder: impl AsRef<Path>,
    name: &str,
    shown_name: &str,
    request: &HeaderMap,
) -> Result<Response, Problem> {
    let file_type = type_of_generated(name).ok_or_else(not_found)?;
    let (mut file, bytes) = open(&folder.as_ref().join(name)).await?;
    let etag = format!("\"{name}\"");
    let asked = |field| request.get(field).and_then(|value: &HeaderValue| value.to_str().ok());
    if asked(IF_NONE_MATCH).is_some_and(|tags| is_known(tags, &etag)) {
        return Ok(with_fields(StatusCode::NOT_MODIFIED, Body::empty(), file_type, name, shown_name));
    }
    // A generated name never gets another content, so an equal tag is an equal file.
    let is_same = asked(IF_RANGE).is_none_or(|known| known == etag);
    let range = asked(RANGE).filter(|_| is_same).map_or(Range::Whole, |range| Range::read(range, bytes));
    let (status, first, length, place) = match range {
        Range::Whole => (StatusCode::OK, 0, bytes, None),
        Range::Part { first, last } => {
            let length = last.saturating_sub(first).saturating_add(1);
            (StatusCode::PARTIAL_CONTENT, first, length, Some(format!("bytes {first}-{last}/{bytes}")))
        }
        Range::Unsatisfiable => return Ok(unsatisfiable(bytes)),
    };
    if first > 0 {
        file.seek(SeekFrom::Start(first)).await.map_err(|error| disk(error).answer(None))?;
    }
    let body = Body::new(ServedBody::new(file, length));
    let mut response = with_fields(status, body, file_type, name, shown_name);
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    if let Some(place) = place.and_then(|place| HeaderValue::try_from(place).ok()) {
        response.headers_mut().insert(CONTENT_RANGE, place);
    }
    Ok(response)
}

/// Returns whether the client has the file already (RFC 9110, section 13.1.2). `*` stands for any file.
fn is_known(tags: &str, etag: &str) -> bool {
    tags.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| [etag, "*"].contains(&tag))
}

/// Returns the type of a file with this generated name, or `None` for any other text.
fn type_of_generated(name: &str) -> Option<FileType> {
    let (id, extension) = name.split_once('.')?;
    let is_id = Uuid::try_parse(id).is_ok_and(|parsed| parsed.hyphenated().to_string() == id);
    FileType::of_extension(extension).filter(|file_type| is_id && file_type.extension() == extension)
}

/// Opens a file. A link is not a file.
async fn open(path: &Path) -> Result<(File, u64), Problem> {
    let opened = async {
        if !tokio::fs::symlink_metadata(path).await?.is_file() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let file = File::open(path).await?;
        let bytes = file.metadata().await?.len();
        Ok((file, bytes))
    };
    opened.await.map_err(|error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => not_found(),
        _ => disk(error).answer(None),
    })
}

fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here.")
}

fn unsatisfiable(bytes: u64) -> Response {
    let problem =
        Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range-not-satisfiable", "The file does not have this range.");
    let mut response = problem.into_response();
    if let Ok(length) = HeaderValue::try_from(format!("bytes */{bytes}")) {
        response.headers_mut().insert(CONTENT_RANGE, length);
    }
    response
}

fn with_fields(status: StatusCode, body: Body, file_type: FileType, name: &str, shown_name: &str) -> Response {
    let has_type = |shown: &ClientName| shown.extension().and_then(FileType::of_extension) == Some(file_type);
    let shown = ClientName::new(shown_name).ok().filter(has_type);
    let disposition = disposition(shown.as_ref().map_or(name, ClientName::as_str));
    let fields = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type(file_type))),
        // The text is printable ASCII.
        (CONTENT_DISPOSITION, HeaderValue::try_from(disposition).unwrap_or(HeaderValue::from_static("attachment"))),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (ACCEPT_RANGES, HeaderValue::from_static("bytes")),
    ];
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().extend(fields);
    if let Ok(tag) = HeaderValue::try_from(format!("\"{name}\"")) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Returns the media type under which a file is sent. Browsers run HTML and SVG, so these have no media type of their
/// own.
fn content_type(file_type: FileType) -> &'static str {
    match file_type {
        FileType::Html | FileType::Svg => "application/octet-stream",
        FileType::PlainText => "text/plain; charset=utf-8",
        FileType::Csv => "text/csv; charset=utf-8",
        other => other.media_type(),
    }
}

/// All characters but those of an `attr-char` (RFC 8187, section 3.2.1).
const NOT_IN_ATTRIBUTES: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Writes `attachment` with the name in both forms (RFC 6266): in ASCII for old clients, and in UTF-8.
fn disposition(name: &str) -> String {
    let ascii = name.chars().map(|char| match char {
        '"' | '\\' | '%' => '_',
        ' '..='~' => char,
        _ => '_',
    });
    let encoded = utf8_percent_encode(name, NOT_IN_ATTRIBUTES);
    format!("attachment; filename=\"{}\"; filename*=UTF-8''{encoded}", ascii.collect::<String>())
}
