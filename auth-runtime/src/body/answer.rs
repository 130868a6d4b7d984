use core::mem;

use axum::{
    http::header::{
        CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_RANGE,
        CONTENT_TYPE, ETAG, HeaderName, LAST_MODIFIED, LOCATION, RETRY_AFTER, TRANSFER_ENCODING, WWW_AUTHENTICATE,
    },
    response::{IntoResponse as _, Response},
};

use crate::error::Document;

/// The fields that describe the content of an answer, or what its status asks for.
const OF_THE_ANSWER: [HeaderName; 13] = [
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
    CONTENT_RANGE,
    CONTENT_TYPE,
    ETAG,
    LAST_MODIFIED,
    LOCATION,
    RETRY_AFTER,
    TRANSFER_ENCODING,
    WWW_AUTHENTICATE,
];

/// Replaces an answer by the document. The fields of layers around the handler stay: cookies, limits, CORS.
pub(super) fn replace(response: &mut Response, document: Document) {
    let (parts, body) = document.into_response().into_parts();
    let headers = response.headers_mut();
    for name in OF_THE_ANSWER {
        headers.remove(name);
    }
    headers.extend(parts.headers);
    *response.status_mut() = parts.status;
    drop(mem::replace(response.body_mut(), body));
}
