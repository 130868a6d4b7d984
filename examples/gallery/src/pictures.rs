use auth_runtime::{
    error::{Failure, Problem},
    prelude::*,
    upload::{Upload, UploadPolicy, serve},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
};

use crate::{
    pages::{self, View},
    routes::Role,
    shelf::{Picture, Shelf},
};

/// What an upload may have. A file is of one of the types by its first bytes, its name and its declared type.
#[derive(UploadPolicy)]
#[upload(max = "5 MiB", types("image/png", "image/jpeg", "image/gif", "image/webp"), max_files = 3)]
pub(crate) struct Pictures;

#[protected(via(session))]
pub(crate) async fn form(view: View) -> Html<String> {
    view.page("Show pictures", pages::upload(None))
}

/// Takes up to three pictures. Nothing of a refused upload is kept, and the page says why.
#[protected(via(session))]
#[rate_limit(20/hour, by = user)]
#[body(max = 16 MiB, within = 60 s)]
pub(crate) async fn add(
    view: View,
    CurrentUser(member): CurrentUser<Account>,
    State(shelf): State<Shelf>,
    sent: Result<Upload<Pictures>, Problem>,
) -> Result<Response, Failure> {
    let problem = match sent {
        Ok(upload) if !upload.files().is_empty() => {
            for file in upload.into_files() {
                shelf.add_picture(&member, file).await?;
            }
            return Ok(Redirect::to("/").into_response());
        }
        Ok(_) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-file", "Choose a picture first."),
        Err(problem) => problem,
    };
    Ok((problem.status(), view.page("Show pictures", pages::upload(Some(&problem)))).into_response())
}

#[protected(via(session))]
pub(crate) async fn show(
    view: View,
    Path(name): Path<String>,
    State(shelf): State<Shelf>,
) -> Result<Html<String>, Failure> {
    let picture = shelf.picture(&name).await?.ok_or_else(no_picture)?;
    let comments = shelf.comments(&name).await?;
    Ok(view.page(&picture.shown_name, pages::picture(&view, &picture, &comments, None)))
}

/// Sends the file itself. The fields of the answer let a page show it as a picture, and nothing in it run.
#[protected(via(session))]
#[rate_limit(600/min, by = user)]
pub(crate) async fn file(
    Path(name): Path<String>,
    State(shelf): State<Shelf>,
    request: HeaderMap,
) -> Result<Response, Failure> {
    let Picture { name, shown_name, .. } = shelf.picture(&name).await?.ok_or_else(no_picture)?;
    Ok(serve(shelf.folder(), &name, &shown_name, &request).await?)
}

/// Passes if the caller has uploaded the picture.
#[check]
async fn owns_picture(who: Identity, Path(name): Path<String>, State(shelf): State<Shelf>) -> Result<bool, Failure> {
    Ok(shelf.picture(&name).await?.is_some_and(|picture| picture.owner == who.subject()))
}

/// Members delete their own pictures, moderators all. The guard refuses forms of other sites.
#[authorize(role(Role::Moderator) || check(owns_picture))]
pub(crate) async fn delete(Path(name): Path<String>, State(shelf): State<Shelf>) -> Result<Redirect, Failure> {
    shelf.delete_picture(&name).await?;
    Ok(Redirect::to("/"))
}

pub(crate) fn no_picture() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "no-picture", "There is no such picture.")
}
