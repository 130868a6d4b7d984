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

/// Sends a browser that has signed in to where its form asked, or to the application's page. A person who must set a
/// new password goes to the page for that first.
pub(super) fn signed_in(
    auth: &Auth,
    WayBack(back): WayBack,
    cookie: HeaderValue,
    password_change_required: bool,
) -> Response {
    let mut response = if password_change_required {
        see(&way_to_a_new_password(auth, back))
    } else {
        see(back.as_ref().unwrap_or(&auth.account_rules().signed_in_page).as_str())
    };
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// Returns the page where the person sets a new password, with the way back. Without such a page, the usual page is
/// told by a parameter, as a script is by a member of its answer.
fn way_to_a_new_password(auth: &Auth, back: Option<OwnPath>) -> String {
    let rules = auth.account_rules();
    match &rules.password_change_page {
        Some(page) => match back {
            Some(back) => page.with_parameter(RETURN_TO, &back.to_query_value()),
            None => page.to_string(),
        },
        None => back.as_ref().unwrap_or(&rules.signed_in_page).with_parameter("password_change_required", "true"),
    }
}

/// Sends a browser back to the sign-in page, which reads the code of the problem from `error`. An application without
/// such a page gets the problem itself.
pub(super) fn refused(auth: &Auth, WayBack(back): WayBack, rejection: EndpointRejection) -> Response {
    let Some(page) = &auth.account_rules().sign_in_page else { return rejection.into_json(auth) };
    let mut to = page.with_parameter("error", Problem::from(rejection).code());
    if let Some(back) = back {
        // The page has a query by now.
        to.push_str(&format!("&{RETURN_TO}={}", back.to_query_value()));
    }
    see(&to)
}

/// The parameter that carries the way back, as in the form.
const RETURN_TO: &str = "return_to";

/// Answers 303, after which a browser fetches the page by `GET`.
fn see(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        // An own path is visible ASCII, so this does not happen.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
