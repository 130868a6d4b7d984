//! Requests that HTTP/1.1 forbids a server to answer as usual, and that hyper passes on.

use axum::http::{
    HeaderMap, HeaderValue, Request, Version,
    header::{HOST, TRANSFER_ENCODING},
    uri::Authority,
};

use super::event::TARGET;
use crate::{
    error::{Document, fixed},
    web::HOST_INVALID,
};

const CODING_UNKNOWN: Document = fixed!(501, "transfer-coding-unknown", "The only transfer coding here is `chunked`.");

/// Returns the answer to a request that is not well-formed, or `None` for any other.
///
/// The name of the host is not compared with a list here: a service without `web::hardened` has no list.
pub(super) fn refusal<B>(request: &Request<B>) -> Option<Document> {
    let (reason, document) = if !has_one_host(request) {
        ("host", HOST_INVALID)
    } else if !has_known_coding(request.headers()) {
        ("transfer_coding", CODING_UNKNOWN)
    } else {
        return None;
    };
    tracing::debug!(target: TARGET, reason, "a request is refused");
    Some(document)
}

/// Returns whether the request has one `Host` field with a valid value. HTTP/1.0 and HTTP/2 need no such field (RFC
/// 9112, section 3.2).
fn has_one_host<B>(request: &Request<B>) -> bool {
    let mut fields = request.headers().get_all(HOST).iter();
    match (fields.next(), fields.next()) {
        (None, _) => request.version() != Version::HTTP_11,
        (Some(host), None) => is_host(host.as_bytes()),
        (Some(_), Some(_)) => false,
    }
}

/// Returns whether the value is empty, or a host with or without a port.
fn is_host(value: &[u8]) -> bool {
    value.is_empty() || !value.contains(&b'@') && Authority::try_from(value).is_ok()
}

/// Returns whether the body has no transfer coding but `chunked`, which hyper decodes. It would pass on the bytes of
/// any further one as if they were the content (RFC 9112, section 6.1).
fn has_known_coding(headers: &HeaderMap) -> bool {
    let mut fields = headers.get_all(TRANSFER_ENCODING).iter().map(HeaderValue::as_bytes);
    let is_chunked = |field: &[u8]| field.trim_ascii().eq_ignore_ascii_case(b"chunked");
    fields.next().is_none_or(is_chunked) && fields.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(version: Version, fields: &[(&str, &str)]) -> Option<&'static str> {
        let request = Request::builder().version(version);
        let request = fields.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        refusal(&request.body(()).unwrap()).map(|document| document.code)
    }

    #[test]
    fn a_request_of_http_1_1_has_one_host() {
        let invalid = Some("host-invalid");
        for (version, without) in [(Version::HTTP_10, None), (Version::HTTP_11, invalid), (Version::HTTP_2, None)] {
            assert_eq!(request(version, &[]), without, "{version:?}");
            for host in ["api.example.com", "my_service:3000", "[::1]:80", "127.0.0.1", ""] {
                assert_eq!(request(version, &[("host", host)]), None, "{version:?} {host}");
            }
            for host in ["a b", "user@api.example.com", "api.example.com/", "[::1", "a?b"] {
                assert_eq!(request(version, &[("host", host)]), invalid, "{version:?} {host}");
            }
            assert_eq!(request(version, &[("host", "a"), ("host", "a")]), invalid, "{version:?}");
        }
    }

    #[test]
    fn chunked_is_the_only_transfer_coding() {
        let coded = |codings: &[&str]| {
            let codings = codings.iter().map(|coding| ("transfer-encoding", *coding));
            request(Version::HTTP_11, &[("host", "a")].into_iter().chain(codings).collect::<Vec<_>>())
        };
        assert_eq!([&[][..], &["chunked"], &["Chunked"], &[" chunked "]].map(coded), [None; 4]);
        let unknown =
            [&["gzip, chunked"][..], &["gzip", "chunked"], &["chunked, chunked"], &["chunked", "chunked"], &[""]];
        assert_eq!(unknown.map(coded), [Some("transfer-coding-unknown"); 5]);
    }
}
