use auth_runtime::{prelude::*, web::CspNonce};
use axum::{
    extract::State,
    response::{Html, Redirect},
};
use serde::{Deserialize, Serialize};

use crate::{
    App,
    mottos::{Mottos, MottosError},
    pages,
};

/// Sign-in, sessions and API keys are endpoints of `account::routes()`. The script of the pages calls them.
pub(crate) fn routes() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/", get(pages::page))
        .route("/keys", get(pages::page))
        .route("/page.js", get(pages::script))
        .route("/page.css", get(pages::style))
        .route("/motto", get(read_motto).post(set_motto))
        .route("/motto/print", get(print_motto))
        .route("/api/motto", get(motto_for_programs))
        .merge(account::routes())
}

#[derive(Deserialize, Serialize)]
struct Motto {
    motto: String,
}

/// For browsers. The guard refuses tokens and API keys.
#[protected(via(session))]
async fn read_motto(who: Identity, State(mottos): State<Mottos>) -> Result<Json<Motto>, MottosError> {
    Ok(Json(Motto { motto: mottos.of(who.subject()).await? }))
}

/// Takes an ordinary form. The guard refuses posts that other sites cause, without an attribute for it.
#[protected(via(session))]
#[rate_limit(30/min, by = user)]
async fn set_motto(
    who: Identity,
    State(mottos): State<Mottos>,
    Form(Motto { motto }): Form<Motto>,
) -> Result<Redirect, MottosError> {
    mottos.set(who.subject(), &motto).await?;
    Ok(Redirect::to("/"))
}

/// Shows a page to print. Only this page shows a text that a user typed, so it may do less than the others.
#[protected(via(session))]
#[csp(script_src(none), img_src(none), style_src(nonce))]
async fn print_motto(
    who: Identity,
    State(mottos): State<Mottos>,
    nonce: CspNonce,
) -> Result<Html<String>, MottosError> {
    Ok(pages::print(&mottos.of(who.subject()).await?, &nonce))
}

/// For the user's programs, which send one of the user's API keys.
#[protected(via(api_key))]
#[rate_limit(60/min, by = api_key)]
async fn motto_for_programs(who: Identity, State(mottos): State<Mottos>) -> Result<String, MottosError> {
    mottos.of(who.subject()).await
}
