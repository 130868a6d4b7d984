use auth_runtime::{account::OwnPath, prelude::*};
use axum::{
    extract::State,
    http::{Method, header::SET_COOKIE},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    endpoints::{Endpoints, Visitor},
    pages::{self, View},
};

/// What the address of the page says. An attacker can write any address into a link.
#[derive(Deserialize)]
pub(crate) struct Visit {
    error: Option<String>,
    return_to: Option<String>,
    #[serde(default)]
    joined: bool,
}

/// The form posts to `/auth/session`, an endpoint of `AccountRoutes`, which answers with a redirect.
#[public(because = "members sign in here")]
pub(crate) async fn form(view: View, Query(visit): Query<Visit>) -> Html<String> {
    let message = match visit.error.as_deref() {
        None if visit.joined => "Your account is open. Sign in.",
        None => "",
        Some("invalid-credentials") => "The address or the password is wrong.",
        Some(_) => "Please try again later.",
    };
    // Without a way back that is a path of the club, `signed_in_page` of the engine says where to go.
    let back = visit.return_to.and_then(|path| OwnPath::parse(&path).ok());
    view.page("Sign in", pages::sign_in(message, back.as_ref()))
}

/// Signs out, and shows the first page. `POST /auth/logout` itself answers without a page.
#[protected(via(session))]
pub(crate) async fn sign_out(visitor: Visitor, State(endpoints): State<Endpoints>) -> Response {
    match endpoints.call(&visitor, Method::POST, "/auth/logout", Value::Null).await {
        Ok(answer) => {
            let mut response = Redirect::to("/").into_response();
            for cookie in answer.headers.get_all(SET_COOKIE) {
                response.headers_mut().append(SET_COOKIE, cookie.clone());
            }
            response
        }
        Err(refused) => refused.into_response(),
    }
}
