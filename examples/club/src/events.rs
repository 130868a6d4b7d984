use auth_runtime::{
    error::Failure,
    prelude::*,
    validate::{Invalid, date, plain_text},
};
use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use validator::Validate;

use crate::{
    club::Club,
    pages::{self, View},
    routes::Role,
};

#[derive(Deserialize, Validate)]
pub(crate) struct NewEvent {
    #[validate(custom(function = date, message = "must be a day"))]
    day: String,
    #[validate(
        length(min = 1, max = 100, message = "must have 1 to 100 characters"),
        custom(function = plain_text)
    )]
    title: String,
}

#[protected(via(session))]
#[require_role(Role::Member)]
pub(crate) async fn list(view: View, State(club): State<Club>) -> Result<Html<String>, Failure> {
    Ok(view.page("Events", pages::events(&view, &club.events().await?, None)))
}

#[protected(via(session))]
#[require_role(Role::Organiser)]
#[rate_limit(30/min, by = user)]
#[body(max = 16 KiB, within = 10 s)]
pub(crate) async fn add(
    view: View,
    State(club): State<Club>,
    sent: Result<Valid<Form<NewEvent>>, Invalid>,
) -> Result<Response, Failure> {
    let invalid = match sent {
        Ok(Valid(Form(NewEvent { day, title }))) => {
            club.add_event(&day, &title).await?;
            return Ok(Redirect::to("/events").into_response());
        }
        Err(invalid) => invalid,
    };
    let page = view.page("Events", pages::events(&view, &club.events().await?, Some(&invalid)));
    Ok((invalid.problem().status(), page).into_response())
}
