use axum::{
    http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    response::Response,
};

/// Asserts that a response is a proper refusal with this status.
///
/// A 401 must carry a challenge, a 429 or 503 must tell when to retry, and each refusal must be a problem document.
///
/// ```no_run
/// # let response = axum::response::Response::new(axum::body::Body::empty());
/// auth_runtime::assert_denied!(response, 401);
/// ```
#[macro_export]
macro_rules! assert_denied {
    ($response:expr, $status:expr $(,)?) => {
        if let ::core::result::Result::Err(fault) = $crate::testing::denied(&$response, $status) {
            ::core::panic!("{fault}");
        }
    };
}

/// Checks that a response is a proper refusal. [`assert_denied!`](crate::assert_denied) calls this function.
///
/// # Errors
/// Returns a sentence about the first fault of the response.
pub fn denied<B>(response: &Response<B>, status: u16) -> Result<(), String> {
    if response.status().as_u16() != status {
        return Err(format!("expected {status}, the response is {}", response.status()));
    }
    let has = |name| response.headers().contains_key(name);
    if status == 401 && !has(WWW_AUTHENTICATE) {
        return Err("a 401 without a `WWW-Authenticate` challenge".to_owned());
    }
    if matches!(status, 429 | 503) && !has(RETRY_AFTER) {
        return Err(format!("a {status} without `Retry-After`"));
    }
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if media_type != Some("application/problem+json") {
        let what =
            media_type.map_or_else(|| "has no `Content-Type`".to_owned(), |media_type| format!("is {media_type}"));
        return Err(format!("a {status} that {what}, and is no problem document: answer with `error::Problem`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_status_is_no_proper_refusal() {
        let mut response = Response::builder().status(403).body(()).unwrap();
        let fault = denied(&response, 403).unwrap_err();
        assert_eq!(fault, "a 403 that has no `Content-Type`, and is no problem document: answer with `error::Problem`");
        response.headers_mut().insert(CONTENT_TYPE, "text/html".parse().unwrap());
        let fault = denied(&response, 403).unwrap_err();
        assert_eq!(fault, "a 403 that is text/html, and is no problem document: answer with `error::Problem`");
        response.headers_mut().insert(CONTENT_TYPE, "application/problem+json".parse().unwrap());
        assert_eq!(denied(&response, 403), Ok(()));
    }
}
