use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{LOCATION, SET_COOKIE},
    },
    response::{IntoResponse, Response},
};

use crate::{
    account::{answer::rejection::EndpointRejection, request::sign_in_body::WayBack},
    auth::Auth,
    error::Problem,
    session::OwnPath,
};

/// Sends a browser that has signed in to where its form asked, or to the application's page.
pub(super) fn signed_in(auth: &Auth, WayBack(back): WayBack, cookie: HeaderValue) -> Response {
    let to = back.unwrap_or_else(|| auth.account_rules().signed_in_page.clone());
    let mut response = see(to.as_str());
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// Sends a browser back to the sign-in page, which reads the code of the problem from `error`. An application without
/// such a page gets the problem itself.
pub(super) fn refused(auth: &Auth, WayBack(back): WayBack, rejection: EndpointRejection) -> Response {
    let Some(page) = &auth.account_rules().sign_in_page else { return rejection.into_json(auth) };
    let mut to = format!("{page}?error={}", Problem::from(rejection).code());
    if let Some(back) = back {
        to.push_str("&return_to=");
        to.push_str(&encoded(&back));
    }
    see(&to)
}

/// Answers 303, after which a browser fetches the page by `GET`.
fn see(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        // An own path is visible ASCII, so this does not happen.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Returns the path as the value of a query's parameter: all characters but the unreserved ones (RFC 3986) and `/` are
/// encoded.
fn encoded(path: &OwnPath) -> String {
    let mut text = String::with_capacity(path.as_str().len());
    for char in path.as_str().chars() {
        if char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | '_' | '~' | '/') {
            text.push(char);
        } else {
            // The path is ASCII, so each character is one byte.
            text.push_str(&format!("%{:02X}", u32::from(char)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_back_is_one_parameter() {
        let path = OwnPath::parse("/a-b_c.d~?x=1&error=no#%20+").unwrap();
        assert_eq!(encoded(&path), "/a-b_c.d~%3Fx%3D1%26error%3Dno%23%2520%2B");
    }
}
