use axum::http::{HeaderMap, HeaderValue, Uri, header::AUTHORIZATION};

use super::AuthnError;

/// Returns the token of `Authorization: Bearer`, if there is one (RFC 6750, section 2.1).
///
/// Another scheme counts as no credential. A token in the query is never accepted as a credential; beside a token in
/// the header it counts as a second transport.
pub(crate) fn bearer<'r>(headers: &'r HeaderMap, uri: &Uri) -> Result<Option<&'r str>, AuthnError> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let Some(field) = fields.next() else { return Ok(None) };
    if fields.next().is_some() {
        return Err(AuthnError::Malformed("two_authorization_fields"));
    }
    let Some(token) = token(field)? else { return Ok(None) };
    if uri.query().is_some_and(names_access_token) {
        return Err(AuthnError::Malformed("token_in_query"));
    }
    Ok(Some(token))
}

fn token(field: &HeaderValue) -> Result<Option<&str>, AuthnError> {
    // The token parser rejects non-ASCII bytes; checking here would cost every valid request.
    let Ok(text) = core::str::from_utf8(field.as_bytes()) else {
        return Err(AuthnError::Malformed("authorization_not_ascii"));
    };
    let end = memchr::memchr(b' ', text.as_bytes()).unwrap_or(text.len());
    let (scheme, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    let token = rest.trim_matches(' ');
    if token.is_empty() {
        return Err(AuthnError::Malformed("bearer_syntax"));
    }
    Ok(Some(token))
}

/// Finds the API key in `X-API-Key`.
pub(super) fn api_key(headers: &HeaderMap) -> Result<Option<&str>, AuthnError> {
    let mut fields = headers.get_all("x-api-key").iter();
    let Some(field) = fields.next() else { return Ok(None) };
    if fields.next().is_some() {
        return Err(AuthnError::Malformed("two_api_key_fields"));
    }
    match field.to_str() {
        Ok(key) if !key.is_empty() => Ok(Some(key)),
        _ => Err(AuthnError::Malformed("api_key_syntax")),
    }
}

/// Explains why a token was refused. A token with invalid syntax makes the request malformed (RFC 6750, section 3.1),
/// not unauthenticated. Only refused tokens are examined, because an accepted token has no other characters.
pub(super) fn refused(token: &str, reason: &'static str) -> AuthnError {
    if token.bytes().all(is_token68) { AuthnError::Invalid(reason) } else { AuthnError::Malformed("bearer_syntax") }
}

/// Returns whether `b64token` of RFC 6750, section 2.1, allows the byte.
fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

fn names_access_token(query: &str) -> bool {
    query.split('&').any(|pair| pair.split('=').next() == Some("access_token"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[&str], uri: &str) -> Result<Option<String>, &'static str> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(field.as_bytes()).unwrap());
        }
        match bearer(&headers, &uri.parse().unwrap()) {
            Ok(token) => Ok(token.map(str::to_owned)),
            Err(AuthnError::Malformed(reason)) => Err(reason),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_scheme_is_case_insensitive_and_spaces_may_repeat() {
        for field in ["Bearer abc", "bearer abc", "BEARER  abc", "bEaReR   abc "] {
            assert_eq!(read(&[field], "/"), Ok(Some("abc".to_owned())), "{field}");
        }
    }

    #[test]
    fn absent_is_not_bad() {
        assert_eq!(read(&[], "/?access_token=x"), Ok(None));
        assert_eq!(read(&["Basic YTpi"], "/"), Ok(None));
        assert_eq!(read(&["BearerX abc"], "/"), Ok(None));
    }

    #[test]
    fn malformed_fields_are_refused() {
        for field in ["Bearer", "Bearer ", "Bearer    "] {
            assert_eq!(read(&[field], "/"), Err("bearer_syntax"), "{field}");
        }
    }

    #[test]
    fn a_refused_token_is_malformed_if_it_is_none_by_its_syntax() {
        for token in ["a b", "a,b", "\"abc\"", "a\tb", "caf\u{e9}"] {
            assert!(matches!(refused(token, "shape"), AuthnError::Malformed("bearer_syntax")), "{token}");
        }
        assert!(matches!(refused("a.b-c_d~e+f/g=", "shape"), AuthnError::Invalid("shape")));
    }

    #[test]
    fn two_transports_are_refused() {
        assert_eq!(read(&["Bearer a", "Bearer a"], "/"), Err("two_authorization_fields"));
        assert_eq!(read(&["Bearer a", "Basic b"], "/"), Err("two_authorization_fields"));
        assert_eq!(read(&["Bearer a"], "/?x=1&access_token=b"), Err("token_in_query"));
    }
}
