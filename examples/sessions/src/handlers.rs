use auth_runtime::prelude::*;
use axum::{extract::State, middleware::map_response, response::Redirect};
use serde::{Deserialize, Serialize};

use crate::{
    App,
    mottos::{Mottos, MottosError},
    pages,
};

/// Signing in, the sessions and the API keys are all in `account::routes()`: the pages' script calls them.
pub(crate) fn routes() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/", get(pages::page))
        .route("/keys", get(pages::page))
        .route("/page.js", get(pages::script))
        .route("/page.css", get(pages::style))
        .route("/motto", get(read_motto).post(set_motto))
        .route("/api/motto", get(motto_for_programs))
        .merge(account::routes())
        .route_layer(map_response(pages::headers))
}

#[derive(Deserialize, Serialize)]
struct Motto {
    motto: String,
}

/// For the browser: tokens and API keys are refused.
#[protected(via(session))]
async fn read_motto(who: Identity, State(mottos): State<Mottos>) -> Result<Json<Motto>, MottosError> {
    Ok(Json(Motto { motto: mottos.of(who.subject()).await? }))
}

/// An ordinary form. Posts that other sites cause are refused before this runs, without a word about it here.
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

/// For the person's programs, with one of the person's API keys.
#[protected(via(api_key))]
#[rate_limit(60/min, by = api_key)]
async fn motto_for_programs(who: Identity, State(mottos): State<Mottos>) -> Result<String, MottosError> {
    mottos.of(who.subject()).await
}
