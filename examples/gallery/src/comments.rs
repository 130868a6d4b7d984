use auth_runtime::{
    error::Failure,
    prelude::*,
    validate::{Invalid, plain_lines},
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use validator::Validate;

use crate::{
    pages::{self, View},
    pictures::no_picture,
    shelf::Shelf,
};

/// A comment as it was written, perhaps with HTML. The page sanitises it each time, by the rules of that time.
#[derive(Deserialize, Validate)]
pub(crate) struct NewComment {
    #[validate(
        length(min = 1, max = 2_000, message = "write 1 to 2,000 characters"),
        custom(function = plain_lines)
    )]
    text: String,
}

#[protected(via(session))]
#[rate_limit(10/min, by = user)]
#[body(max = 16 KiB, within = 10 s)]
pub(crate) async fn add(
    view: View,
    Path(name): Path<String>,
    CurrentUser(member): CurrentUser<Account>,
    State(shelf): State<Shelf>,
    sent: Result<Valid<Form<NewComment>>, Invalid>,
) -> Result<Response, Failure> {
    let picture = shelf.picture(&name).await?.ok_or_else(no_picture)?;
    let invalid = match sent {
        Ok(Valid(Form(comment))) => {
            shelf.add_comment(&picture.name, &member.username, &comment.text).await?;
            return Ok(Redirect::to(&format!("/pictures/{}", picture.name)).into_response());
        }
        Err(invalid) => invalid,
    };
    let comments = shelf.comments(&picture.name).await?;
    let content = pages::picture(&view, &picture, &comments, Some(&invalid));
    Ok((invalid.problem().status(), view.page(&picture.shown_name, content)).into_response())
}
