use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;

use crate::{
    auth::HasAuth,
    csrf::CsrfKey,
    error::Problem,
    extract::{Form, expect_form, read},
};

use super::{GuardRejection, Rejection, csrf, identify};

/// A form that a page of the caller's own session has sent. The field `csrf_token` must be a
/// [`CsrfToken`](super::CsrfToken) of that session; otherwise the answer is 403. A body of another content type gets
/// 415. `T` does not see the field.
///
/// The guard judges the request by `Sec-Fetch-Site` and `Origin` before the body is read. Some browsers send neither
/// header. To serve them, exempt the handler with `#[csrf_exempt(because = "the form carries a token")]`: then the
/// token alone decides. Callers with a bearer token or an API key need no `csrf_token`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CsrfForm<T>(pub T);

impl<S: HasAuth + Send + Sync, T: DeserializeOwned> FromRequest<S> for CsrfForm<T> {
    type Rejection = CsrfFormRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, CsrfFormRejection> {
        let (parts, fields) = without_token(request, state).await?;
        let Form(value) = Form::from_request(Request::from_parts(parts, Body::from(fields)), state).await?;
        Ok(Self(value))
    }
}

/// Reads the form of a request, checks its token, and returns the form without it.
pub(crate) async fn without_token<S: HasAuth + Send + Sync>(
    request: Request,
    state: &S,
) -> Result<(Parts, Vec<u8>), CsrfFormRejection> {
    let auth = state.auth();
    let (mut parts, body) = request.into_parts();
    let key = csrf::key(&auth, &mut parts).await;
    let key = key.map_err(|rejection| identify::refuse(rejection, &auth, &mut parts))?;
    // In a body of another kind a token would be looked for in vain.
    expect_form(&parts)?;
    // axum keeps the body limit in the request parts.
    let body = read(Request::from_parts(parts.clone(), body), state).await?;
    let fields =
        fields(&body, key.as_ref()).map_err(|why| identify::refuse(Rejection::CrossSite(why), &auth, &mut parts))?;
    Ok((parts, fields))
}

/// The reason why a form was refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum CsrfFormRejection {
    /// The caller is unknown, or the form carries no token of the caller's session.
    GuardRejection(GuardRejection),
    /// The form cannot be read.
    Unreadable(Problem),
}

impl From<GuardRejection> for CsrfFormRejection {
    fn from(denied: GuardRejection) -> Self {
        Self::GuardRejection(denied)
    }
}

impl From<Problem> for CsrfFormRejection {
    fn from(problem: Problem) -> Self {
        Self::Unreadable(problem)
    }
}

impl IntoResponse for CsrfFormRejection {
    fn into_response(self) -> Response {
        match self {
            Self::GuardRejection(denied) => denied.into_response(),
            Self::Unreadable(problem) => problem.into_response(),
        }
    }
}

/// Returns the form without its token.
///
/// The function compares the raw text of the body, because a token has no character that forms escape.
///
/// # Errors
/// Returns the reason for the operator when the token is missing, given twice, or not of this session.
fn fields(body: &[u8], key: Option<&CsrfKey>) -> Result<Vec<u8>, &'static str> {
    let mut tokens = Vec::new();
    let mut others = Vec::new();
    for pair in body.split(|byte| *byte == b'&') {
        match pair.strip_prefix(b"csrf_token=") {
            Some(token) => tokens.push(token),
            None => others.push(pair),
        }
    }
    match (key, tokens.as_slice()) {
        (None, _) => {}
        (Some(key), [token]) if key.verifies(token) => {}
        (Some(_), []) => return Err("csrf_field_missing"),
        (Some(_), [_]) => return Err("csrf_field"),
        (Some(_), _) => return Err("csrf_field_twice"),
    }
    Ok(others.join(&b'&'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{secret::SystemEntropy, token::SessionSecret};

    fn text(body: &str, key: Option<&CsrfKey>) -> Result<String, &'static str> {
        fields(body.as_bytes(), key).map(|fields| String::from_utf8(fields).unwrap())
    }

    #[test]
    fn one_good_token_is_taken_out() {
        let key = CsrfKey::of(&SessionSecret::mint(&SystemEntropy::new()).unwrap());
        let token = key.mint(&SystemEntropy::new()).unwrap();
        let plain = Ok("a=1&b=%20".to_owned());
        for body in ["csrf_token=T&a=1&b=%20", "a=1&csrf_token=T&b=%20", "a=1&b=%20&csrf_token=T"] {
            assert_eq!(text(&body.replace('T', &token), Some(&key)), plain, "{body}");
        }
        for (body, why) in [
            ("", "csrf_field_missing"),
            ("a=1", "csrf_field_missing"),
            ("csrf_token", "csrf_field_missing"),
            ("xcsrf_token=T", "csrf_field_missing"),
            ("csrf_token=", "csrf_field"),
            ("csrf_token=TT", "csrf_field"),
            ("csrf_token=T&csrf_token=T", "csrf_field_twice"),
        ] {
            assert_eq!(text(&body.replace('T', &token), Some(&key)), Err(why), "{body}");
        }
    }

    #[test]
    fn requests_without_a_cookie_need_no_token() {
        assert_eq!(text("a=1&csrf_token=x", None), Ok("a=1".to_owned()));
    }
}
