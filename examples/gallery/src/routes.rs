use auth_runtime::{error::Failure, prelude::*};
use axum::{
    extract::State,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    middleware::from_fn,
    response::{Html, IntoResponse},
};

use crate::{
    App, comments, join,
    pages::{self, View},
    pictures,
    shelf::Shelf,
};

#[derive(Role)]
pub(crate) enum Role {
    Moderator,
}

/// Sign-in and sign-out are endpoints of `account::routes()`, which the script of the pages calls.
pub(crate) fn routes() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/", get(home))
        .route("/join", get(join::form).post(join::join))
        .route("/sign-in", get(sign_in))
        .route("/pictures", get(pictures::form).post(pictures::add))
        .route("/pictures/{name}", get(pictures::show))
        .route("/pictures/{name}/file", get(pictures::file))
        .route("/pictures/{name}/delete", post(pictures::delete))
        .route("/pictures/{name}/comments", post(comments::add))
        .route_layer(from_fn(pages::refusals))
        .route("/page.js", get(script))
        .route("/page.css", get(style))
        .merge(account::routes())
}

/// Members see the pictures, and visitors where to join.
#[public(because = "visitors see a page without pictures")]
async fn home(view: View, State(shelf): State<Shelf>) -> Result<Html<String>, Failure> {
    let pictures = if view.who.is_some() { shelf.newest().await? } else { Vec::new() };
    Ok(view.page("Pictures", pages::home(&view, &pictures)))
}

#[public(because = "members sign in here")]
async fn sign_in(view: View) -> Html<String> {
    view.page("Sign in", pages::sign_in())
}

#[public(because = "it shows no data of a user")]
async fn script() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", include_str!("pages/page.js"))
}

#[public(because = "it shows no data of a user")]
async fn style() -> impl IntoResponse {
    asset("text/css; charset=utf-8", include_str!("pages/page.css"))
}

/// Browsers ask again before they use a stored file.
fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], text)
}
